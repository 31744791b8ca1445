//! Translation beside what a competent user would write with `tonic-types` and `serde_json` for the same work.
//!
//! `cargo bench --bench translate` prints time and allocations of each pair in one run.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

use std::collections::HashMap;

use bytes::Bytes;
use divan::{AllocProfiler, Bencher, black_box};
use errwire::{
    Audience, Catalog, Code, Entry, Error, HttpStatus, ParseOptions, RenderOptions, Template, Translator, kinds, rpc,
    wire::grpc::Received,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

mod baseline;

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

/// A name and how to make the input.
type Case<T> = (&'static str, fn() -> T);

fn main() {
    divan::main();
}

fn one_detail() -> HeaderMap {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist. Verify the task ID.");
    trailers(&error)
}

fn five_details() -> HeaderMap {
    let error = Error::new(kinds::REQUEST_INVALID)
        .with_message("The request has two invalid fields. Correct them and send it again.")
        .with_field_violation("tasks[0].url", "must be an https URL")
        .with_field_violation("tasks[0].format", "must be one of mp4, webm")
        .with_detail(rpc::RequestInfo { request_id: "req_8d1f".into(), ..Default::default() })
        .with_detail(rpc::ResourceInfo { resource_name: "tasks/tsk_1".into(), ..Default::default() })
        .with_detail(rpc::Help {
            links: vec![rpc::help::Link {
                description: "Formats".into(),
                url: "https://api.example.com/formats".into(),
            }],
        });
    trailers(&error)
}

fn unknown_kind() -> HeaderMap {
    let mut error = Error::new(errwire::Kind::new("codec_not_licensed").unwrap());
    error = error.with_code(Code::FailedPrecondition).with_message("The codec is not licensed. Choose another codec.");
    trailers(&error)
}

fn trailers(error: &Error) -> HeaderMap {
    let mut headers = HeaderMap::new();
    Translator::default().to_grpc(error).to_trailers().write_to(&mut headers);
    headers
}

fn body(kind: &str, status: u16) -> Response<Bytes> {
    let body = format!(r#"{{"kind":"{kind}","message":"Task tsk_1 does not exist. Verify the task ID."}}"#);
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// 16 KiB of a proxy's page.
fn html() -> Response<Bytes> {
    let page = format!(
        "<html><head><title>502 Bad Gateway</title></head><body>{}</body></html>",
        "<p>nginx</p>\n".repeat(1_260)
    );
    let mut response = Response::new(Bytes::from(page));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

mod grpc_to_http {
    use super::*;

    const CASES: [Case<HeaderMap>; 3] =
        [("one detail", one_detail), ("five details", five_details), ("unknown kind", unknown_kind)];

    #[divan::bench(args = CASES.map(|(name, _)| name))]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, headers) = (Translator::default(), input(case));
        let options = RenderOptions::new(Audience::Public);
        bencher.bench(|| {
            let received = Received::from_headers(black_box(&headers));
            let (error, _) = translator.read_grpc(received, &ParseOptions::new()).unwrap();
            translator.to_http_with(&error, &options).0
        });
    }

    #[divan::bench(args = CASES.map(|(name, _)| name))]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let headers = input(case);
        bencher.bench(|| baseline::grpc_to_http(black_box(&headers)));
    }

    fn input(case: &str) -> HeaderMap {
        CASES.iter().find(|(name, _)| *name == case).unwrap().1()
    }
}

mod http_to_grpc {
    use super::*;

    const CASES: [Case<Response<Bytes>>; 3] = [
        ("known kind", || body("task_not_found", 404)),
        ("unknown kind", || body("codec_not_licensed", 404)),
        ("16 KiB of HTML", html),
    ];

    #[divan::bench(args = CASES.map(|(name, _)| name))]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, response) = (Translator::default(), input(case));
        bencher.bench(|| {
            let error = translator.from_http(black_box(&response)).unwrap();
            let mut headers = HeaderMap::new();
            translator.to_grpc(&error).to_trailers().write_to(&mut headers);
            headers
        });
    }

    #[divan::bench(args = CASES.map(|(name, _)| name))]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let response = input(case);
        bencher.bench(|| baseline::http_to_grpc(black_box(&response)));
    }

    fn input(case: &str) -> Response<Bytes> {
        CASES.iter().find(|(name, _)| *name == case).unwrap().1()
    }
}

mod look_up {
    use super::*;

    const SIZES: [usize; 3] = [50, 5_000, 100_000];

    fn name(at: usize) -> String {
        format!("kind_number_{at}")
    }

    #[divan::bench(args = SIZES)]
    fn errwire(bencher: Bencher<'_, '_>, size: usize) {
        let status = HttpStatus::new(409).unwrap();
        let entry =
            |at| Entry::new(name(at), "api.example.com".into(), status, Code::Aborted, Template::from(name(at)));
        let catalog = Catalog::with_entries((0..size).map(entry));
        let wanted = name(size / 2);
        bencher.bench(|| catalog.get(black_box(&wanted)));
    }

    #[divan::bench(args = SIZES)]
    fn by_hand(bencher: Bencher<'_, '_>, size: usize) {
        let kinds: HashMap<String, (u16, tonic::Code)> =
            (0..size).map(|at| (name(at), (409, tonic::Code::Aborted))).collect();
        let wanted = name(size / 2);
        bencher.bench(|| kinds.get(black_box(&wanted)).copied());
    }
}
