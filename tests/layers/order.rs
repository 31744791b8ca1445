//! What happens with other layers outside and inside of ours, as `docs/guide.md` says.

use std::{fs, future::ready, path::Path, time::Duration};

use crate::layer_support::echo::{Echo, UNARY, call};
use errwire::{
    BoxError, Error, StatusExt as _, kinds,
    layer::{GrpcServerLayer, HttpServerLayer},
};
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tonic::{
    Code, Request, Status,
    body::Body,
    service::{Routes, interceptor::InterceptedService},
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tower::{Layer as _, ServiceExt as _, service_fn};

/// A channel to a server on a free port, which serves for as long as the runtime lives.
macro_rules! channel_to {
    ($router:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn($router.serve_with_incoming(TcpIncoming::from(listener)));
        Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
    }};
}

async fn fails(channel: Channel, word: &str) -> Status {
    call(channel, UNARY, &[word], None).await.1.unwrap_err()
}

#[tokio::test]
async fn tonics_timeout_is_outside() {
    let mut server = Server::builder().timeout(Duration::from_millis(50)).layer(GrpcServerLayer::default());
    let status = fails(channel_to!(server.add_service(Echo)), "hang").await;
    assert_eq!((status.code(), status.details()), (Code::Cancelled, &b""[..]));
}

#[tokio::test]
async fn tonics_load_shed_is_outside() {
    let server = Server::builder().load_shed(true).concurrency_limit_per_connection(1);
    let mut server = server.layer(GrpcServerLayer::default().with_timeout(Duration::from_secs(1)));
    let channel = channel_to!(server.add_service(Echo));
    let (one, two) = tokio::join!(fails(channel.clone(), "hang"), fails(channel, "hang"));
    let shed = if one.code() == Code::ResourceExhausted { one } else { two };
    assert_eq!((shed.code(), shed.details()), (Code::ResourceExhausted, &b""[..]));
}

