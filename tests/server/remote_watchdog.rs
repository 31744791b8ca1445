//! Nothing that a server answers, and nothing that happens in this process, ends a follower in silence.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use tokio::{io::AsyncWriteExt, net::TcpListener, task::JoinHandle, time};
use tonic::{
    body::Body,
    server::NamedService,
    transport::{Endpoint, Server, server::TcpIncoming},
};
use tower::Service;

use crate::support::catalogs::{HANG, said, says, version};
use errwire::{
    Translator,
    remote::{CatalogSource, Remote},
    service::{CatalogReader, CatalogServer},
};

/// Answers each call of `WatchCatalog` with the next of these; the last one is the real service.
#[derive(Clone)]
struct Answers {
    script: Arc<Mutex<Vec<Answer>>>,
    real: CatalogServer,
}

/// Head, body and trailers.
#[derive(Clone, Default)]
struct Answer {
    status: u16,
    head: Vec<(&'static str, &'static [u8])>,
    body: &'static [u8],
    trailers: Vec<(&'static str, &'static [u8])>,
}

fn fields(fields: &[(&'static str, &'static [u8])]) -> HeaderMap {
    let field = |(name, value): &(&'static str, &'static [u8])| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())
    };
    let mut map = HeaderMap::new();
    fields.iter().map(field).for_each(|(name, value)| _ = map.append(name, value));
    map
}

impl NamedService for Answers {
    const NAME: &'static str = CatalogServer::NAME;
}

impl Service<Request<Body>> for Answers {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <CatalogServer as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(answer) = self.script.lock().unwrap().pop() else { return self.real.call(request) };
        let trailers = fields(&answer.trailers);
        let body: BoxBody<Bytes, Infallible> =
            Full::new(Bytes::from_static(answer.body)).with_trailers(async move { Some(Ok(trailers)) }).boxed();
        let mut response = Response::new(Body::new(body));
        *response.status_mut() = answer.status.try_into().unwrap();
        *response.headers_mut() = fields(&answer.head);
        Box::pin(async move { Ok(response) })
    }
}

struct Serving(SocketAddr, JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.1.abort();
    }
}

async fn serving(mut script: Vec<Answer>) -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    script.reverse();
    let real = CatalogServer::new(CatalogReader::new(Translator::new(version(2))));
    let answers = Answers { script: Arc::new(Mutex::new(script)), real };
    let served = Server::builder().add_service(answers).serve_with_incoming(TcpIncoming::from(listener));
    Serving(address, tokio::spawn(async { served.await.unwrap() }))
}

async fn follow(address: SocketAddr, translator: &Translator) -> Remote {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let backoff = Duration::from_millis(10);
    Remote::builder(endpoint).with_backoff(backoff, backoff).start(translator.clone()).await
}

/// Each is an attempt that failed, and the one after them all succeeds.
async fn outlives(script: Vec<Answer>) {
    let (count, here) = (script.len() as u64, Translator::new(version(1)));
    let server = serving(script).await;
    let remote = follow(server.0, &here).await;
    let status = time::timeout(HANG, remote.until(|status| status.failures >= count || status.is_following)).await;
    let status = status.unwrap_or_else(|_| panic!("stays at {:?}", remote.status()));
    assert!(status.failures >= count.saturating_sub(1) && status.last_failure.is_some(), "{status:?}");
    time::timeout(HANG, remote.followed()).await.expect("it is followed in the end");
    assert_eq!((remote.status().source, says(&here.catalog())), (CatalogSource::Server, Some(said(2))));
}

const GRPC: (&str, &[u8]) = ("content-type", b"application/grpc");

