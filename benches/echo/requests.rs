//! What is asked: a small error in each direction.

use errwire::{
    Error, Translator, kinds,
    service::pb::{self, GrpcToHttpRequest, HttpToGrpcRequest, grpc_to_http_request, http_to_grpc_request},
};

pub(crate) fn to_http() -> GrpcToHttpRequest {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist. Verify the task ID.");
    let trailers = Translator::default().write_grpc(&error).to_trailers();
    let trailers = pb::GrpcTrailers {
        grpc_status: trailers.grpc_status.into_owned(),
        grpc_message: trailers.grpc_message,
        grpc_status_details_bin: trailers.grpc_status_details_bin,
    };
    GrpcToHttpRequest { source: Some(grpc_to_http_request::Source::Trailers(trailers)), options: None }
}

pub(crate) fn to_grpc() -> HttpToGrpcRequest {
    let body = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist. Verify the task ID."}"#;
    let response = pb::HttpResponse {
        status: 404,
        headers: vec![pb::Header { name: "content-type".into(), value: "application/json".into() }],
        body: Some(pb::http_response::Body::Text(body.into())),
    };
    HttpToGrpcRequest { source: Some(http_to_grpc_request::Source::Response(response)), options: None }
}
