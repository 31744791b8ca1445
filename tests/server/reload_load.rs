//! Case 30 of the failures that the server is made for, as far as it is about catalogs: reloads under load, of which every
//! other one is bad.

use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::support::{
    catalogs::{Folder, HANG, said, yaml},
    server::Server,
};
use errwire::{
    Policy,
    catalog::Loader,
    server::{App, CatalogFiles, CatalogStatus},
    service::pb::{self, error_mapping_service_client::ErrorMappingServiceClient},
};
use tokio::time;
use tonic::transport::Channel;

const RELOADS: u32 = 200;

/// What breaks the file the `number`th time.
fn harm(folder: &Folder, number: u32) {
    let good = yaml(number);
    match number % 6 {
        0 => folder.rename_over("c.yaml", "domain: ["),
        1 => folder.rename_over("c.yaml", good.replace("ABORTED", "OK")),
        2 => folder.write("c.yaml", &good[..good.len() - 10]),
        3 => fs::remove_file(folder.path("c.yaml")).unwrap(),
        4 => {
            fs::remove_file(folder.path("c.yaml")).unwrap();
            fs::create_dir(folder.path("c.yaml")).unwrap();
        }
        _ => folder.rename_over("c.yaml", good + &"#".repeat(200_000)),
    }
}

fn fix(folder: &Folder, number: u32) {
    if folder.path("c.yaml").is_dir() {
        fs::remove_dir(folder.path("c.yaml")).unwrap();
    }
    folder.rename_over("c.yaml", yaml(number));
}

/// Translates until told to stop, and gives the versions that it saw.
async fn translate(mut client: ErrorMappingServiceClient<Channel>, done: Arc<AtomicBool>) -> BTreeSet<u32> {
    let info =
        errwire::rpc::ErrorInfo { reason: "JOB_LOST".into(), domain: "jobs.example".into(), ..Default::default() };
    let status = errwire::rpc::Status {
        code: 10,
        message: String::new(),
        details: vec![prost_types::Any::from_msg(&info).unwrap()],
    };
    let request =
        pb::GrpcToHttpRequest { source: Some(pb::grpc_to_http_request::Source::Status(status)), ..Default::default() };
    let mut seen = BTreeSet::new();
    while !done.load(Ordering::Relaxed) {
        let answer = time::timeout(HANG, client.grpc_to_http(request.clone())).await.expect("a call hangs");
        let response = answer.expect("no call is lost").into_inner().response.unwrap();
        let Some(pb::http_response::Body::Text(text)) = response.body else { panic!("no body") };
        let body: serde_json::Value = serde_json::from_str(&text).unwrap();
        let message = body["message"].as_str().unwrap();
        let number = message.strip_prefix("Version ").and_then(|rest| rest.strip_suffix(". Look again."));
        let number: u32 = number.unwrap_or_else(|| panic!("{text}")).parse().unwrap();
        assert_eq!(response.status, u32::from(said(number).0), "status and message of one version: {text}");
        seen.insert(number);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_is_of_exactly_one_version() {
    let folder = Folder::new("load");
    folder.write("c.yaml", yaml(0));
    let files = CatalogFiles::new(Loader::new().with_max_bytes(100_000), [folder.path("c.yaml")])
        .with_interval(Some(Duration::from_millis(10)))
        .with_state_dir(folder.path("state"));
    let follower = files.open(Policy::default()).unwrap();
    let watch = follower.watch();
    let until = async |is_there: &dyn Fn(&CatalogStatus) -> bool| {
        let there = async {
            while !is_there(&watch.status()) {
                time::sleep(Duration::from_millis(1)).await;
            }
        };
        time::timeout(HANG, there).await.unwrap_or_else(|_| panic!("stays at {:?}", watch.status()));
    };
    let server = Server::with(App::new(follower.translator().clone()).with_drain_timeout(Duration::from_secs(5)));
    let following = tokio::spawn(follower.run());
    let done = Arc::new(AtomicBool::new(false));
    let mut callers = Vec::new();
    for _ in 0..4 {
        callers.push(tokio::spawn(translate(server.mapping().await, done.clone())));
    }

    for number in 1..=RELOADS / 2 {
        let before = watch.status();
        harm(&folder, number);
        until(&|status| status.failures > before.failures).await;
        assert_eq!(watch.status().version, before.version);
        fix(&folder, number);
        until(&|status| status.generation == before.generation + 1).await;
    }
    done.store(true, Ordering::Relaxed);
    let mut seen = BTreeSet::new();
    for caller in callers {
        seen.extend(caller.await.unwrap());
    }
    let status = watch.status();
    assert!(status.failures >= u64::from(RELOADS / 2) && status.last_reload_successful, "{status:?}");
    assert_eq!(status.generation, u64::from(RELOADS / 2) + 1);
    assert!(seen.len() > 10 && seen.iter().all(|number| *number <= RELOADS / 2), "{seen:?}");
    assert!(!following.is_finished());
    following.abort();
}
