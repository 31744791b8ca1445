//! Servers that a follower must not believe.

use std::{net::SocketAddr, pin::Pin, time::Duration};

use crate::support::catalogs::{HANG, said, says, version};
use errwire::{
    Translator,
    remote::{CatalogSource, Remote},
    service::pb::{
        self,
        catalog_service_server::{CatalogService, CatalogServiceServer},
    },
};
use tokio::{net::TcpListener, task::JoinHandle, time};
use tokio_stream::{Stream, StreamExt};
use tonic::{
    Request, Response, Status,
    transport::{Endpoint, Server, server::TcpIncoming},
};

/// Sends this to each watcher, and then nothing more.
#[derive(Clone)]
struct Scripted(Vec<pb::WatchCatalogResponse>);

type Answers = Pin<Box<dyn Stream<Item = Result<pb::WatchCatalogResponse, Status>> + Send>>;

#[tonic::async_trait]
impl CatalogService for Scripted {
    type WatchCatalogStream = Answers;

    async fn watch_catalog(&self, _: Request<pb::WatchCatalogRequest>) -> Result<Response<Answers>, Status> {
        let answers = tokio_stream::iter(self.0.clone().into_iter().map(Ok)).chain(tokio_stream::pending());
        Ok(Response::new(Box::pin(answers)))
    }

    async fn list_kinds(&self, _: Request<pb::ListKindsRequest>) -> Result<Response<pb::ListKindsResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn get_kind(&self, _: Request<pb::GetKindRequest>) -> Result<Response<pb::GetKindResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}

/// A server that ends with its test.
struct Fake(SocketAddr, JoinHandle<()>);

impl Fake {
    async fn start(script: Vec<pb::WatchCatalogResponse>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = Server::builder()
            .add_service(CatalogServiceServer::new(Scripted(script)))
            .serve_with_incoming(TcpIncoming::from(listener));
        Self(address, tokio::spawn(async { served.await.unwrap() }))
    }

    async fn follow(&self, translator: &Translator) -> Remote {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.0)).unwrap();
        Remote::builder(endpoint)
            .with_backoff(Duration::from_millis(10), Duration::from_millis(50))
            .with_max_catalog_bytes(20_000)
            .with_max_kinds(50)
            .start(translator.clone())
            .await
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.1.abort();
    }
}

fn kind() -> pb::Kind {
    pb::Kind {
        kind: "job_lost".into(),
        domain: "jobs.example".into(),
        status: 409,
        code: 10,
        message: "Sent by a server.".into(),
        ..Default::default()
    }
}

fn sent(kinds: Vec<pb::Kind>) -> pb::WatchCatalogResponse {
    pb::WatchCatalogResponse { version: "v".into(), kinds, domain: "errwire.dev".into(), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_catalog_never_replaces_a_good_one() {
    let one = |change: fn(&mut pb::Kind)| {
        let mut kind = kind();
        change(&mut kind);
        vec![sent(vec![kind])]
    };
    let part = |number, more| pb::WatchCatalogResponse { part: number, more, ..sent(vec![kind()]) };
    let negative = prost_types::Duration { seconds: -1, nanos: 0 };
    let rows = [
        ("a kind that is none", one(|kind| kind.kind = "Job.Lost".into()), "`Job.Lost`: it is not a valid name"),
        ("a status of success", one(|kind| kind.status = 200), "200 is not the HTTP status of an error"),
        ("a status beyond 16 bits", one(|kind| kind.status = 65_536 + 409), "65945 is not the HTTP status"),
        ("the code OK", one(|kind| kind.code = 0), "0 is not the code of an error"),
        ("no such code", one(|kind| kind.code = 17), "17 is not the code of an error"),
        ("no message", one(|kind| kind.message.clear()), "it has no message"),
        ("no domain", one(|kind| kind.domain.clear()), "`` is not a domain"),
        ("a domain of two lines", one(|kind| kind.domain = "a\nb".into()), "`a\\nb` is not a domain"),
        ("no delay", one(|kind| kind.set_retry(pb::Retry::AfterDelay)), "it has no delay"),
        ("twice the same", vec![sent(vec![kind(), kind()])], "it has the kind `job_lost` twice"),
        ("too many kinds", vec![sent(vec![pb::Kind::default(); 51])], "it has more than 50 kinds"),
        ("too many kinds in parts", (0..60).map(|number| part(number, true)).collect(), "it has more than 50 kinds"),
        ("a text that acts on terminals", one(|kind| kind.message = "a\u{1b}[2J".into()), "characters that act"),
        ("a page that is code", one(|kind| kind.help_url = "javascript:alert(1)".into()), "is not a web address"),
        ("a hole", vec![part(0, true), part(2, false)], "its part 2 does not follow"),
        ("no beginning", vec![part(1, false)], "its part 1 does not follow"),
        ("too much", vec![sent(vec![pb::Kind { owner: "x".repeat(19_000), ..kind() }; 2])], ""),
        (
            "too many parts",
            (0..200)
                .map(|number| pb::WatchCatalogResponse {
                    version: "v".repeat(200),
                    kinds: Vec::new(),
                    ..part(number, true)
                })
                .collect(),
            "it has more than 20000 bytes",
        ),
        (
            "a negative delay",
            vec![sent(vec![pb::Kind { retry: pb::Retry::AfterDelay.into(), retry_delay: Some(negative), ..kind() }])],
            "is negative",
        ),
    ];
    for (name, script, expected) in rows {
        let server = Fake::start(script).await;
        let here = Translator::new(version(1));
        let remote = server.follow(&here).await;
        // More than one failure: it tries again, and does not end.
        let status = time::timeout(HANG, remote.until(|status| status.failures >= 2)).await.expect(name);
        let why = status.last_failure.unwrap();
        assert!(why.contains(expected), "{name}: {why}");
        assert_eq!((status.source, says(&here.catalog())), (CatalogSource::Given, Some(said(1))), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_newer_server_are_read() {
    let odd = pb::Kind { retry: 99, visibility: 99, ..kind() };
    let unsaid = pb::Kind { kind: "unsaid".into(), ..kind() };
    let server = Fake::start(vec![sent(vec![odd, unsaid])]).await;
    let here = Translator::default();
    let remote = server.follow(&here).await;
    time::timeout(HANG, remote.followed()).await.unwrap();
    let entry = |name: &str| here.catalog().get(name).unwrap().entry().unwrap().clone();
    assert_eq!((entry("job_lost").retry, entry("job_lost").is_public()), (errwire::Retry::Never, false));
    // As annotations.proto says of a visibility that is not stated: public below 500.
    assert!(entry("unsaid").is_public());
    assert_eq!(entry("unsaid").message.as_str(), "Sent by a server.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_version_leaves_the_good_one_before() {
    let bad = sent(vec![pb::Kind { status: 0, ..kind() }]);
    let server = Fake::start(vec![sent(vec![kind()]), bad]).await;
    let here = Translator::default();
    let remote = server.follow(&here).await;
    time::timeout(HANG, remote.until(|status| status.failures >= 1)).await.unwrap();
    assert_eq!(says(&here.catalog()), Some((409, "Sent by a server.".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_the_service_does_not_end_the_follower() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_, health) = tonic_health::server::health_reporter();
    let served = Server::builder().add_service(health).serve_with_incoming(TcpIncoming::from(listener));
    let server = Fake(address, tokio::spawn(async { served.await.unwrap() }));
    let remote = server.follow(&Translator::default()).await;
    let status = time::timeout(HANG, remote.until(|status| status.failures >= 2)).await.unwrap();
    assert!(status.last_failure.unwrap().starts_with("Unimplemented"));
}
