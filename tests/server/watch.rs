//! `WatchCatalog`, called by a real client.

use std::time::Duration;

use crate::support::{
    catalogs::{HANG, large, said, version},
    server::Server,
};
use errwire::{
    Catalog, StatusExt, Translator,
    server::App,
    service::{
        CatalogReader, CatalogServer,
        pb::{self, catalog_service_client::CatalogServiceClient},
    },
};
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tonic::{Streaming, transport::Endpoint};

fn server(translator: &Translator) -> Server {
    Server::with(App::new(translator.clone()).with_drain_timeout(Duration::from_secs(5)))
}

async fn watch(server: &Server) -> Streaming<pb::WatchCatalogResponse> {
    server.catalog().await.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner()
}

/// The next message; `None` at the end.
async fn next(answers: &mut Streaming<pb::WatchCatalogResponse>) -> Option<pb::WatchCatalogResponse> {
    timeout(HANG, answers.message()).await.expect("the stream hangs").unwrap()
}

/// The next whole version: its name and its kinds. Counts how many were given up.
async fn whole(answers: &mut Streaming<pb::WatchCatalogResponse>, given_up: &mut u32) -> (String, Vec<pb::Kind>) {
    let (mut name, mut kinds, mut parts) = (String::new(), Vec::new(), 0);
    loop {
        let part = next(answers).await.expect("the stream goes on");
        if part.part == 0 {
            *given_up += u32::from(parts > 0);
            (name, kinds, parts) = (part.version.clone(), Vec::new(), 0);
        }
        assert_eq!((part.part, &part.version), (parts, &name));
        parts += 1;
        kinds.extend(part.kinds);
        if !part.more {
            return (name, kinds);
        }
    }
}

// docs/rules.md: R-SERVICE-6
#[tokio::test(flavor = "multi_thread")]
async fn sends_the_whole_catalog_and_then_each_version() {
    let translator = Translator::new(version(1));
    let server = server(&translator);
    let mut answers = watch(&server).await;
    let list = server.catalog().await.list_kinds(pb::ListKindsRequest::default()).await.unwrap().into_inner();

    let first = next(&mut answers).await.unwrap();
    assert_eq!((first.part, first.more, first.domain.as_str()), (0, false, "errwire.dev"));
    assert_eq!(first.domains, ["jobs.example"]);
    assert_eq!((&first.kinds, &first.version), (&list.kinds, &list.version));

    translator.swap(version(2));
    let second = next(&mut answers).await.unwrap();
    let kind = second.kinds.iter().find(|kind| kind.kind == "job_lost").unwrap();
    assert_eq!((u16::try_from(kind.status).unwrap(), kind.message.clone()), said(2));
    assert_ne!(second.version, first.version);

    // What says the same is not a version; what says again what was said before is one.
    translator.swap(version(2));
    translator.swap(version(1));
    assert_eq!(next(&mut answers).await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_watcher_skips_to_the_newest_version() {
    const VERSIONS: u32 = 60;
    let translator = Translator::new(large(0, 5_000));
    let server = server(&translator);
    // Little fits between server and client, so that a client that does not read holds the server up.
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address())).unwrap();
    let endpoint = endpoint.initial_stream_window_size(64 * 1024).initial_connection_window_size(64 * 1024);
    let mut client = CatalogServiceClient::new(endpoint.connect().await.unwrap());
    let mut answers = client.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner();
    let mut given_up = 0;
    whole(&mut answers, &mut given_up).await;

    for number in 1..=VERSIONS {
        translator.swap(large(number, 5_000));
    }
    let newest = translator.catalog().version().to_owned();
    let mut seen = 0;
    loop {
        let (name, kinds) = whole(&mut answers, &mut given_up).await;
        seen += 1;
        let messages: std::collections::BTreeSet<_> =
            kinds.iter().filter(|kind| kind.domain == "jobs.example").map(|kind| &kind.message).collect();
        assert_eq!(messages.len(), 1, "one version at a time");
        assert_eq!(kinds.len(), 5_001 + Catalog::builtin().len());
        if name == newest {
            break;
        }
    }
    assert!(seen + given_up < VERSIONS / 2, "{seen} versions came, and {given_up} began");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_fit_what_clients_take() {
    let translator = Translator::new(large(1, 40_000));
    let server = server(&translator);
    // A message of more than 4 MiB would fail here.
    let (name, kinds) = whole(&mut watch(&server).await, &mut 0).await;
    assert_eq!(name, translator.catalog().version());
    assert_eq!(kinds.len(), translator.catalog().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_ends_when_the_server_stops() {
    let translator = Translator::default();
    let mut server = server(&translator);
    let mut answers = watch(&server).await;
    assert!(next(&mut answers).await.is_some());
    server.stop();
    // So that the watcher asks another server.
    let end = timeout(HANG, answers.message()).await.expect("the stream hangs").unwrap_err();
    assert_eq!(end.code(), tonic::Code::Unavailable);
    drop(answers);
    timeout(HANG, tokio::task::spawn_blocking(|| server.join())).await.unwrap().unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_fails_after_the_reader_has_ended() {
    let reader = CatalogReader::new(Translator::default());
    let client = CatalogServiceClient::new(CatalogServer::new(reader.clone()));
    let watch = async || client.clone().watch_catalog(pb::WatchCatalogRequest {}).await;
    let mut answers = watch().await.unwrap().into_inner();
    assert!(timeout(HANG, answers.next()).await.unwrap().unwrap().is_ok());
    reader.end_watches();
    assert!(timeout(HANG, answers.next()).await.unwrap().is_none());
    let refused = watch().await.err().unwrap();
    assert_eq!(refused.code(), tonic::Code::Unavailable);
    assert_eq!(refused.to_errwire().kind().as_str(), "service_unavailable");
}
