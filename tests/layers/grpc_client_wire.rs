//! `GrpcClientLayer` between a client of tonic and a peer that does wrong on the wire.

use std::{net::SocketAddr, time::Duration};

use crate::layer_support::{
    echo::{self, SERVER_STREAM, UNARY, call},
    peer::{self, Act},
    script::block,
};
use bytes::Bytes;
use errwire::{
    Error, StatusExt as _, kinds, layer::GrpcClientLayer, rpc,
    service::pb::catalog_service_client::CatalogServiceClient,
};
use h2::Reason;
use http::HeaderMap;
use tonic::{Code, Status, transport::Endpoint};
use tower::ServiceBuilder;

const MEDIA: (&str, &str) = ("content-type", "application/grpc");
/// A message of one character, in its frame.
const MESSAGE: &[u8] = b"\0\0\0\0\x03\x0a\x01a";

type Fields<'a> = &'a [(&'a str, &'a [u8])];

async fn ask(address: SocketAddr) -> (String, Result<(), Status>) {
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
    tokio::time::timeout(Duration::from_secs(10), call(channel, SERVER_STREAM, &["a"], None)).await.expect("an answer")
}

async fn told(acts: Vec<Act>) -> (String, Result<(), Status>) {
    ask(peer::serve(acts).await).await
}