#[tokio::test]
async fn a_call_waits_for_tonics_limit_before_its_deadline_starts() {
    let server = Server::builder().concurrency_limit_per_connection(1);
    let mut server = server.layer(GrpcServerLayer::default().with_timeout(Duration::from_millis(200)));
    let channel = channel_to!(server.add_service(Echo));
    let start = tokio::time::Instant::now();
    let (one, two) = tokio::join!(fails(channel.clone(), "hang"), fails(channel, "hang"));
    assert_eq!((one.code(), two.code()), (Code::DeadlineExceeded, Code::DeadlineExceeded));
    assert!(start.elapsed() >= Duration::from_millis(400), "one after the other");
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn tower_layers_inside_are_known() {
    use tower::ServiceBuilder;

    let stack = ServiceBuilder::new().layer(GrpcServerLayer::default()).timeout(Duration::from_millis(50)).into_inner();
    let mut server = Server::builder().layer(stack);
    let status = fails(channel_to!(server.add_service(Echo)), "hang").await;
    assert_eq!((status.code(), status.to_errwire().kind()), (Code::DeadlineExceeded, &kinds::DEADLINE_EXCEEDED));

    let stack = ServiceBuilder::new().layer(GrpcServerLayer::default()).load_shed().concurrency_limit(1);
    let limit = GrpcServerLayer::default().with_timeout(Duration::from_secs(1));
    let mut server = Server::builder().layer(stack.layer(limit).into_inner());
    let channel = channel_to!(server.add_service(Echo));
    let (one, two) = tokio::join!(fails(channel.clone(), "hang"), fails(channel, "hang"));
    let shed = if one.code() == Code::Unavailable { one } else { two };
    assert_eq!((shed.code(), shed.to_errwire().kind()), (Code::Unavailable, &kinds::SERVICE_UNAVAILABLE));
    assert!(!shed.details().is_empty());
}

#[tokio::test]
async fn what_an_interceptor_refuses_has_a_kind() {
    let refuse = |_: Request<()>| Err::<Request<()>, _>(Status::unauthenticated("no key"));
    let service = InterceptedService::new(Echo, refuse);
    let mut server = Server::builder().layer(GrpcServerLayer::default());
    let status = fails(channel_to!(server.add_service(service)), "a").await;
    assert_eq!((status.to_errwire().kind(), status.message()), (&kinds::UNAUTHENTICATED, "no key"));
    assert!(!status.details().is_empty());
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn tower_layers_below_the_client_layer_are_known() {
    use errwire::layer::GrpcClientLayer;
    use tower::ServiceBuilder;

    let channel = channel_to!(Server::builder().add_service(Echo));
    let stack = ServiceBuilder::new().layer(GrpcClientLayer::default()).timeout(Duration::from_millis(50));
    let status = call(stack.service(channel.clone()), UNARY, &["hang"], None).await.1.unwrap_err();
    assert_eq!((status.code(), status.to_errwire().kind()), (Code::DeadlineExceeded, &kinds::DEADLINE_EXCEEDED));

    let stack = ServiceBuilder::new().layer(GrpcClientLayer::default()).load_shed().concurrency_limit(1);
    let stack = stack.layer(GrpcClientLayer::default()).service(channel);
    let hang = |stack| call(stack, UNARY, &["hang"], Some(Duration::from_secs(1)));
    let (one, two) = tokio::join!(hang(stack.clone()), hang(stack));
    let (one, two) = (one.1.unwrap_err(), two.1.unwrap_err());
    let shed = if one.code() == Code::Unavailable { one } else { two }.to_errwire();
    assert_eq!((shed.kind(), &*shed.metadata()["processed"]), (&kinds::SERVICE_UNAVAILABLE, "false"));
}

#[tokio::test]
async fn both_server_layers_leave_each_other_alone() {
    let app = Routes::new(Echo).into_axum_router().layer(GrpcServerLayer::default()).layer(HttpServerLayer::default());
    let ask = |media: &str| {
        let request = http::Request::post("/test.Nobody/Unary").header("content-type", media);
        app.clone().oneshot(request.body(String::new()).unwrap())
    };
    let answer = ask("application/grpc").await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["grpc-status"]), (200, &"12".parse().unwrap()));
    assert!(answer.headers().contains_key("grpc-status-details-bin"));

    let answer = ask("application/json").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("grpc-status")), (501, None));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(br#"{"kind":"unimplemented","#), "{body:?}");
}

#[tokio::test]
async fn a_layer_inside_that_fails_is_understood() {
    let rows: [(fn() -> BoxError, &str); 2] =
        [(|| Error::new(kinds::RATE_LIMITED).into(), "8"), (|| Status::unauthenticated("no key").into(), "16")];
    for (error, code) in rows {
        let fails = service_fn(move |_: http::Request<()>| ready(Err::<http::Response<Body>, _>(error())));
        let request = http::Request::builder().header("content-type", "application/grpc").body(()).unwrap();
        let Ok(answer) = GrpcServerLayer::default().layer(fails).oneshot(request).await;
        assert_eq!(answer.headers()["grpc-status"], code);
    }
}

/// The guide names a test for each claim.
#[test]
fn the_tests_that_the_guide_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("docs/guide.md")).unwrap();
    let (_, tables) = guide.split_once("## Order of layers").unwrap();
    let (tables, _) = tables.split_once("\n## ").unwrap_or((tables, ""));
    let shown_by = tables.lines().filter(|line| line.starts_with('|')).filter_map(|row| row.rsplit('|').nth(1));
    let mut count = 0;
    for (file, test) in shown_by.flat_map(|cell| cell.split('`')).filter_map(|name| name.split_once("::")) {
        let source = fs::read_to_string(root.join(format!("tests/layers/{file}.rs"))).unwrap_or_default();
        assert!(source.contains(&format!("fn {test}()")), "tests/layers/{file}.rs has no test {test}");
        count += 1;
    }
    assert!(count > 20, "only {count} tests are named");
}