#[tokio::test(flavor = "multi_thread")]
async fn no_field_of_a_status_ends_it() {
    let bad: [&[(&str, &[u8])]; 12] = [
        &[("grpc-status", b"14"), ("grpc-status-details-bin", b"@@@")],
        &[("grpc-status", b"14"), ("grpc-status-details-bin", b"CAU,CAU")],
        &[("grpc-status", b"14"), ("grpc-status-details-bin", b"CAU"), ("grpc-status-details-bin", b"CAU")],
        &[("grpc-status", b"14"), ("grpc-status-details-bin", b"\xff\xfe")],
        &[("grpc-status", b"14"), ("x-trace-bin", b"@@@")],
        &[("grpc-status", b"0"), ("grpc-status-details-bin", b"@@@")],
        &[("grpc-status", b"99999999999")],
        &[("grpc-status", b"")],
        &[("grpc-status", b"2"), ("grpc-message", b"%")],
        &[("grpc-status", b"2"), ("grpc-message", b"%ff%00\xff")],
        &[("grpc-status", b"1"), ("grpc-encoding", b"br")],
        &[],
    ];
    let (mut heads, mut trailers) = (Vec::new(), Vec::new());
    for fields in bad {
        heads.push(Answer { status: 200, head: [&[GRPC], fields].concat(), ..Default::default() });
        trailers.push(Answer { status: 200, head: vec![GRPC], trailers: fields.to_vec(), ..Default::default() });
    }
    outlives(heads).await;
    outlives(trailers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_ends_it() {
    let ok: (&str, &[u8]) = ("grpc-status", b"0");
    let bodies: [&[u8]; 7] = [
        b"\0\xff\xff\xff\xff",
        b"\x01\0\0\0\x01a",
        b"\x02\0\0\0\x01a",
        b"\0\0\0\0\x03\x12\x05a",
        b"\0\0\0\0\x09abc",
        b"<html>",
        b"",
    ];
    let answer =
        |head: (&'static str, &'static [u8]), body| Answer { status: 200, head: vec![head], body, trailers: vec![ok] };
    outlives(bodies.into_iter().map(|body| answer(GRPC, body)).collect()).await;
    outlives(bodies.into_iter().map(|body| answer(("content-type", b"text/html"), body)).collect()).await;
}

/// Bytes that are not HTTP/2 at all, and connections that are cut.
#[tokio::test(flavor = "multi_thread")]
async fn no_transport_ends_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let attacker = tokio::spawn(async move {
        for number in 0_usize.. {
            let Ok((mut socket, _)) = listener.accept().await else { return };
            let bytes: [&[u8]; 5] =
                [b"", b"HTTP/1.1 200 OK\r\n\r\n", &[0xff; 100], b"\0\0\0\x04\0\0\0\0\0", b"\0\0\x01\x07\0\0\0\0\0x"];
            let _ = socket.write_all(bytes[number % bytes.len()]).await;
        }
    });
    let here = Translator::new(version(1));
    let remote = follow(address, &here).await;
    let status = time::timeout(HANG, remote.until(|status| status.failures >= 12)).await.unwrap();
    assert!(!status.is_following && status.last_failure.is_some());
    attacker.abort();
}

/// A waker that panics is run by the follower when it puts a catalog to use.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_its_task_is_counted() {
    struct Bomb;
    impl std::task::Wake for Bomb {
        fn wake(self: Arc<Self>) {
            panic!("a waker of this test panics");
        }
    }
    let here = Translator::new(version(1));
    let mut changes = here.changes();
    let waker = Arc::new(Bomb).into();
    let mut cx = Context::from_waker(&waker);
    assert!(changes.poll_next(&mut cx).is_ready() && changes.poll_next(&mut cx).is_pending());
    let server = serving(Vec::new()).await;
    let remote = follow(server.0, &here).await;
    let failed = time::timeout(HANG, remote.until(|status| status.failures == 1)).await.unwrap();
    assert!(failed.last_failure.as_ref().is_some_and(|why| why.contains("a waker of this test panics")), "{failed:?}");
    time::timeout(HANG, remote.followed()).await.unwrap();
    assert_eq!(says(&here.catalog()), Some(said(2)));
}

/// What can be asked of a follower whose runtime has ended.
#[test]
fn it_does_not_claim_to_follow_without_a_runtime() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (servers, followers) = (runtime(), runtime());
    let server = servers.block_on(serving(Vec::new()));
    let remote = followers.block_on(async {
        let remote = follow(server.0, &Translator::default()).await;
        time::timeout(HANG, remote.followed()).await.unwrap();
        remote
    });
    assert!(remote.status().is_following);
    drop(followers);
    assert!(!remote.status().is_following);
}
