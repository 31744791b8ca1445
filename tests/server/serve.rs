//! The service, called by a real client over a real socket.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use crate::support::{
    requests::{assert_invalid, items, record, response, trailers},
    server::Server,
};
use errwire::{
    StatusExt, Translator, rpc,
    server::App,
    service::pb::{
        self, grpc_to_http_request, http_response::Body, http_to_grpc_request, translate_request, translate_response,
    },
};
use tokio_stream::{Stream, StreamExt};
use tonic::Code;

// docs/rules.md: R-SERVICE-3
#[tokio::test(flavor = "multi_thread")]
async fn grpc_to_http() {
    let server = Server::start();
    let answer = server.mapping().await.grpc_to_http(trailers("5", "no%20such%20task")).await.unwrap().into_inner();

    let response = answer.response.unwrap();
    assert_eq!(response.status, 404);
    let body = Body::Text(r#"{"kind":"not_found","message":"no such task"}"#.into());
    assert_eq!(response.body, Some(body));
    let content_type = response.headers.iter().find(|header| header.name == "content-type").unwrap();
    assert_eq!(content_type.value, "application/json");

    let error = answer.error.unwrap();
    assert_eq!((error.kind.as_str(), error.message.as_str()), ("not_found", "no such task"));
    assert_eq!((error.code(), error.status), (rpc::Code::NotFound, 404));
    let report = answer.report.unwrap();
    assert_eq!(report.dialect(), pb::Dialect::KindMessage);
    assert_eq!(report.kind_rule(), pb::Rule::CodeFallback);
    assert_eq!(report.code_rule(), pb::Rule::GrpcStatus);
}

// docs/rules.md: R-SERVICE-4
#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_less_and_the_record_all() {
    let server = Server::start();
    let status = rpc::Status { code: 13, message: "db 10.0.0.7 is down".into(), details: vec![] };
    let options = pb::RenderOptions { audience: pb::Audience::Public.into(), ..Default::default() };
    let request =
        pb::GrpcToHttpRequest { source: Some(grpc_to_http_request::Source::Status(status)), options: Some(options) };
    let answer = server.mapping().await.grpc_to_http(request).await.unwrap().into_inner();
    let response = answer.response.unwrap();
    assert_eq!(response.status, 500);
    let Some(Body::Text(text)) = response.body else { panic!("no text") };
    assert!(text.contains(r#""kind":"internal_error""#) && !text.contains("10.0.0.7"), "{text}");
    assert_eq!(answer.error.unwrap().message, "db 10.0.0.7 is down");
    assert!(!answer.report.unwrap().redacted.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn http_to_grpc() {
    let server = Server::start();
    let body = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;
    let answer = server.mapping().await.http_to_grpc(response(404, body)).await.unwrap().into_inner();

    let status = answer.status.unwrap();
    assert_eq!((status.code, status.message.as_str()), (5, "Task tsk_1 does not exist."));
    let info: rpc::ErrorInfo = status.details[0].to_msg().unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("TASK_NOT_FOUND", "errwire.dev"));
    let trailers = answer.trailers.unwrap();
    assert_eq!((trailers.grpc_status.as_str(), trailers.grpc_message.as_str()), ("5", "Task tsk_1 does not exist."));
    assert!(!trailers.grpc_status_details_bin.is_empty() && !trailers.grpc_status_details_bin.contains('='));
    assert_eq!(answer.report.unwrap().evidence(), pb::Evidence::Strong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_goes_there_and_back() {
    let server = Server::start();
    let mut client = server.mapping().await;
    let given = pb::ErrorRecord { kind: "task_not_found".into(), message: "Gone.".into(), ..Default::default() };
    let answer = client.http_to_grpc(record(given)).await.unwrap().into_inner();
    let read = answer.error.unwrap();
    assert_eq!((read.kind.as_str(), read.code(), read.status), ("task_not_found", rpc::Code::NotFound, 404));
    let report = answer.report.unwrap();
    assert_eq!((report.kind_rule(), report.code_rule()), (pb::Rule::Given, pb::Rule::Catalog));

    let source = grpc_to_http_request::Source::Trailers(answer.trailers.unwrap());
    let request = pb::GrpcToHttpRequest { source: Some(source), ..Default::default() };
    let answer = client.grpc_to_http(request).await.unwrap().into_inner();
    let body = Body::Text(r#"{"kind":"task_not_found","message":"Gone."}"#.into());
    assert_eq!(answer.response.unwrap().body, Some(body));
}

// docs/rules.md: R-SERVICE-2
#[tokio::test(flavor = "multi_thread")]
async fn an_input_that_is_not_an_error_names_its_field() {
    let server = Server::start();
    let mut client = server.mapping().await;
    let status = |code| pb::GrpcToHttpRequest {
        source: Some(grpc_to_http_request::Source::Status(rpc::Status { code, ..Default::default() })),
        ..Default::default()
    };
    let options = |options| pb::GrpcToHttpRequest { options: Some(options), ..trailers("5", "") };
    let rows = [
        (pb::GrpcToHttpRequest::default(), "source"),
        (status(0), "status.code"),
        (trailers("0", ""), "trailers.grpc_status"),
        (options(pb::RenderOptions { audience: 9, ..Default::default() }), "options.audience"),
        (options(pb::RenderOptions { dialect: 99, ..Default::default() }), "options.dialect"),
    ];
    for (request, field) in rows {
        assert_invalid(&client.grpc_to_http(request).await.unwrap_err().to_errwire(), field);
    }

    let headers = |name: &str, value: &str| {
        let mut request = response(404, "");
        if let Some(http_to_grpc_request::Source::Response(response)) = &mut request.source {
            response.headers.push(pb::Header { name: name.into(), value: value.into() });
        }
        request
    };
    let options = pb::ParseOptions { table: 9, ..Default::default() };
    let rows = [
        (pb::HttpToGrpcRequest::default(), "source"),
        (response(0, ""), "response.status"),
        (response(99, ""), "response.status"),
        (response(200, "{}"), "response.status"),
        (response(399, "{}"), "response.status"),
        (headers("no spaces", ""), "response.headers[1].name"),
        (headers("x-ok", "no\nbreaks"), "response.headers[1].value"),
        (pb::HttpToGrpcRequest { options: Some(options), ..response(404, "") }, "options.table"),
        (record(pb::ErrorRecord::default()), "error.kind"),
        (record(pb::ErrorRecord { kind: "Task.NotFound".into(), ..Default::default() }), "error.kind"),
        (record(pb::ErrorRecord { kind: "task_not_found".into(), code: 17, ..Default::default() }), "error.code"),
        (record(pb::ErrorRecord { kind: "task_not_found".into(), status: 600, ..Default::default() }), "error.status"),
    ];
    for (request, field) in rows {
        assert_invalid(&client.http_to_grpc(request).await.unwrap_err().to_errwire(), field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_item_fails_alone() {
    use translate_request::Request::{GrpcToHttp, HttpToGrpc};
    use translate_response::Response;

    let server = Server::start();
    let mut requests = items([
        GrpcToHttp(trailers("5", "first")),
        HttpToGrpc(response(200, "no error")),
        HttpToGrpc(response(429, r#"{"kind":"rate_limited","message":"Slow down."}"#)),
        GrpcToHttp(trailers("0", "")),
    ]);
    requests.push(pb::TranslateRequest { id: "4".into(), request: None });
    requests.push(pb::TranslateRequest { id: String::new(), request: Some(GrpcToHttp(trailers("99", "last"))) });

    let answers = server.mapping().await.translate(tokio_stream::iter(requests)).await.unwrap().into_inner();
    let answers: Vec<_> = answers.map(Result::unwrap).collect().await;
    let ids: Vec<_> = answers.iter().map(|answer| answer.id.as_str()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", ""]);
    let mut answers = answers.into_iter().map(|answer| answer.response.unwrap());
    let mut next = || answers.next().unwrap();
    let failure = |answer, field| {
        let Response::Failure(status) = answer else { panic!("{answer:?} is not a failure") };
        let details = prost::Message::encode_to_vec(&status).into();
        let status = tonic::Status::with_details(Code::from_i32(status.code), status.message, details);
        assert_invalid(&status.to_errwire(), field);
    };

    assert!(matches!(next(), Response::GrpcToHttp(answer) if answer.error.as_ref().unwrap().message == "first"));
    failure(next(), "response.status");
    assert!(matches!(next(), Response::HttpToGrpc(answer) if answer.status.as_ref().unwrap().code == 8));
    failure(next(), "trailers.grpc_status");
    failure(next(), "request");
    assert!(matches!(next(), Response::GrpcToHttp(answer) if answer.response.as_ref().unwrap().status == 500));
}

/// Gives the same item for ever, and counts.
struct Endless(Arc<AtomicUsize>);

impl Stream for Endless {
    type Item = pb::TranslateRequest;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let request = translate_request::Request::HttpToGrpc(response(503, &"x".repeat(1_000)));
        Poll::Ready(Some(pb::TranslateRequest { id: String::new(), request: Some(request) }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_does_not_read_is_held_back() {
    // The client goes on with a call that nobody reads; the server need not wait for it.
    let server = Server::with(App::new(Translator::default()).with_drain_timeout(Duration::from_millis(200)));
    let sent = Arc::new(AtomicUsize::new(0));
    let mut answers = server.mapping().await.translate(Endless(sent.clone())).await.unwrap().into_inner();
    let mut held = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = sent.load(Ordering::Relaxed);
        if now == held && now > 0 {
            break;
        }
        held = now;
        assert!(held < 1_000_000, "it goes on sending");
    }
    // Windows and buffers of both ends, at more than 1 KB an item.
    assert!(held < 20_000, "{held} items are in flight");

    for _ in 0..held {
        answers.next().await.unwrap().unwrap();
    }
    assert!(sent.load(Ordering::Relaxed) > held, "it does not go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_may_be_large_but_not_too_large() {
    let server = Server::start();
    let mut client = server.mapping().await;
    let answer = client.http_to_grpc(response(502, &"x".repeat(4_000_000))).await.unwrap().into_inner();
    assert_eq!(answer.status.unwrap().code, 14);

    for size in [4_300_000, 100_000_000] {
        let refused = client.http_to_grpc(response(502, &"x".repeat(size))).await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{size}: {refused:?}");
        assert_eq!(refused.to_errwire().kind().as_str(), "content_too_large");
    }
    client.http_to_grpc(response(502, "")).await.unwrap();

    let large = items([translate_request::Request::HttpToGrpc(response(502, &"x".repeat(4_300_000)))]);
    let mut answers = client.translate(tokio_stream::iter(large)).await.unwrap().into_inner();
    let Some(translate_response::Response::Failure(failure)) = answers.next().await.unwrap().unwrap().response else {
        panic!("it is not a failure")
    };
    assert_eq!(failure.code, i32::from(Code::ResourceExhausted));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_metadata_is_refused_and_other_calls_go_on() {
    let server = Server::start();
    let mut client = server.mapping().await;
    let mut request = tonic::Request::new(trailers("5", ""));
    request.metadata_mut().insert("x-large", "x".repeat(20_000).parse().unwrap());
    client.grpc_to_http(request).await.unwrap_err();
    client.grpc_to_http(trailers("5", "")).await.unwrap();
}
