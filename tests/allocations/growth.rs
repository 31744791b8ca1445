//! No input costs more than a constant factor of itself (R-LAW-7 of docs/rules.md): allocations and bytes at one size and at 16 times
//! that size, for each reader, each writer, the budget and the builders.

use allocation_counter::measure;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Audience, Catalog, Detail, Dialect, Error, Policy, ReadOptions, Translator, WriteGrpcOptions, WriteHttpOptions,
    kinds, rpc,
    wire::grpc::{Received, Status},
};
use http::{HeaderMap, HeaderName, HeaderValue, Response};

/// The smaller size, in items. 16 times as many of the longest ones fit the 64 KiB of a body that are read.
const N: usize = 80;

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

fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(",")
}

fn response(status: u16, media: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status.try_into().unwrap();
    response.headers_mut().insert("content-type", HeaderValue::from_static(media));
    response
}

#[test]
fn readers_of_http() {
    const JSON: &str = "application/json";
    type Row = (&'static str, u16, &'static str, fn(usize) -> String);
    let rows: [Row; 20] = [
        ("kind_message", 404, JSON, |n| {
            let details = list(n, |_| r#"{"@type":"google.rpc.Help"}"#.to_owned());
            format!(r#"{{"kind":"a_kind","message":"m","details":[{details}]}}"#)
        }),
        ("kind_message, metadata of a detail", 404, JSON, |n| {
            let entries = list(n, |n| format!(r#""key_{n}":"value""#));
            let info = format!(r#"{{"@type":"google.rpc.ErrorInfo","reason":"A_B","metadata":{{{entries}}}}}"#);
            format!(r#"{{"kind":"a_kind","message":"m","details":[{info}]}}"#)
        }),
        ("kind_message, unknown members", 404, JSON, |n| {
            format!(r#"{{"kind":"a_kind","message":"m",{}}}"#, list(n, |n| format!(r#""member_{n}":{n}"#)))
        }),
        ("google", 404, JSON, |n| {
            let details = list(n, |_| r#"{"@type":"google.rpc.Help"}"#.to_owned());
            format!(r#"{{"error":{{"code":404,"message":"m","status":"NOT_FOUND","details":[{details}]}}}}"#)
        }),
        ("google, mistyped details", 404, JSON, |n| {
            let details = list(n, |_| r#"{"@type":"google.rpc.Help","x":1}"#.to_owned());
            format!(r#"{{"error":{{"code":404,"message":"m","status":"NOT_FOUND","details":[{details}]}}}}"#)
        }),
        ("connect", 404, JSON, |n| {
            let details = list(n, |_| r#"{"type":"a.B","value":"CAE"}"#.to_owned());
            format!(r#"{{"code":"not_found","message":"m","details":[{details}]}}"#)
        }),
        ("grpc_gateway", 404, JSON, |n| {
            let details = list(n, |_| r#"{"@type":"google.rpc.Help"}"#.to_owned());
            format!(r#"{{"code":5,"message":"m","details":[{details}]}}"#)
        }),
        ("twirp", 404, JSON, |n| {
            format!(r#"{{"code":"not_found","msg":"m","meta":{{{}}}}}"#, list(n, |n| format!(r#""key_{n}":"value""#)))
        }),
        ("kratos", 404, JSON, |n| {
            let metadata = list(n, |n| format!(r#""key_{n}":"value""#));
            format!(r#"{{"code":404,"reason":"A_B","message":"m","metadata":{{{metadata}}}}}"#)
        }),
        ("problem", 400, "application/problem+json", |n| {
            let errors = list(n, |n| format!(r#"{{"name":"a{n}","reason":"bad"}}"#));
            format!(r#"{{"title":"t","status":400,"invalid-params":[{errors}]}}"#)
        }),
        ("graphql", 400, JSON, |n| {
            format!(r#"{{"errors":[{}]}}"#, list(n, |_| r#"{"message":"a message"}"#.to_owned()))
        }),
        ("json_api", 422, "application/vnd.api+json", |n| {
            let error = |n| format!(r#"{{"code":"c","source":{{"pointer":"/data/{n}"}}}}"#);
            format!(r#"{{"errors":[{}]}}"#, list(n, error))
        }),
        ("FastAPI", 422, JSON, |n| {
            format!(r#"{{"detail":[{}]}}"#, list(n, |n| format!(r#"{{"loc":["body",{n}],"msg":"bad"}}"#)))
        }),
        ("Laravel", 422, JSON, |n| {
            format!(r#"{{"message":"m","errors":{{{}}}}}"#, list(n, |n| format!(r#""field_{n}":["is bad"]"#)))
        }),
        ("Django", 400, JSON, |n| format!("{{{}}}", list(n, |n| format!(r#""field_{n}":["is bad"]"#)))),
        ("an object of nothing known", 404, JSON, |n| format!("{{{}}}", list(n, |n| format!(r#""a_{n}":{{"b":1}}"#)))),
        ("a list", 404, JSON, |n| format!("[{}]", list(n, |n| format!(r#"{{"a":{n}}}"#)))),
        ("objects inside objects", 404, JSON, |n| "{\"a\":".repeat(n) + "1" + &"}".repeat(n)),
        ("HTML", 502, "text/html", |n| "<p>A page.</p><br/> &amp; ".repeat(n)),
        ("text", 502, "text/plain", |n| "what a proxy says\n".repeat(n)),
    ];
    for (name, status, media, body) in rows {
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

/// `n` details of each sort.
const SORTS: [(&str, fn(usize) -> Detail); 9] = [
    ("ErrorInfo", |n| rpc::ErrorInfo { reason: format!("A_B{n}"), domain: "a.b".into(), ..Default::default() }.into()),
    ("DebugInfo", |n| rpc::DebugInfo { detail: n.to_string(), ..Default::default() }.into()),
    ("BadRequest", |n| {
        let violation = rpc::bad_request::FieldViolation { field: n.to_string(), ..Default::default() };
        rpc::BadRequest { field_violations: vec![violation] }.into()
    }),
    ("Help", |n| {
        let link = rpc::help::Link { description: String::new(), url: format!("https://a.example/{n}") };
        rpc::Help { links: vec![link] }.into()
    }),
    ("LocalizedMessage", |n| rpc::LocalizedMessage { locale: format!("de-x-{n}"), message: "m".into() }.into()),
    ("RetryInfo", |n| {
        let seconds = i64::try_from(n).unwrap();
        rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds, nanos: 0 }) }.into()
    }),
    ("RequestInfo", |n| rpc::RequestInfo { request_id: n.to_string(), ..Default::default() }.into()),
    ("HttpResponse", |_| rpc::HttpResponse { status: 404, body: "body".into(), ..Default::default() }.into()),
    ("types of their own", |n| Detail::new(format!("a.example/acme.Type{n}"), &b"\x08\x01"[..])),
];

fn with_details(sort: fn(usize) -> Detail, n: usize) -> Error {
    let status = Status { code: errwire::Code::NotFound, message: "m".into(), details: (0..n).map(sort).collect() };
    Translator::default().read_grpc(status)
}

fn translator(budget: usize) -> Translator {
    let mut policy = Policy::default();
    policy.budget = budget;
    Translator::with_policy(Catalog::builtin(), policy)
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

/// With room for all, and with room for nothing, so that both sizes go the same way.
const BUDGETS: [usize; 2] = [usize::MAX, 0];

fn write_everywhere(translator: &Translator, error: &Error) {
    for audience in [Audience::Internal, Audience::Public] {
        let options = WriteGrpcOptions::new(audience).with_accept_language("de, en;q=0.5");
        translator.write_grpc_with(error, &options).0.to_trailers();
        for dialect in [Dialect::KindMessage, Dialect::Problem, Dialect::Google, Dialect::Connect] {
            let options = WriteHttpOptions::new(audience).with_dialect(dialect).with_details();
            translator.write_http_with(error, &options.with_accept_language("de, en;q=0.5"));
        }
    }
}

#[test]
fn writers_and_the_budget() {
    for translator in BUDGETS.map(translator) {
        for (name, sort) in SORTS {
            assert_linear(name, |n| with_details(sort, n), |error| write_everywhere(&translator, error));
        }
    }
    let long: [(&str, fn(usize) -> Error); 4] = [
        ("a message", |n| Error::new(kinds::TASK_NOT_FOUND).with_message("é and more".repeat(n))),
        ("metadata", |n| {
            let metadata = (0..n).map(|n| (format!("key_{n}"), "value".to_owned())).collect();
            let info = rpc::ErrorInfo { reason: "TASK_NOT_FOUND".into(), domain: "errwire.dev".into(), metadata };
            Error::new(kinds::TASK_NOT_FOUND).with_detail(info)
        }),
        ("violations", |n| {
            let violation = |n: usize| rpc::bad_request::FieldViolation { field: n.to_string(), ..Default::default() };
            let violations = (0..n).map(violation).collect();
            Error::new(kinds::REQUEST_INVALID).with_detail(rpc::BadRequest { field_violations: violations })
        }),
        ("links", |n| {
            let link = |n: usize| rpc::help::Link { description: "d".into(), url: format!("https://a.example/{n}") };
            Error::new(kinds::REQUEST_INVALID).with_detail(rpc::Help { links: (0..n).map(link).collect() })
        }),
    ];
    for translator in BUDGETS.map(translator) {
        for (name, error) in long {
            assert_linear(name, error, |error| write_everywhere(&translator, error));
        }
    }
}

#[test]
fn builders() {
    type Step = fn(Error, usize) -> Error;
    let info = || rpc::ErrorInfo { reason: "CONFLICT".into(), domain: "errwire.dev".into(), ..Default::default() };
    let steps: [(&str, Error, Step); 6] = [
        ("with_metadata", Error::new(kinds::CONFLICT), |error, n| error.with_metadata(n.to_string(), "value")),
        ("with_metadata of one key", Error::new(kinds::CONFLICT), |error, _| error.with_metadata("key", "value")),
        ("with_metadata next to an ErrorInfo", Error::new(kinds::CONFLICT).with_detail(info()), |error, n| {
            error.with_metadata(n.to_string(), "value")
        }),
        ("with_field_violation", Error::new(kinds::CONFLICT), |error, n| {
            error.with_field_violation(n.to_string(), "bad")
        }),
        ("with_detail", Error::new(kinds::CONFLICT), |error, _| error.with_detail(rpc::Help::default())),
        ("with_metadata and with_detail", Error::new(kinds::CONFLICT), |error, n| {
            error.with_detail(rpc::Help::default()).with_metadata(n.to_string(), "value")
        }),
    ];
    for (name, start, step) in steps {
        assert_linear(
            name,
            |n| n,
            |n| {
                let error = (0..*n).fold(start.clone(), step);
                assert!(!error.metadata().is_empty() || !error.details().is_empty());
            },
        );
    }
}
