//! The bulk translation with items that no honest client sends: each fails alone.

use crate::support::{
    requests::{items, response, trailers},
    server::Server,
};
use bytes::{BufMut, Bytes, BytesMut};
use errwire::service::pb::{
    self, error_mapping_service_client::ErrorMappingServiceClient, translate_request, translate_response,
};
use http_body_util::{BodyExt, Full};
use prost::Message;
use tonic::{body::Body, codec::CompressionEncoding};
use tower::{Service, ServiceExt};

/// Messages as they are framed on the wire.
fn framed(messages: &[Vec<u8>]) -> Bytes {
    let mut body = BytesMut::new();
    for message in messages {
        body.put_u8(0);
        body.put_u32(u32::try_from(message.len()).unwrap());
        body.put_slice(message);
    }
    body.freeze()
}

fn unframed(mut body: &[u8]) -> Vec<pb::TranslateResponse> {
    let mut messages = Vec::new();
    while let [0, a, b, c, d, rest @ ..] = body {
        let (message, rest) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        messages.push(pb::TranslateResponse::decode(message).unwrap());
        body = rest;
    }
    assert!(body.is_empty());
    messages
}

/// The responses and the `grpc-status` to a request of these bytes.
async fn translate(server: &Server, body: Bytes, encoding: Option<&str>) -> (Vec<pb::TranslateResponse>, String) {
    let mut channel = server.channel().await;
    let mut request = http::Request::post("/errwire.v1.ErrorMappingService/Translate")
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    if let Some(encoding) = encoding {
        request = request.header("grpc-encoding", encoding);
    }
    let request = request.body(Body::new(Full::new(body))).unwrap();
    let response = channel.ready().await.unwrap().call(request).await.unwrap();
    let head = response.headers().clone();
    let body = response.into_body().collect().await.unwrap();
    let status = body.trailers().and_then(|trailers| trailers.get("grpc-status")).or(head.get("grpc-status"));
    let status = status.unwrap().to_str().unwrap().to_owned();
    (unframed(&body.to_bytes()), status)
}

fn item(id: &str) -> Vec<u8> {
    let request = translate_request::Request::GrpcToHttp(trailers("5", "no such task"));
    pb::TranslateRequest { id: id.into(), request: Some(request) }.encode_to_vec()
}

fn code(answer: &pb::TranslateResponse) -> Option<i32> {
    match answer.response.as_ref().unwrap() {
        translate_response::Response::Failure(status) => Some(status.code),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_cannot_be_read_fails_alone() {
    let server = Server::start();
    let large = items([translate_request::Request::HttpToGrpc(response(502, &"x".repeat(5_000_000)))]);
    let mut named = item("named");
    named.extend(b"\xff\xff\xff");
    let messages =
        [item("a"), b"\xff\xff\xff".to_vec(), item("b"), large[0].encode_to_vec(), item("c"), named, vec![], item("d")];
    let (answers, status) = translate(&server, framed(&messages), None).await;

    let answers: Vec<_> = answers.iter().map(|answer| (answer.id.as_str(), code(answer))).collect();
    // 3 is INVALID_ARGUMENT, 8 RESOURCE_EXHAUSTED (https://grpc.io/docs/guides/status-codes/).
    let expected = [
        ("a", None),
        ("", Some(3)),
        ("b", None),
        ("", Some(8)),
        ("c", None),
        ("named", Some(3)),
        ("", Some(3)),
        ("d", None),
    ];
    assert_eq!(answers, expected);
    assert_eq!(status, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_message_ends_the_stream_after_the_earlier_responses() {
    let server = Server::start();
    let body = framed(&[item("a"), item("b")]);
    let (answers, status) = translate(&server, body.slice(..body.len() - 1), None).await;
    assert_eq!(answers.len(), 1);
    assert_eq!(status, "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_compression_is_refused() {
    let server = Server::start();
    let (answers, status) = translate(&server, framed(&[item("a")]), Some("snappy")).await;
    assert_eq!((answers.len(), status.as_str()), (0, "12"));
    let (answers, status) = translate(&server, framed(&[item("a")]), Some("identity")).await;
    assert_eq!((answers.len(), status.as_str()), (1, "0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_may_be_compressed() {
    let server = Server::start();
    let channel = server.channel().await;
    let mut client = ErrorMappingServiceClient::new(channel).send_compressed(CompressionEncoding::Gzip);
    let answer = client.grpc_to_http(trailers("5", "no such task")).await.unwrap().into_inner();
    assert_eq!(answer.response.unwrap().status, 404);

    let requests = items([translate_request::Request::GrpcToHttp(trailers("5", "no such task"))]);
    let mut answers = client.translate(tokio_stream::iter(requests)).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!((answer.id.as_str(), code(&answer)), ("0", None));
    assert!(answers.message().await.unwrap().is_none());
}
