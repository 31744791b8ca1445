//! `GrpcServerLayer` in a server of tonic, called by a client of tonic.

use std::time::Duration;

use crate::layer_support::{
    echo::{self, BIDI, CLIENT_STREAM, Echo, SERVER_STREAM, UNARY, call},
    watch::Watch,
};
use errwire::{StatusExt as _, kinds, layer::GrpcServerLayer, rpc};
use tonic::transport::{Channel, Endpoint, Server};
use tower::{Layer as _, ServiceBuilder};

type Words = &'static [&'static str];

async fn start(layer: GrpcServerLayer) -> (Channel, Watch) {
    let watch = Watch::default();
    let address = echo::serve(layer.with_observer(watch.clone())).await;
    (Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy(), watch)
}

#[tokio::test]
async fn every_shape_succeeds_and_fails_as_the_handler_does() {
    let (channel, watch) = start(GrpcServerLayer::default()).await;
    let rows: [(&str, Words, &str, Option<&str>); 14] = [
        (UNARY, &["a"], "a", None),
        (CLIENT_STREAM, &["a", "b"], "ab", None),
        (SERVER_STREAM, &["a b c"], "abc", None),
        (SERVER_STREAM, &[""], "", None),
        (BIDI, &["a", "b"], "ab", None),
        (UNARY, &["fail"], "", Some("task_not_found")),
        (CLIENT_STREAM, &["a", "fail"], "", Some("task_not_found")),
        (SERVER_STREAM, &["now fail"], "", Some("task_not_found")),
        (SERVER_STREAM, &["a fail b"], "a", Some("task_not_found")),
        (BIDI, &["a", "fail", "b"], "a", Some("task_not_found")),
        (UNARY, &["ok"], "", Some("unknown_error")),
        (UNARY, &["panic"], "", Some("internal_error")),
        (SERVER_STREAM, &["a panic b"], "a", Some("internal_error")),
        (BIDI, &["a", "panic"], "a", Some("internal_error")),
    ];
    for (path, words, answered, kind) in rows {
        let (messages, result) = call(channel.clone(), path, words, None).await;
        assert_eq!(messages, answered, "{path} {words:?}");
        let Some(kind) = kind else {
            assert!(result.is_ok(), "{path} {words:?}: {result:?}");
            continue;
        };
        let status = result.unwrap_err();
        let error = status.to_errwire();
        assert_eq!(error.kind().as_str(), kind, "{path} {words:?}: {status:?}");
        assert!(!format!("{status:?}").contains("secret"));
        assert_eq!(watch.kinds(), [kind], "{path} {words:?}");
        if kind == "task_not_found" {
            assert_eq!(status.message(), "Größe 50%\n");
            assert_eq!(error.details(), echo::failure().to_errwire().details());
            let all: Vec<_> = status.metadata().get_all("x-a").iter().collect();
            assert_eq!(all, ["1", "2"], "{path}");
            assert_eq!(status.metadata().get_bin("raw-bin").unwrap().to_bytes().unwrap(), &[0, 255][..]);
        }
    }
    for _ in 0..100 {
        assert_eq!(call(channel.clone(), UNARY, &["panic"], None).await.1.unwrap_err().code(), tonic::Code::Internal);
        assert_eq!(call(channel.clone(), UNARY, &["a"], None).await.0, "a");
    }
}

#[tokio::test]
async fn tonics_own_errors_come_out_as_kinds() {
    let (channel, _) = start(GrpcServerLayer::default()).await;
    let long = "x".repeat(2_000);
    let rows: [(&str, &str, errwire::Kind); 3] = [
        ("/test.Echo/Nothing", "a", kinds::UNIMPLEMENTED),
        ("/test.Nobody/Unary", "a", kinds::UNIMPLEMENTED),
        (UNARY, &long, kinds::OUT_OF_RANGE),
    ];
    for (path, word, kind) in rows {
        let status = call(channel.clone(), path, &[word], None).await.1.unwrap_err();
        assert_eq!(status.to_errwire().kind(), &kind, "{path}: {status:?}");
        let info: rpc::ErrorInfo = status.to_errwire().detail().expect("every error has its ErrorInfo");
        assert_eq!(info.domain, "errwire.dev");
    }
    // A message that is none: field 1 has the wrong wire type.
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<Broken, String>::default();
    let request = tonic::Request::new(Broken { number: 1 });
    let status = client.unary(request, UNARY.parse().unwrap(), codec).await.unwrap_err();
    assert_eq!(status.to_errwire().kind(), &kinds::INTERNAL_ERROR, "{status:?}");
    assert!(status.to_errwire().detail::<rpc::ErrorInfo>().is_some());
}

#[derive(Clone, PartialEq, prost::Message)]
struct Broken {
    #[prost(uint32, tag = "1")]
    number: u32,
}

#[tokio::test]
async fn deadlines_hold_for_headers_and_streams() {
    let own = GrpcServerLayer::default().with_timeout(Duration::from_millis(100));
    for (layer, timeout) in [(GrpcServerLayer::default(), Some(Duration::from_millis(100))), (own, None)] {
        let address = echo::serve(layer).await;
        // tonic's client has a timer of its own for the headers, which says CANCELLED: the server's must be first.
        let rows: [(&str, Words, &str); 3] =
            [(UNARY, &["hang"], ""), (SERVER_STREAM, &["a hang"], "a"), (BIDI, &["a", "hang"], "a")];
        for (path, words, answered) in rows.into_iter().skip(usize::from(timeout.is_some())) {
            let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
            let (messages, result) = call(channel, path, words, timeout).await;
            assert_eq!(messages, answered, "{path}");
            assert_eq!(result.unwrap_err().to_errwire().kind(), &kinds::DEADLINE_EXCEEDED, "{path}");
        }
    }
}

/// None of these needs a type annotation.
#[test]
fn types_need_no_annotation() {
    let _ = Server::builder().layer(GrpcServerLayer::default()).add_service(Echo);
    let stack = ServiceBuilder::new().layer(GrpcServerLayer::default()).into_inner();
    let _ = Server::builder().layer(stack).add_service(Echo);
    let one = GrpcServerLayer::default().layer(Echo);
    let _ = tower::ServiceExt::<http::Request<tonic::body::Body>>::map_response(one, |response| response);
}
