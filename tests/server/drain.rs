//! From SIGTERM to the end, in steps: what is accepted is answered.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{
    binary::{Serving, run},
    raw::{DATA, END_STREAM, GOAWAY, Raw, until_closed},
    requests::{items, trailers},
    server::channel,
};
use errwire::{
    StatusExt,
    service::pb::{self, error_mapping_service_client::ErrorMappingServiceClient, translate_request::Request},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    String::from_utf8(until_closed(&mut stream).await).unwrap()
}

async fn until_refused(address: SocketAddr) {
    let begin = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it still takes connections");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_checks_get_a_response() {
    let serving = Serving::start(&["--pre-drain", "60s"]);
    let admin = serving.admin_address();
    for path in ["/livez", "/readyz"] {
        let answer = get(admin, path).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
    }
    let answer = get(admin, "/nothing").await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    assert!(answer.contains(r#"{"kind":"not_found","message":""#), "{answer}");

    let mut health = HealthClient::new(channel(serving.address()).await);
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    watch.message().await.unwrap().unwrap();
    serving.signal("TERM");
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    let answer = get(admin, "/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(answer.contains(r#"{"kind":"service_unavailable","message":""#), "{answer}");
    assert!(get(admin, "/livez").await.starts_with("HTTP/1.1 200 OK\r\n"));
    // Calls and connections are still taken.
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    client.grpc_to_http(trailers("5", "")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_gets_a_goaway_and_its_calls_finish() {
    let mut serving = Serving::start(&[]);
    let mut raw = Raw::open(serving.address(), 65_535).await;
    raw.call(1, "/errwire.v1.ErrorMappingService/Translate").await;
    raw.message(0, 1, b"").await;
    raw.until(DATA).await.unwrap();
    serving.signal("TERM");
    assert_eq!(raw.until(GOAWAY).await.unwrap().goaway_code(), 0, "NO_ERROR");
    until_refused(serving.address()).await;
    raw.message(END_STREAM, 1, b"").await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 1);
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_finish_ends_with_a_status() {
    let mut serving = Serving::start(&["--drain-timeout", "300ms"]);
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let endless = tokio_stream::pending::<pb::TranslateRequest>();
    let mut answers = client.translate(endless).await.unwrap().into_inner();
    serving.signal("TERM");
    let ended = answers.message().await.unwrap_err();
    assert_eq!((ended.code(), ended.to_errwire().kind().as_str()), (Code::Unavailable, "service_unavailable"));
    assert!(ended.to_errwire().retry_after().is_some());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

/// A stream whose peer never stops sending, and one whose peer does not even answer a PING.
#[tokio::test(flavor = "multi_thread")]
async fn no_client_delays_the_shutdown() {
    let mut serving = Serving::start(&["--drain-timeout", "300ms"]);
    let mut silent = Raw::open(serving.address(), 0).await;
    silent.call(1, "/errwire.v1.ErrorMappingService/Translate").await;
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let item = items([Request::GrpcToHttp(trailers("5", ""))]).remove(0);
    // Endless, and yet no more than its reader takes: what is not read in time ends with the connection.
    let (sender, endless) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        while sender.send(item.clone()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let endless = tokio_stream::wrappers::ReceiverStream::new(endless);
    let mut answers = client.translate(endless).await.unwrap().into_inner();
    answers.message().await.unwrap().unwrap();
    serving.signal("TERM");
    let ended = loop {
        if let Err(ended) = answers.message().await {
            break ended;
        }
    };
    assert_eq!(ended.code(), Code::Unavailable, "{ended:?}");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_accepted_call_is_lost_under_load() {
    let mut serving = Serving::start(&[]);
    let address = serving.address();
    let (answered, stopping) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let mut client = ErrorMappingServiceClient::new(channel(address).await);
        let (answered, stopping) = (answered.clone(), stopping.clone());
        callers.spawn(async move {
            loop {
                match client.grpc_to_http(trailers("5", "")).await {
                    Ok(_) => answered.fetch_add(1, Ordering::Relaxed),
                    // What was not accepted is refused, by a server that is on its way out.
                    Err(refused) => {
                        assert!(stopping.load(Ordering::Relaxed), "{refused:?}");
                        return refused;
                    }
                };
            }
        });
    }
    while answered.load(Ordering::Relaxed) < 1000 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stopping.store(true, Ordering::Relaxed);
    serving.signal("TERM");
    for refused in callers.join_all().await {
        // On a new connection, which nobody takes; on one whose end came before the call was sent; or behind the last call
        // that its GOAWAY names, which RFC 9113, 6.8, calls not processed. Any other call would have been answered.
        let told = format!("{refused:?}");
        let reasons = ["tcp connect error", "hyper::Error(Canceled, ", r#"GoAway(b"", NO_ERROR, Remote)"#];
        assert!(reasons.iter().any(|reason| told.contains(reason)), "{told}");
    }
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[test]
fn only_the_default_admin_port_may_be_replaced() {
    let first = Serving::spawn(crate::support::binary::errwire(&["serve", "--listen", "127.0.0.1:0"]));
    let second = Serving::spawn(crate::support::binary::errwire(&["serve", "--listen", "127.0.0.1:0"]));
    assert_ne!(first.admin_address(), second.admin_address());
    assert!(second.admin_address().ip().is_loopback());

    let taken = second.admin_address().to_string();
    let refused = run(&["serve", "--listen", "127.0.0.1:0", "--admin-listen", &taken]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused.stderr.starts_with(&format!("error: cannot listen on {taken}: another process does")),
        "{}",
        refused.stderr
    );

    let none =
        Serving::spawn(crate::support::binary::errwire(&["serve", "--listen", "127.0.0.1:0", "--admin-listen", "off"]));
    assert_eq!(none.second_line, "");
}
