//! A peer that cannot be reached: never a code that only an application may use (gRFC A54).

use std::{future::ready, io, net::SocketAddr, time::Duration};

use crate::layer_support::echo::{UNARY, call};
use errwire::{StatusExt as _, layer::GrpcClientLayer, rpc};
use hyper_util::client::legacy::connect::{HttpConnector, dns::Name};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tower::{ServiceBuilder, service_fn};

async fn fails(channel: Channel, limit: Option<Duration>) -> Status {
    let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
    let asked = call(channel, UNARY, &["a"], limit);
    timeout(Duration::from_secs(20), asked).await.expect("an answer").1.unwrap_err()
}

fn assert_unavailable(status: &Status, what: &str) {
    assert_eq!(status.code(), Code::Unavailable, "{what}: {status:?}");
    let error = status.to_errwire();
    assert_eq!(error.detail::<rpc::ErrorInfo>().unwrap().reason, "SERVICE_UNAVAILABLE", "{what}");
    assert_eq!(error.metadata()["fault"], "connection", "{what}");
    assert!(!error.message().contains("os error"), "{what}: {}", error.message());
}

#[tokio::test]
async fn nothing_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    // The connection is tried again for each call.
    for _ in 0..3 {
        assert_unavailable(&fails(channel.clone(), None).await, "refused");
    }
}

/// As resolvers say it, whatever kind of I/O error they choose.
#[tokio::test]
async fn the_name_does_not_resolve() {
    let reasons: [fn() -> io::Error; 5] = [
        || io::Error::other("failed to lookup address information: Name or service not known"),
        || io::Error::other("NXDOMAIN"),
        || io::ErrorKind::NotFound.into(),
        || io::ErrorKind::PermissionDenied.into(),
        || io::ErrorKind::InvalidInput.into(),
    ];
    for reason in reasons {
        let resolver = service_fn(move |_: Name| ready(Err::<std::vec::IntoIter<SocketAddr>, _>(reason())));
        let channel = Endpoint::from_static("http://tasks.invalid:50051")
            .connect_with_connector_lazy(HttpConnector::new_with_resolver(resolver));
        assert_unavailable(&fails(channel, None).await, &format!("{:?}", reason()));
    }
}

/// An address that neither takes a connection nor refuses one, for as long as what is returned lives: the queue of its
/// listener is full.
#[cfg(target_os = "linux")]
async fn blackhole() -> (Endpoint, (TcpListener, Vec<TcpStream>)) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(connected) = timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        queue.push(connected.unwrap());
        assert!(queue.len() < 100, "the queue is never full");
    }
    (Endpoint::from_shared(format!("http://{address}")).unwrap(), (listener, queue))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn packets_vanish() {
    let (endpoint, _full) = blackhole().await;
    let impatient = endpoint.clone().connect_timeout(Duration::from_millis(50)).connect_lazy();
    assert_unavailable(&fails(impatient, None).await, "a limit for connecting");

    // The caller's deadline comes first.
    let limit = Some(Duration::from_millis(50));
    let status = fails(endpoint.connect_lazy(), limit).await;
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}

#[tokio::test]
async fn nothing_accepts() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let channel = Endpoint::from_shared(format!("http://{}", listener.local_addr().unwrap())).unwrap().connect_lazy();
    let status = fails(channel, Some(Duration::from_millis(50))).await;
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}
