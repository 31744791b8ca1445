//! Translations by hand, by an [`errwire::ErrorRef`] and by an [`errwire::Error`], and readings of each dialect.

use std::hint::black_box;

use bytes::Bytes;
use errwire::{Audience, StatusExt, Translator, WriteHttpOptions};
use http::{HeaderValue, Response, StatusCode, header};

use crate::{baseline, input};

/// What a translation is made by.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum By {
    Hand,
    ErrorRef,
    Error,
}

impl By {
    pub(crate) const ALL: [Self; 3] = [Self::Hand, Self::ErrorRef, Self::Error];
}

/// A translation that is done so many times.
pub(crate) struct Translation {
    pub(crate) from_to: &'static str,
    pub(crate) input: &'static str,
    run: fn(&'static str, By, u32),
}

impl Translation {
    pub(crate) fn run(&self, by: By, count: u32) {
        (self.run)(self.input, by, count);
    }
}

/// In the order of the table.
pub(crate) const TRANSLATIONS: [Translation; 8] = [
    Translation { from_to: TO_RESPONSE, input: "metadata", run: to_response },
    Translation { from_to: "the same with `details` in the body", input: "metadata", run: to_response_with_details },
    Translation { from_to: "the same for callers inside", input: "metadata", run: to_response_for_callers_inside },
    Translation {
        from_to: "the same with `details` in the body",
        input: "serving data",
        run: to_response_with_details,
    },
    Translation { from_to: TO_RESPONSE, input: "no details", run: to_response },
    Translation { from_to: TO_STATUS, input: "known kind", run: to_status },
    Translation { from_to: TO_STATUS, input: "five details", run: to_status },
    Translation { from_to: TO_STATUS, input: "16 KiB of HTML", run: to_status },
];

const TO_RESPONSE: &str = "`tonic::Status` → response";
const TO_STATUS: &str = "response → `tonic::Status`";

fn to_response(input: &'static str, by: By, count: u32) {
    write(input, by, count, &WriteHttpOptions::new(Audience::Public), false);
}

fn to_response_with_details(input: &'static str, by: By, count: u32) {
    write(input, by, count, &WriteHttpOptions::new(Audience::Public).with_details(), true);
}

/// By hand nobody writes the header field of the details.
fn to_response_for_callers_inside(input: &'static str, by: By, count: u32) {
    write(input, by, count, &WriteHttpOptions::new(Audience::Internal), false);
}

fn write(input: &'static str, by: By, count: u32, options: &WriteHttpOptions, with_details: bool) {
    let (translator, status) = (Translator::default(), input::tonic_status(input));
    for _ in 0..count {
        let status = black_box(&status);
        black_box(match by {
            By::Hand => baseline::grpc_to_http::from_status(status, with_details),
            By::ErrorRef => translator.write_http_ref(&status.as_errwire(&translator), options),
            By::Error => translator.write_http_with(&status.to_errwire_with(&translator), options).0,
        });
    }
}

fn to_status(input: &'static str, by: By, count: u32) {
    let (translator, response) = (Translator::default(), input::response(input));
    for _ in 0..count {
        let response = black_box(&response);
        black_box(match by {
            By::Hand => baseline::http_to_grpc::to_status(response),
            By::ErrorRef => translator.read_http_ref(response).unwrap().to_status(&translator),
            By::Error => translator.write_grpc(&translator.read_http(response).unwrap()).into(),
        });
    }
}

/// A body of a dialect that is read so many times.
pub(crate) struct ReadingOf {
    /// The dialect, and whose body it is.
    pub(crate) dialect: &'static str,
    status: u16,
    body: &'static str,
}

impl ReadingOf {
    pub(crate) fn run(&self, by: By, count: u32) {
        let media = if self.dialect.starts_with("problem") { "application/problem+json" } else { "application/json" };
        let mut response = Response::new(Bytes::from_static(self.body.as_bytes()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        let translator = Translator::default();
        for _ in 0..count {
            let response = black_box(&response);
            match by {
                By::Hand => panic!("nobody reads this by hand"),
                By::ErrorRef => drop(black_box(translator.read_http_ref(response).unwrap())),
                By::Error => drop(black_box(translator.read_http(response).unwrap())),
            }
        }
    }
}

macro_rules! readings {
    ($($dialect:literal, $status:literal: $body:literal;)*) => {
        /// In the order of the page on dialects, and what the general reader reads.
        pub(crate) const READINGS: &[ReadingOf] =
            &[$(ReadingOf { dialect: $dialect, status: $status, body: $body }),*];
    };
}

readings! {
    "kind_message", 404: r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;
    "problem", 404: r#"{"type":"https://api.example.com/errors/task-not-found","title":"Not Found","status":404,"detail":"Task tsk_1 does not exist."}"#;
    "problem with `code`", 404: r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"Task tsk_1 does not exist.","code":"task_not_found"}"#;
    "google", 404: r#"{"error":{"code":404,"message":"Task tsk_1 does not exist.","status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TASK_NOT_FOUND","domain":"tasks.example.com"}]}}"#;
    "connect", 404: r#"{"code":"not_found","message":"Task tsk_1 does not exist."}"#;
    "grpc_gateway", 404: r#"{"code":5,"message":"Task tsk_1 does not exist.","details":[]}"#;
    "twirp", 404: r#"{"code":"not_found","msg":"Task tsk_1 does not exist.","meta":{"task_id":"tsk_1"}}"#;
    "kratos", 404: r#"{"code":404,"reason":"TASK_NOT_FOUND","message":"Task tsk_1 does not exist.","metadata":{"task_id":"tsk_1"}}"#;
    "oauth2", 401: r#"{"error":"invalid_token","error_description":"The token expired."}"#;
    "graphql", 400: r#"{"errors":[{"message":"Task tsk_1 does not exist.","path":["task"],"extensions":{"code":"TASK_NOT_FOUND"}}],"data":null}"#;
    "json_api", 404: r#"{"errors":[{"status":"404","code":"task_not_found","title":"Not Found","detail":"Task tsk_1 does not exist."}]}"#;
    "jsonrpc", 400: r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"The method does not exist."}}"#;
    "envelope: OpenAI", 404: r#"{"error":{"type":"invalid_request_error","code":"task_not_found","message":"Task tsk_1 does not exist.","param":null}}"#;
    "envelope: Kubernetes", 404: r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"tsk-1\" not found","reason":"NotFound","details":{"name":"tsk-1","kind":"pods"},"code":404}"#;
    "envelope: Spring", 404: r#"{"timestamp":"2026-01-02T03:04:05.678+00:00","status":404,"error":"Not Found","message":"Task tsk_1 does not exist.","path":"/v1/tasks/tsk_1"}"#;
    "envelope: Laravel", 422: r#"{"message":"The email field is required.","errors":{"email":["The email field is required."]}}"#;
    "envelope: FastAPI", 422: r#"{"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":{}}]}"#;
}
