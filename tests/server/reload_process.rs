//! `errwire serve` as a process whose catalog file changes: signals, logs, and what a restart does.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    time::Duration,
};

use crate::support::{
    binary::{Serving, run},
    catalogs::{Folder, HANG, said, yaml},
    server::channel,
};
use errwire::service::pb::{self, catalog_service_client::CatalogServiceClient};
use flate2::read::GzDecoder;
use serde_json::Value;
use tokio::{task, time};

type Client = CatalogServiceClient<tonic::transport::Channel>;

async fn client(serving: &Serving) -> Client {
    CatalogServiceClient::new(channel(serving.address()).await)
}

async fn served(client: &mut Client) -> (u16, String) {
    let kind =
        client.get_kind(pb::GetKindRequest { kind: "job_lost".into() }).await.unwrap().into_inner().kind.unwrap();
    (kind.status.try_into().unwrap(), kind.message)
}

async fn until_served(client: &mut Client, number: u32) {
    let there = async {
        while served(client).await != said(number) {
            time::sleep(Duration::from_millis(5)).await;
        }
    };
    time::timeout(HANG, there).await.expect("the version does not come");
}

/// What the state directory keeps, decompressed.
fn kept(folder: &Folder) -> Option<String> {
    let file = File::open(folder.path("state/last-good.catalog")).ok()?;
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Stops the server and gives its log.
fn log(mut serving: Serving) -> Vec<Value> {
    serving.signal("TERM");
    let log = serving.errors();
    assert_eq!(serving.child.wait().unwrap().code(), Some(0), "{log}");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    // Besides what happens to catalogs, there is how it stops.
    lines.filter(|line| !line["target"].as_str().unwrap().ends_with("::serve")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_reloads_the_files() {
    let folder = Folder::new("hangup");
    folder.write("c.yaml", yaml(1));
    let serving = Serving::start(&["--catalog", &folder.arg("c.yaml"), "--catalog-reload-interval", "off"]);
    let mut client = client(&serving).await;
    let mut watch = client.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner();
    let first = time::timeout(HANG, watch.message()).await.unwrap().unwrap().unwrap();
    for number in 2..=3 {
        folder.rename_over("c.yaml", yaml(number));
        assert_eq!(served(&mut client).await, said(number - 1), "nobody looks");
        serving.signal("HUP");
        until_served(&mut client, number).await;
        let next = time::timeout(HANG, watch.message()).await.unwrap().unwrap().unwrap();
        assert_ne!(next.version, first.version);
    }
    drop((client, watch));
    let lines = log(serving);
    let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["the catalog files are followed", "the catalog was replaced", "the catalog was replaced"]);
    assert_eq!(lines[2]["generation"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_without_files_changes_nothing() {
    let serving = Serving::start(&[]);
    serving.signal("HUP");
    let mut client = client(&serving).await;
    client.get_kind(pb::GetKindRequest { kind: "gone".into() }).await.unwrap();
    drop(client);
    log(serving);
}

/// The next line of that level.
fn next_error(log: &mut impl BufRead) -> Value {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    lines.into_iter().find(|line| line["level"] == "ERROR").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_logged_once_with_all_that_is_wrong() {
    let folder = Folder::new("logged");
    folder.write("c.yaml", yaml(1));
    let mut serving = Serving::start(&["--catalog", &folder.arg("c.yaml"), "--catalog-reload-interval", "10ms"]);
    let mut client = client(&serving).await;
    let mut errors = BufReader::new(serving.child.stderr.take().unwrap());
    folder.rename_over("c.yaml", yaml(2).replace("ABORTED", "OK").replace("status: 4", "status: 2"));
    let first = time::timeout(HANG, task::spawn_blocking(move || (next_error(&mut errors), errors)));
    let (line, mut errors) = first.await.expect("nothing is logged").unwrap();
    // It is looked at some more times, and the same is not said again.
    time::sleep(Duration::from_millis(300)).await;
    assert_eq!(served(&mut client).await, said(1));
    folder.rename_over("c.yaml", yaml(3));
    until_served(&mut client, 3).await;
    drop(client);
    serving.signal("TERM");
    let mut rest = String::new();
    errors.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("ERROR"), "{rest}");

    let problems = line["problems"].as_str().unwrap();
    assert_eq!(problems.lines().count(), 2, "{problems}");
    assert!(problems.contains("c.yaml:3:23: `202` is not the HTTP status of an error."), "{problems}");
    assert!(problems.contains("c.yaml:3:34:"), "{problems}");
    assert_eq!(line["count"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_with_a_bad_file_needs_a_state_directory() {
    let folder = Folder::new("restart");
    folder.write("c.yaml", yaml(1));
    let (file, state) = (folder.arg("c.yaml"), folder.arg("state"));
    let args = ["--catalog", &file, "--state-dir", &state, "--catalog-reload-interval", "10ms"];
    let serving = Serving::start(&args);
    let mut first = client(&serving).await;
    folder.rename_over("c.yaml", yaml(2));
    until_served(&mut first, 2).await;
    drop(first);
    let kept = async {
        while !kept(&folder).is_some_and(|version| version.contains("Version 2.")) {
            time::sleep(Duration::from_millis(5)).await;
        }
    };
    time::timeout(HANG, kept).await.expect("nothing is kept");
    log(serving);

    folder.rename_over("c.yaml", "kinds: [");
    let ended = run(&["serve", "--listen", "127.0.0.1:0", "--catalog", &file]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended.stderr.contains("the configuration cannot be used") && ended.stderr.contains("c.yaml:2:1:"),
        "{}",
        ended.stderr
    );

    let serving = Serving::start(&args);
    let mut second = client(&serving).await;
    assert_eq!(served(&mut second).await, said(2));
    drop(second);
    let lines = log(serving);
    assert_eq!(lines[0]["level"], "ERROR");
    assert!(lines[0]["message"].as_str().unwrap().contains("last good catalog of the state directory"), "{lines:?}");
    assert!(lines[0]["problems"].as_str().unwrap().contains("c.yaml:2:1:"), "{lines:?}");
}

#[test]
fn both_bad_catalogs_are_named() {
    let folder = Folder::new("both_bad");
    folder.write("c.yaml", "kinds: [");
    std::fs::create_dir(folder.arg("state")).unwrap();
    let saved = std::path::Path::new(&folder.arg("state")).join("last-good.catalog");
    std::fs::write(&saved, "not gzip").unwrap();
    let (file, state) = (folder.arg("c.yaml"), folder.arg("state"));
    let ended = run(&["serve", "--listen", "127.0.0.1:0", "--catalog", &file, "--state-dir", &state]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    for expected in ["c.yaml:2:1:", &*saved.display().to_string()] {
        assert!(ended.stderr.contains(expected), "{expected}:\n{}", ended.stderr);
    }
}
