//! No input costs more than a constant factor of itself (R-LAW-7 of docs/rules.md): allocations and bytes at one size and at 16 times
//! that size, for each reader, each writer, the budget and the builders.

use allocation_counter::measure;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use errwire::{Error, ReadOptions, Translator, WriteGrpcOptions, WriteHttpOptions, kinds, wire::grpc::Received};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::inputs::{
    BODIES, BUDGETS, LONG, N, SORTS, STEPS, list, response, translator, with_details, write_everywhere,
};

/// The larger of the two ratios by which allocations and bytes grow when the input grows 16-fold. What is linear gives 16; a vector
/// that doubles may have twice the room that it needs.
fn assert_linear<I>(name: &str, input: impl Fn(usize) -> I, run: impl Fn(&I)) {
    let cost = |n| {
        let input = input(n);
        // The first run fills what is made once.
        run(&input);
        let cost = measure(|| run(&input));
        [cost.count_total, cost.bytes_total]
    };
    let (small, large) = (cost(N), cost(16 * N));
    for (what, small, large) in [("allocations", small[0], large[0]), ("bytes", small[1], large[1])] {
        assert!(large <= 32 * small.max(1), "{name}: {small} {what} at {N}, {large} at {}", 16 * N);
    }
}

#[test]
fn readers_of_http() {
    for (name, status, media, body) in BODIES {
        let input = |n| response(status, media, body(n));
        assert!(input(16 * N).body().len() <= 64 * 1_024, "{name}: all of it is read");
        assert_linear(name, input, |response| {
            let error = Translator::default().read_http(response).unwrap();
            assert_eq!(error.status().as_u16(), status);
        });
    }
}

#[test]
fn readers_of_header_fields() {
    let rows: [(&str, &str, fn(usize) -> String); 6] = [
        ("link", "link", |n| list(n, |n| format!("<https://a.example/{n}>; rel=help"))),
        ("www-authenticate", "www-authenticate", |n| list(n, |n| format!("Basic realm=\"{n}\""))),
        ("allow", "allow", |n| list(n, |_| "GET".to_owned())),
        ("retry-after", "retry-after", |n| "1".repeat(n)),
        ("x-request-id", "x-request-id", |n| "r".repeat(n)),
        ("content-language", "content-language", |n| list(n, |_| "de".to_owned())),
    ];
    for (name, field, value) in rows {
        for one in [true, false] {
            let input = |n: usize| {
                let mut response = response(401, "application/json", r#"{"kind":"a_kind","message":"m"}"#);
                let (each, lines) = if one { (value(n), 1) } else { (value(1), n) };
                for _ in 0..lines {
                    response.headers_mut().append(HeaderName::from_static(field), each.parse().unwrap());
                }
                response
            };
            assert_linear(name, input, |response| {
                let translator = Translator::default();
                translator.write_http(&translator.read_http(response).unwrap());
            });
        }
    }
}

#[test]
fn readers_of_what_a_caller_accepts() {
    let error = Error::new(kinds::TASK_NOT_FOUND);
    let rows: [(&str, fn(usize) -> String); 3] = [
        ("languages", |n| list(n, |n| format!("de-x-{n};q=0.5"))),
        ("media types", |n| list(n, |n| format!("application/x-{n};q=0.5"))),
        ("blanks", |n| " ".repeat(n)),
    ];
    for (name, value) in rows {
        assert_linear(name, value, |value| {
            let options = WriteHttpOptions::default().with_accept_language(value).with_accept(value);
            Translator::default().write_http_with(&error, &options);
            Translator::default().write_grpc_with(&error, &WriteGrpcOptions::default().with_accept_language(value));
        });
    }
}

#[test]
fn readers_of_grpc() {
    for (name, sort) in SORTS {
        let input = |n| {
            let mut headers = HeaderMap::new();
            translator(usize::MAX).write_grpc(&with_details(sort, n)).write_to(&mut headers);
            headers
        };
        assert_linear(name, input, |headers| {
            let received = Received::from_headers(headers);
            Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap();
        });
    }
    let rows: [(&str, &str, fn(usize) -> String); 5] = [
        ("a message", "grpc-message", |n| "%E2%98%BA and more".repeat(n)),
        ("broken escapes", "grpc-message", |n| "%".repeat(n)),
        ("a code", "grpc-status", |n| "1".repeat(n)),
        ("many values of details", "grpc-status-details-bin", |n| list(n, |_| "@@@".to_owned())),
        ("garbage as details", "grpc-status-details-bin", |n| STANDARD_NO_PAD.encode(vec![0x1a; n])),
    ];
    for (name, field, value) in rows {
        let input = |n| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-status", HeaderValue::from_static("5"));
            headers.insert(HeaderName::from_static(field), value(n).parse().unwrap());
            headers
        };
        assert_linear(name, input, |headers| {
            let received = Received::from_headers(headers);
            Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap();
        });
    }
}

#[test]
fn writers_and_the_budget() {
    for translator in BUDGETS.map(translator) {
        for (name, sort) in SORTS {
            assert_linear(name, |n| with_details(sort, n), |error| write_everywhere(&translator, error));
        }
        for (name, error) in LONG {
            assert_linear(name, error, |error| write_everywhere(&translator, error));
        }
    }
}

#[test]
fn builders() {
    for (name, start, step) in STEPS {
        assert_linear(
            name,
            |n| n,
            |n| {
                let error = (0..*n).fold(start(), step);
                assert!(!error.metadata().is_empty() || !error.details().is_empty());
            },
        );
    }
}