fn head(fields: &[(&'static str, &str)]) -> Act {
    Act::Head(200, block(&[&[MEDIA], fields].concat()), false)
}

fn data() -> Act {
    Act::Data(Bytes::from_static(MESSAGE))
}

#[tokio::test]
async fn a_good_peer_is_heard() {
    let end = Act::Trailers(block(&[("grpc-status", "0"), ("x-a", "1")]));
    let (messages, result) = told(vec![head(&[]), data(), data(), end]).await;
    assert_eq!((&*messages, result.is_ok()), ("aa", true));
}

#[tokio::test]
async fn broken_fields_neither_panic_nor_hide_the_code() {
    let rows: [(Fields<'_>, Code, &str); 8] = [
        (
            &[("grpc-status", b"7"), ("grpc-message", b"no"), ("grpc-status-details-bin", b"@@@")],
            Code::PermissionDenied,
            "no",
        ),
        (&[("grpc-status", b"7"), ("grpc-status-details-bin", b"CAcSAm5v,CAcSAm5v")], Code::PermissionDenied, "no"),
        (&[("grpc-status", b"7"), ("grpc-message", b"a\xffb")], Code::PermissionDenied, "a\u{fffd}b"),
        (&[("grpc-status", b"07"), ("grpc-message", b"no")], Code::Unknown, "no"),
        (&[("grpc-status", b"17"), ("grpc-message", b"no")], Code::Unknown, "no"),
        (&[("grpc-status", b""), ("grpc-message", b"no")], Code::Unknown, "no"),
        (&[("grpc-message", b"no")], Code::Unknown, ""),
        (&[("grpc-status", b"5"), ("grpc-status", b"7")], Code::Unknown, ""),
    ];
    for (fields, code, message) in rows {
        let mut end = HeaderMap::new();
        for (name, value) in fields {
            end.append(*name, http::HeaderValue::from_bytes(value).unwrap());
        }
        let mut only = end.clone();
        only.insert(MEDIA.0, MEDIA.1.parse().unwrap());
        let ways = [vec![Act::Head(200, only, true)], vec![head(&[]), data(), Act::Trailers(end)]];
        for acts in ways {
            let status = told(acts.clone()).await.1.unwrap_err();
            assert_eq!(status.code(), code, "{acts:?}: {status:?}");
            if !message.is_empty() {
                assert_eq!(status.message(), message, "{acts:?}");
            }
            assert!(status.to_errwire().detail::<rpc::ErrorInfo>().is_some(), "{acts:?}");
        }
    }
}

#[tokio::test]
async fn pages_and_json_become_errors() {
    let html = Bytes::from_static(b"<html>a secret of the proxy</html>");
    let ours = Bytes::from_static(br#"{"kind":"task_not_found","message":"No task 7."}"#);
    for (status, code) in
        [(400, Code::Internal), (404, Code::Unimplemented), (502, Code::Unavailable), (504, Code::Unavailable)]
    {
        let page = Act::Head(status, block(&[("content-type", "text/html")]), false);
        let answer = told(vec![page, Act::Data(html.clone()), Act::End]).await.1.unwrap_err();
        assert_eq!(answer.code(), code, "{status}: {answer:?}");
        assert!(!answer.message().contains("compression flag") && !answer.message().contains("secret"));
        let kept: rpc::HttpResponse = answer.to_errwire().detail().unwrap();
        assert_eq!((kept.status, kept.body), (status.into(), html.clone()));
    }
    let page = Act::Head(404, block(&[("content-type", "application/json")]), false);
    let error = told(vec![page, Act::Data(ours), Act::End]).await.1.unwrap_err().to_errwire();
    assert_eq!((error.kind(), &*error.message()), (&kinds::TASK_NOT_FOUND, "No task 7."));
    assert_eq!(error.code(), errwire::Code::NotFound);
    let info: rpc::ErrorInfo = error.detail().unwrap();
    assert_eq!((&*info.reason, &*info.domain), ("TASK_NOT_FOUND", "errwire.dev"));
}

/// A body that never ends is left after two seconds, with what came of it.
#[tokio::test]
async fn bodies_without_an_end_are_read_as_far_as_they_came() {
    // JSON that was not read to its end is still the mark of an API.
    let rows: [(u16, &str, &str, Code); 3] = [
        (404, "application/json", r#"{"kind":"task_not_found","message":"No task 7."}"#, Code::NotFound),
        (404, "application/json", r#"{"kind":"task_n"#, Code::NotFound),
        (503, "text/html", "<html>a secret of the proxy</html>", Code::Unavailable),
    ];
    let calls = rows.map(|(status, media, text, code)| async move {
        let page = Act::Head(status, block(&[("content-type", media)]), false);
        let answer = told(vec![page, Act::Data(Bytes::from_static(text.as_bytes())), Act::Hang]).await.1.unwrap_err();
        assert_eq!(answer.code(), code, "{status} {text}: {answer:?}");
    });
    let [whole, half, page] = calls;
    tokio::join!(whole, half, page);
}

/// The first bytes tell that a body is not of gRPC, whatever its media type says.
#[tokio::test]
async fn pages_under_the_media_type_of_grpc() {
    let html = b"<html>a secret of the proxy</html>";
    for (status, code) in [(404, Code::Unimplemented), (502, Code::Unavailable)] {
        for size in [1, 3, html.len()] {
            let mut acts = vec![Act::Head(status, block(&[MEDIA]), false)];
            acts.extend(html.chunks(size).map(|part| Act::Data(Bytes::from_static(part))));
            acts.push(Act::End);
            let answer = told(acts).await.1.unwrap_err();
            assert_eq!(answer.code(), code, "{status}: {answer:?}");
            assert!(!answer.message().contains("compression flag") && !answer.message().contains("secret"));
            let kept: rpc::HttpResponse = answer.to_errwire().detail().unwrap();
            assert_eq!((kept.status, &*kept.body), (status.into(), &html[..]));
        }
    }
    let answer = told(vec![head(&[]), Act::Data(Bytes::from_static(html)), Act::End]).await.1.unwrap_err();
    assert_eq!(answer.code(), Code::Internal, "under 200 it is a broken frame");
    let ours = Bytes::from_static(br#"{"kind":"task_not_found","message":"No task 7."}"#);
    let acts = vec![Act::Head(404, block(&[MEDIA, ("retry-after", "7")]), false), Act::Data(ours), Act::End];
    let error = told(acts).await.1.unwrap_err().to_errwire();
    assert_eq!((error.kind(), &*error.message()), (&kinds::TASK_NOT_FOUND, "No task 7."));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    // A call of gRPC under another status than 200 keeps the status that it was given.
    let end = Act::Trailers(block(&[("grpc-status", "5"), ("grpc-message", "none")]));
    let answer = told(vec![Act::Head(404, block(&[MEDIA]), false), data(), end]).await;
    assert_eq!((&*answer.0, answer.1.unwrap_err().message()), ("a", "none"));
}

#[tokio::test]
async fn frames_that_cannot_be_are_internal() {
    let frames: [&[u8]; 3] = [b"\0\xff\xff\xff\xff", b"\0\x80\0\0\0a", b"\x01\0\0\0\x03\x0a\x01a"];
    for frame in frames {
        // The last is flagged as compressed, and no encoding is named
        // (https://github.com/grpc/grpc/blob/master/doc/compression.md).
        for size in [1, 2, 3, 4, frame.len()] {
            let mut acts = vec![head(&[])];
            acts.extend(frame.chunks(size).map(|part| Act::Data(Bytes::from_static(part))));
            acts.push(Act::Trailers(block(&[("grpc-status", "0")])));
            let answer = told(acts).await.1.unwrap_err();
            assert_eq!(answer.code(), Code::Internal, "{frame:?}, {size} bytes at once: {answer:?}");
        }
    }
}

/// What a frame begins with is looked at as a whole, wherever it is cut.
#[tokio::test]
async fn the_first_frame_may_come_in_pieces() {
    let message = b"\0\0\0\0\x03\x0a\x01a";
    let bytes = b"\0\xff\xff\xff\xff";
    for size in 1..=5 {
        let pieces = |bytes: &'static [u8]| bytes.chunks(size).map(|part| Act::Data(Bytes::from_static(part)));
        let mut acts = vec![head(&[])];
        acts.extend(pieces(message));
        acts.push(Act::Trailers(block(&[("grpc-status", "0")])));
        let answer = told(acts).await;
        assert!(answer.0 == "a" && answer.1.is_ok(), "{size} bytes at once: {answer:?}");
        let mut acts = vec![Act::Head(502, block(&[MEDIA]), false)];
        acts.extend(pieces(bytes));
        acts.push(Act::End);
        let answer = told(acts).await.1.unwrap_err();
        assert_eq!(answer.code(), Code::Unavailable, "{size} bytes at once: {answer:?}");
        let kept: rpc::HttpResponse = answer.to_errwire().detail().unwrap();
        assert_eq!((kept.status, &*kept.body), (502, &bytes[..]), "{size} bytes at once");
    }
}

/// gRPC's table, and UNAVAILABLE or UNKNOWN where hyper keeps the reason to itself.
#[tokio::test]
async fn resets_follow_the_table() {
    let rows = [
        (Reason::PROTOCOL_ERROR, Code::Internal),
        (Reason::INTERNAL_ERROR, Code::Internal),
        (Reason::FLOW_CONTROL_ERROR, Code::Internal),
        (Reason::SETTINGS_TIMEOUT, Code::Internal),
        (Reason::STREAM_CLOSED, Code::Internal),
        (Reason::FRAME_SIZE_ERROR, Code::Internal),
        (Reason::REFUSED_STREAM, Code::Unavailable),
        (Reason::CANCEL, Code::Cancelled),
        (Reason::COMPRESSION_ERROR, Code::Internal),
        (Reason::CONNECT_ERROR, Code::Internal),
        (Reason::ENHANCE_YOUR_CALM, Code::ResourceExhausted),
        (Reason::INADEQUATE_SECURITY, Code::PermissionDenied),
        (Reason::HTTP_1_1_REQUIRED, Code::Internal),
        (Reason::from(0xff), Code::Internal),
    ];
    for (reason, code) in rows {
        for before in [vec![], vec![head(&[])], vec![head(&[]), data()]] {
            let acts = [before, vec![Act::Reset(reason)]].concat();
            let status = told(acts.clone()).await.1.unwrap_err();
            assert_eq!(status.code(), code, "{acts:?}: {status:?}");
            let metadata = status.to_errwire().metadata();
            assert_eq!(metadata["fault"], "reset", "{acts:?}");
            let processed = metadata.get("processed").map(String::as_str);
            // After a response has begun, the call has begun too.
            let is_fresh = reason == Reason::REFUSED_STREAM && acts.len() == 1;
            assert_eq!(processed, is_fresh.then_some("false"), "{acts:?}");
        }
    }
    // hyper takes NO_ERROR in a body for its end.
    let acts = vec![head(&[]), data(), Act::Reset(Reason::NO_ERROR)];
    assert_eq!(told(acts).await.1.unwrap_err().code(), Code::Unknown);
    assert_eq!(told(vec![Act::Reset(Reason::NO_ERROR)]).await.1.unwrap_err().code(), Code::Internal);
}

#[tokio::test]
async fn lost_connections_are_unavailable() {
    for before in [vec![], vec![head(&[])], vec![head(&[]), data()]] {
        for fault in [Act::Cut, Act::GoAway(Reason::ENHANCE_YOUR_CALM), Act::GoAway(Reason::INTERNAL_ERROR)] {
            let acts = [before.clone(), vec![fault]].concat();
            let (messages, result) = told(acts.clone()).await;
            let status = result.unwrap_err();
            assert_eq!(status.code(), Code::Unavailable, "{acts:?}: {status:?}");
            assert_eq!(messages.len(), before.len().saturating_sub(1), "{acts:?}");
            assert_eq!(status.to_errwire().metadata().get("processed"), None, "{acts:?}");
        }
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let status = ask(nobody).await.1.unwrap_err();
    assert_eq!((status.code(), &*status.to_errwire().metadata()["processed"]), (Code::Unavailable, "false"));
    // Not HTTP/2 at all.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut socket, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert_eq!(ask(address).await.1.unwrap_err().code(), Code::Unavailable);
}

/// hyper takes 16 KiB of trailers and drops the rest; at four times that h2 gives up the connection.
#[tokio::test]
async fn large_trailers_blame_no_caller() {
    let fill = |len: usize| vec!["x".repeat(1_000); len.div_ceil(1_032)];
    for (len, codes) in
        [(17_000, [Code::PermissionDenied, Code::PermissionDenied]), (80_000, [Code::Unavailable, Code::Unknown])]
    {
        let mut end = block(&[("grpc-status", "7")]);
        for value in fill(len) {
            end.append("x-note", value.parse().unwrap());
        }
        let status = told(vec![head(&[]), data(), Act::Trailers(end)]).await.1.unwrap_err();
        assert!(codes.contains(&status.code()), "{len}: {:?}", status.code());
    }
    // Where the status comes last, it is what is cut.
    for values in [fill(17_000), vec!["x".repeat(20_000)]] {
        let mut end = HeaderMap::new();
        for value in values {
            end.append("x-note", value.parse().unwrap());
        }
        end.append("grpc-status", "7".parse().unwrap());
        let status = told(vec![head(&[]), data(), Act::Trailers(end)]).await.1.unwrap_err();
        assert_eq!(status.code(), Code::Unknown);
        assert!(status.message().contains("limit for header fields"), "{status:?}");
        assert_eq!(status.to_errwire().metadata()["fault"], "trailers");
    }
}

/// tonic's own timer says CANCELLED.
#[tokio::test]
async fn a_timeout_is_a_deadline() {
    let address = peer::serve(vec![Act::Hang]).await;
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let own = endpoint.clone().timeout(Duration::from_millis(50)).connect_lazy();
    let own = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(own);
    assert_eq!(call(own, UNARY, &["a"], None).await.1.unwrap_err().code(), Code::DeadlineExceeded);
    let callers = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(endpoint.connect_lazy());
    let timeout = Some(Duration::from_millis(50));
    assert_eq!(call(callers, UNARY, &["a"], timeout).await.1.unwrap_err().code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn both_layers_keep_an_error_whole() {
    let address = echo::serve(errwire::layer::GrpcServerLayer::default()).await;
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
    for words in ["now fail", "a fail"] {
        let status = call(channel.clone(), SERVER_STREAM, &[words], None).await.1.unwrap_err();
        let sent = Error::details(&echo::failure().to_errwire()).to_vec();
        assert_eq!(status.to_errwire().details(), sent, "{words}");
        assert_eq!(status.metadata().get_all("x-a").iter().count(), 2, "{words}");
    }
    assert_eq!(call(channel, SERVER_STREAM, &["a b"], None).await.0, "ab");
}

/// A generated client takes the stack without a type annotation.
#[tokio::test]
async fn types_need_no_annotation() {
    let channel = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    let mut client =
        CatalogServiceClient::new(ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel.clone()));
    assert_eq!(
        client.list_kinds(errwire::service::pb::ListKindsRequest::default()).await.unwrap_err().code(),
        Code::Unavailable
    );
    let watched = GrpcClientLayer::default().with_observer(|_: &errwire::layer::Event<'_>| {});
    let _ = CatalogServiceClient::new(ServiceBuilder::new().layer(watched).service(channel)).clone();
}
