//! What one size and 16 times that size cost: readers, writers, the budget and the builders. `tests/allocations/growth.rs` counts the
//! same; here is the time of it, which should grow 16-fold at most.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

use bytes::Bytes;
use divan::{Bencher, black_box};
use errwire::{
    Audience, Detail, Error, Translator, WriteGrpcOptions, WriteHttpOptions, kinds, rpc, wire::grpc::Status,
};
use http::Response;

const SIZES: [usize; 2] = [80, 1_280];

fn main() {
    divan::main();
}

fn response(body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}

fn texts(n: usize) -> String {
    (0..n).map(|n| format!(r#""key_{n}":"value""#)).collect::<Vec<_>>().join(",")
}

fn read(bencher: Bencher<'_, '_>, body: String) {
    let (translator, response) = (Translator::default(), response(body));
    bencher.bench(|| translator.read_http(black_box(&response)).unwrap());
}

#[divan::bench(args = SIZES)]
fn read_kratos(bencher: Bencher<'_, '_>, n: usize) {
    read(bencher, format!(r#"{{"code":404,"reason":"A_B","message":"m","metadata":{{{}}}}}"#, texts(n)));
}

#[divan::bench(args = SIZES)]
fn read_twirp(bencher: Bencher<'_, '_>, n: usize) {
    read(bencher, format!(r#"{{"code":"not_found","msg":"m","meta":{{{}}}}}"#, texts(n)));
}

#[divan::bench(args = SIZES)]
fn read_connect(bencher: Bencher<'_, '_>, n: usize) {
    let details = vec![r#"{"type":"a.B","value":"CAE"}"#; n].join(",");
    read(bencher, format!(r#"{{"code":"not_found","message":"m","details":[{details}]}}"#));
}

#[divan::bench(args = SIZES)]
fn read_mistyped_details(bencher: Bencher<'_, '_>, n: usize) {
    let details = vec![r#"{"@type":"google.rpc.Help","x":1}"#; n].join(",");
    read(bencher, format!(r#"{{"error":{{"code":404,"message":"m","status":"NOT_FOUND","details":[{details}]}}}}"#));
}

/// Details of all sorts, which do not fit the budget.
fn error(n: usize) -> Error {
    let sorts: [fn(usize) -> Detail; 4] = [
        |n| rpc::ErrorInfo { reason: format!("A_B{n}"), domain: "a.b".into(), ..Default::default() }.into(),
        |n| rpc::ResourceInfo { resource_name: n.to_string(), ..Default::default() }.into(),
        |n| {
            let violation = rpc::bad_request::FieldViolation { field: n.to_string(), ..Default::default() };
            rpc::BadRequest { field_violations: vec![violation] }.into()
        },
        |n| Detail::new(format!("a.example/acme.Type{n}"), &b"\x08\x01"[..]),
    ];
    let details = (0..n).map(|n| sorts[n % sorts.len()](n)).collect();
    Translator::default().read_grpc(Status { code: errwire::Code::NotFound, message: "m".into(), details })
}

#[divan::bench(args = SIZES, consts = [true, false])]
fn write_grpc<const IS_PUBLIC: bool>(bencher: Bencher<'_, '_>, n: usize) {
    let (translator, error) = (Translator::default(), error(n));
    let options = WriteGrpcOptions::new(if IS_PUBLIC { Audience::Public } else { Audience::Internal });
    bencher.bench(|| translator.write_grpc_with(black_box(&error), &options));
}

#[divan::bench(args = SIZES, consts = [true, false])]
fn write_http<const IS_PUBLIC: bool>(bencher: Bencher<'_, '_>, n: usize) {
    let (translator, error) = (Translator::default(), error(n));
    let options = WriteHttpOptions::new(if IS_PUBLIC { Audience::Public } else { Audience::Internal }).with_details();
    bencher.bench(|| translator.write_http_with(black_box(&error), &options));
}

#[divan::bench(args = SIZES)]
fn cut_a_message(bencher: Bencher<'_, '_>, n: usize) {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("a long message, é and all ".repeat(n));
    bencher.bench(|| Translator::default().write_grpc(black_box(&error)));
}

#[divan::bench(args = SIZES)]
fn with_field_violation(n: usize) -> Error {
    (0..n).fold(Error::new(kinds::REQUEST_INVALID), |error, n| error.with_field_violation(n.to_string(), "is bad"))
}

#[divan::bench(args = SIZES)]
fn with_metadata(n: usize) -> Error {
    (0..n).fold(Error::new(kinds::REQUEST_INVALID), |error, n| error.with_metadata(n.to_string(), "value"))
}
