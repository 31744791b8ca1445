//! Errors as they arrive.

use bytes::Bytes;
use errwire::{Audience, Code, Detail, Error, Kind, Translator, WriteHttpOptions, kinds, rpc, wire::grpc::Status};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use prost::Message as _;

/// How many calls are timed at once: a timer is precise to 20 ns, and most take less than 400.
pub(crate) const SAMPLE: u32 = 100;

pub(crate) const GRPC: [&str; 6] =
    ["one detail", "metadata", "five details", "serving data", "unknown kind", "no details"];
pub(crate) const HTTP: [&str; 4] = ["known kind", "five details", "unknown kind", "16 KiB of HTML"];

/// An error that a gRPC service sends.
pub(crate) fn status(case: &str) -> Status {
    let error = match case {
        "one detail" => {
            Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist. Verify the task ID.")
        }
        "metadata" => return with_metadata(),
        "five details" => five_details(""),
        "serving data" => five_details("pod task-7f9c"),
        "no details" => {
            let message = "Task tsk_1 does not exist. Verify the task ID.".into();
            return Status { code: Code::NotFound, message, details: Default::default() };
        }
        "unknown kind" => Error::new(Kind::new("codec_not_licensed").unwrap())
            .with_code(Code::FailedPrecondition)
            .with_message("The codec is not licensed. Choose another codec."),
        other => panic!("there is no case {other}"),
    };
    // What services send has no `HttpResponse`.
    let mut status = Translator::default().write_grpc(&error);
    status.details.retain(|detail| !detail.is::<rpc::HttpResponse>());
    status
}

pub(crate) fn trailers(case: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    status(case).write_to(&mut headers);
    headers
}

/// A response of an HTTP service or of a proxy.
pub(crate) fn response(case: &str) -> Response<Bytes> {
    let message = "Task tsk_1 does not exist. Verify the task ID.";
    let kind_message = |kind| format!(r#"{{"kind":"{kind}","message":"{message}"}}"#).into_bytes();
    let (status, media, body) = match case {
        "known kind" => (404, "application/json", kind_message("task_not_found")),
        "unknown kind" => (404, "application/json", kind_message("codec_not_licensed")),
        "five details" => {
            let options = WriteHttpOptions::new(Audience::Public).with_details();
            let response = Translator::default().write_http_with(&five_details(""), &options).0;
            (400, "application/json", response.into_body().to_vec())
        }
        "16 KiB of HTML" => {
            let text = "<p>nginx</p>\n".repeat(1_260);
            let page = format!("<html><head><title>502 Bad Gateway</title></head><body>{text}</body></html>");
            (502, "text/html", page.into_bytes())
        }
        other => panic!("there is no case {other}"),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// Two entries that do not stand in the order of their names, which no protobuf map promises.
fn with_metadata() -> Status {
    let mut status = status("one detail");
    let entry = |name: &str, value: &str| {
        let metadata = [(name.to_owned(), value.to_owned())].into();
        rpc::ErrorInfo { metadata, ..Default::default() }.encode_to_vec()
    };
    let info = &mut status.details[0];
    let value = [&info.value()[..], &entry("task_id", "tsk_1"), &entry("project_id", "prj_42")].concat();
    *info = Detail::new(info.type_url(), value);
    status
}

pub(crate) fn tonic_status(case: &str) -> tonic::Status {
    status(case).into()
}

/// With its `ErrorInfo` there are five.
fn five_details(serving_data: &str) -> Error {
    let link = rpc::help::Link { description: "Formats".into(), url: "https://api.example.com/formats".into() };
    Error::new(kinds::REQUEST_INVALID)
        .with_message("The request has two invalid fields. Correct them and send it again.")
        .with_field_violation("tasks[0].url", "must be an https URL")
        .with_field_violation("tasks[0].format", "must be one of mp4, webm")
        .with_detail(rpc::RequestInfo { request_id: "req_8d1f".into(), serving_data: serving_data.into() })
        .with_detail(rpc::ResourceInfo {
            resource_type: "Task".into(),
            resource_name: "tasks/tsk_1".into(),
            ..Default::default()
        })
        .with_detail(rpc::Help { links: vec![link] })
}
