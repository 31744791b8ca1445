//! Requests, and what a refused one looks like.

use std::net::SocketAddr;

use errwire::{
    Error, rpc,
    service::pb::{self, grpc_to_http_request, http_response::Body, http_to_grpc_request, translate_request},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::raw::until_closed;

pub fn trailers(grpc_status: &str, grpc_message: &str) -> pb::GrpcToHttpRequest {
    let (grpc_status, grpc_message) = (grpc_status.into(), grpc_message.into());
    let trailers = pb::GrpcTrailers { grpc_status, grpc_message, ..Default::default() };
    pb::GrpcToHttpRequest { source: Some(grpc_to_http_request::Source::Trailers(trailers)), ..Default::default() }
}

pub fn response(status: u32, body: &str) -> pb::HttpToGrpcRequest {
    let json = pb::Header { name: "content-type".into(), value: "application/json".into() };
    let response = pb::HttpResponse { status, headers: vec![json], body: Some(Body::Text(body.into())) };
    pb::HttpToGrpcRequest { source: Some(http_to_grpc_request::Source::Response(response)), ..Default::default() }
}

pub fn record(record: pb::ErrorRecord) -> pb::HttpToGrpcRequest {
    pb::HttpToGrpcRequest { source: Some(http_to_grpc_request::Source::Error(record)), ..Default::default() }
}

/// Posts JSON over HTTP/1.1, and gives the whole response. `fields` are more lines of the header.
pub async fn post(address: SocketAddr, path: &str, fields: &str, body: &str) -> String {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{fields}\r\n"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    String::from_utf8(until_closed(&mut stream).await).unwrap()
}

pub fn items(requests: impl IntoIterator<Item = translate_request::Request>) -> Vec<pb::TranslateRequest> {
    let numbered = requests.into_iter().enumerate();
    numbered.map(|(id, request)| pb::TranslateRequest { id: id.to_string(), request: Some(request) }).collect()
}

#[track_caller]
pub fn assert_invalid(error: &Error, field: &str) {
    assert_eq!(error.code(), errwire::Code::InvalidArgument, "{error}");
    assert_eq!(error.kind().as_str(), "request_invalid", "{error}");
    assert_eq!(error.domain(), Some("errwire.dev"), "{error}");
    assert!(error.detail::<rpc::ErrorInfo>().is_some_and(|info| info.reason == "REQUEST_INVALID"), "{error}");
    let fields: Vec<_> = error.field_violations().into_iter().map(|violation| violation.field).collect();
    assert_eq!(fields, [field], "{error}");
}
