//! Where the page about a kind is, if its catalog does not say.

use std::{collections::BTreeMap, fs};

use crate::support::{
    binary::Serving,
    catalogs::{Folder, HANG},
    server::channel,
};
use errwire::service::pb::{
    self, catalog_service_client::CatalogServiceClient, error_mapping_service_client::ErrorMappingServiceClient,
};
use tokio::time::timeout;

const CATALOG: &str = "domain: api.example.com\nkinds:\n  \
    job_lost: { status: 404, code: NOT_FOUND, message: Look again., description: Lost }\n  \
    job_done: { status: 409, code: ABORTED, message: Look again., description: Done, help_url: https://api.example.com/done }\n";

/// The three kinds that matter here: of the file without and with a page, and a built-in one.
const KINDS: [&str; 3] = ["job_lost", "job_done", "task_not_found"];

/// The `help_url` of each as each RPC tells it.
async fn told(serving: &Serving) -> Vec<[String; 3]> {
    let mut client = CatalogServiceClient::new(channel(serving.address()).await);
    let of = |kinds: Vec<pb::Kind>| {
        let urls: BTreeMap<String, String> = kinds.into_iter().map(|kind| (kind.kind, kind.help_url)).collect();
        KINDS.map(|kind| urls[kind].clone())
    };
    let mut got = Vec::new();
    for kind in KINDS {
        got.extend(client.get_kind(pb::GetKindRequest { kind: kind.into() }).await.unwrap().into_inner().kind);
    }
    let listed = client.list_kinds(pb::ListKindsRequest { page_size: 1_000, ..Default::default() }).await.unwrap();
    let mut watch = client.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner();
    let sent = timeout(HANG, watch.message()).await.unwrap().unwrap().unwrap();
    assert!(!sent.more);
    vec![of(got), of(listed.into_inner().kinds), of(sent.kinds)]
}

/// The `type` of the problem that each kind becomes.
async fn problem_type(serving: &Serving, kind: &str) -> String {
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let source = pb::http_to_grpc_request::Source::Error(pb::ErrorRecord { kind: kind.into(), ..Default::default() });
    let request = pb::HttpToGrpcRequest { source: Some(source), options: None };
    let status = client.http_to_grpc(request).await.unwrap().into_inner().status;
    let request = pb::GrpcToHttpRequest {
        source: status.map(pb::grpc_to_http_request::Source::Status),
        options: Some(pb::RenderOptions { dialect: pb::Dialect::Problem.into(), ..Default::default() }),
    };
    let response = client.grpc_to_http(request).await.unwrap().into_inner().response.unwrap();
    let Some(pb::http_response::Body::Text(body)) = response.body else { panic!("there is a body") };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["type"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_has_its_page() {
    let folder = Folder::new("help-url");
    fs::write(folder.path("c.yaml"), CATALOG).unwrap();
    let serving =
        Serving::start(&["--catalog", &folder.arg("c.yaml"), "--pages-url", "https://errors.example.com/api/"]);
    let expected = [
        "https://errors.example.com/api/errors/job_lost",
        "https://api.example.com/done",
        "https://errors.example.com/api/errors/task_not_found",
    ];
    for urls in told(&serving).await {
        assert_eq!(urls, expected);
    }
    for (kind, url) in KINDS.into_iter().zip(expected) {
        assert_eq!(problem_type(&serving, kind).await, url);
    }
    assert_eq!(problem_type(&serving, "nobody_knows").await, "about:blank");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_help_url_is_made_only_with_pages_url() {
    let folder = Folder::new("no-help-url");
    fs::write(folder.path("c.yaml"), CATALOG).unwrap();
    let serving = Serving::start(&["--catalog", &folder.arg("c.yaml")]);
    for urls in told(&serving).await {
        assert_eq!(urls, ["", "https://api.example.com/done", ""]);
    }
    assert_eq!(problem_type(&serving, "job_lost").await, "about:blank");
}

/// What is kept on disk is the catalog, and not where the pages were when it was kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_saved_catalog_takes_the_current_pages_url() {
    let folder = Folder::new("kept-help-url");
    fs::write(folder.path("c.yaml"), CATALOG).unwrap();
    let start = |url| {
        let state = folder.arg("state");
        Serving::start(&["--catalog", &folder.arg("c.yaml"), "--state-dir", &state, "--pages-url", url])
    };
    let mut serving = start("https://old.example.com");
    assert_eq!(told(&serving).await[0][0], "https://old.example.com/errors/job_lost");
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(folder.path("state/last-good.catalog").exists());

    fs::write(folder.path("c.yaml"), "domain: [").unwrap();
    let serving = start("https://new.example.com");
    for urls in told(&serving).await {
        assert_eq!(urls[0], "https://new.example.com/errors/job_lost");
        assert_eq!(urls[1], "https://api.example.com/done");
    }
}

#[test]
fn an_invalid_address_is_refused() {
    let ended = crate::support::binary::run(&["serve", "--pages-url", "errors.example.com"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let expected = "--pages-url: error[invalid-value]: `errors.example.com` is not a URL of pages.\n  = Write a scheme, a host and \
                    perhaps a path, such as https://errors.example.com.";
    assert!(ended.stderr.contains(expected), "{}", ended.stderr);
}
