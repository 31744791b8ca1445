//! Following a server from another process, as it looks from there.

use std::{fs, net::SocketAddr, process, time::Duration};

use crate::support::{
    catalogs::{Folder, HANG, large, said, says, version},
    server::Server,
};
use errwire::{
    Catalog, Policy, Translator,
    catalog::{HttpRoute, Method},
    remote::{Builder, CatalogSource, Remote, RemoteStatus},
    server::App,
};
use tokio::time;
use tonic::transport::Endpoint;

fn server_at(address: SocketAddr, translator: &Translator) -> Server {
    Server::at(address, App::new(translator.clone()).with_drain_timeout(Duration::from_secs(5)))
}

fn server(translator: &Translator) -> Server {
    server_at("127.0.0.1:0".parse().unwrap(), translator)
}

fn follower(address: SocketAddr) -> Builder {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    Remote::builder(endpoint).with_backoff(Duration::from_millis(10), Duration::from_millis(50))
}

async fn until(remote: &Remote, is_wanted: impl Fn(&RemoteStatus) -> bool) -> RemoteStatus {
    let there = time::timeout(HANG, remote.until(is_wanted)).await;
    there.unwrap_or_else(|_| panic!("stays at {:?}", remote.status()))
}

/// Waits until a follower has what the server has.
async fn until_same(remote: &Remote, server: &Translator) -> RemoteStatus {
    let version = server.catalog().version().to_owned();
    until(remote, |status| status.is_following && status.version == version).await
}

/// An address where nobody listens.
fn nobody() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// On an address of the loopback network that only this test has, the port stays free while its server is away.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_follower_outlives_its_server() {
    let address = {
        let [a, b] = (process::id() as u16).to_be_bytes();
        let taken = std::net::TcpListener::bind(SocketAddr::from(([127, 77, a, b], 0))).unwrap();
        taken.local_addr().unwrap()
    };
    let here = Translator::new(version(1));
    let held_by_a_layer = here.clone();
    let remote = follower(address).start(here.clone()).await;
    // Nobody is there: it starts all the same, with what it was given.
    let status = until(&remote, |status| status.failures >= 3).await;
    assert_eq!((status.source, status.is_following, status.updated), (CatalogSource::Given, false, None));
    assert!(status.last_failure.is_some_and(|why| why.starts_with("cannot connect: ")));
    assert_eq!(says(&here.catalog()), Some(said(1)));

    let there = Translator::new(version(2));
    let first = server_at(address, &there);
    let status = until_same(&remote, &there).await;
    assert_eq!((status.source, status.failures, status.last_failure), (CatalogSource::Server, 0, None));
    assert!(status.updated.is_some());
    assert_eq!(says(&held_by_a_layer.catalog()), Some(said(2)));
    there.swap(version(3));
    until_same(&remote, &there).await;
    assert_eq!(says(&held_by_a_layer.catalog()), Some(said(3)));

    // The server stops, is away for a while, and another one comes at its place.
    first.join().unwrap();
    let status = until(&remote, |status| status.failures >= 3).await;
    assert_eq!((status.source, status.is_following), (CatalogSource::Server, false));
    assert_eq!(says(&held_by_a_layer.catalog()), Some(said(3)));
    for number in 4..=6 {
        let there = Translator::new(version(number));
        let server = server_at(address, &there);
        until_same(&remote, &there).await;
        assert_eq!(says(&held_by_a_layer.catalog()), Some(said(number)));
        server.join().unwrap();
        until(&remote, |status| !status.is_following).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_good_catalog_is_on_disk_when_the_server_is_away() {
    let folder = Folder::new("cache");
    let path = folder.path("deep/errors.catalog");
    let there = Translator::new(version(1));
    let server = server(&there);
    let address = server.address();
    {
        let remote = follower(address).with_cache_file(&path).start(Translator::default()).await;
        until_same(&remote, &there).await;
        there.swap(version(2));
        until_same(&remote, &there).await;
        // Kept after it is put to use.
        let read =
            async || follower(nobody()).with_cache_file(&path).start(Translator::default()).await.status().version;
        let kept = async {
            while read().await != there.catalog().version() {
                time::sleep(Duration::from_millis(5)).await;
            }
        };
        time::timeout(HANG, kept).await.expect("nothing is kept");
    }
    server.join().unwrap();

    let here = Translator::default();
    let remote = follower(address).with_cache_file(&path).start(here.clone()).await;
    assert_eq!(says(&here.catalog()), Some(said(2)), "at once");
    assert_eq!((remote.status().source, remote.status().is_following), (CatalogSource::Cache, false));
    until(&remote, |status| status.failures >= 2).await;
    assert_eq!(says(&here.catalog()), Some(said(2)));
    drop(remote);

    // What is damaged is as good as nothing.
    let whole = fs::read(&path).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"", b"no catalog", &[&whole[..20], b"\xff", &whole[21..]].concat()] {
        fs::write(&path, damaged).unwrap();
        let here = Translator::new(version(9));
        let remote = follower(address).with_cache_file(&path).start(here.clone()).await;
        assert_eq!(remote.status().source, CatalogSource::Given);
        assert_eq!(says(&here.catalog()), Some(said(9)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_is_what_the_server_has() {
    let with_domain = |catalog: Catalog, domain: &'static str| {
        let mut policy = Policy::default();
        policy.domain = domain.into();
        Translator::with_policy(catalog, policy)
    };
    let tasks = Catalog::load(["examples/catalogs/tasks.yaml"]).unwrap();
    let methods = (0..20_000).map(|n| {
        let route = HttpRoute::new("POST", format!("/v1/{{id}}/{n}")).with_body();
        Method::new(format!("tasks.v1.TaskService/M{n}"), ["gone", "task_not_found"]).with_routes([route])
    });
    let with_methods = tasks.clone().with_methods(methods);
    for catalog in [Catalog::builtin(), large(1, 20_000), tasks, with_methods] {
        for domain in ["errwire.dev", "acme.example"] {
            let there = with_domain(catalog.clone(), domain);
            let server = server(&there);
            let here = Translator::new(version(7));
            let remote = follower(server.address()).start(here.clone()).await;
            // Equal in name means equal in every field.
            until_same(&remote, &there).await;
            assert_eq!(here.catalog().own().len(), catalog.own().len(), "{domain}");
            assert!(here.catalog().methods().eq(catalog.methods()), "{domain}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn following_ends_with_the_follower() {
    let there = Translator::new(version(1));
    let server = server(&there);
    let (here, other) = (Translator::default(), Translator::default());
    let remote = follower(server.address()).start(here.clone()).await;
    until_same(&remote, &there).await;
    drop(remote);
    let witness = follower(server.address()).start(other.clone()).await;
    there.swap(version(2));
    until_same(&witness, &there).await;
    assert_eq!(says(&here.catalog()), Some(said(1)));
    time::timeout(HANG, witness.followed()).await.unwrap();
}

/// A file that could be waited for, or that is none, is refused at once.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_is_not_a_file_is_not_read() {
    let folder = Folder::new("cache-special");
    let pipe = folder.path("pipe");
    assert!(process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe, "/dev/zero".into(), folder.path("")] {
        let start = follower(nobody()).with_cache_file(&path).start(Translator::new(version(1)));
        let remote = time::timeout(HANG, start).await.unwrap_or_else(|_| panic!("{} is waited for", path.display()));
        assert_eq!(remote.status().source, CatalogSource::Given, "{}", path.display());
    }
}

/// A gigabyte of nothing in a megabyte of file.
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_unpacks_to_too_much_is_not_used() {
    use std::io::Write as _;

    let folder = Folder::new("cache-bomb");
    let path = folder.path("bomb");
    let mut file = flate2::write::GzEncoder::new(fs::File::create(&path).unwrap(), flate2::Compression::best());
    // Empty kinds, each two bytes.
    let block = [0x12, 0].repeat(512 * 1024);
    (0..32).for_each(|_| file.write_all(&block).unwrap());
    file.finish().unwrap();
    let remote = follower(nobody()).with_cache_file(&path).start(Translator::new(version(1))).await;
    assert_eq!(remote.status().source, CatalogSource::Given);
}

/// A server that changes its mind all the time does not wear out the disk.
#[tokio::test(flavor = "multi_thread")]
async fn the_cache_is_not_written_for_each_version() {
    let folder = Folder::new("cache-often");
    let path = folder.path("errors.catalog");
    let there = Translator::new(version(1));
    let server = server(&there);
    let remote = follower(server.address()).with_cache_file(&path).start(Translator::default()).await;
    until_same(&remote, &there).await;
    let written = || fs::metadata(&path).and_then(|file| file.modified()).ok();
    let mut times = std::collections::BTreeSet::new();
    for number in 2..60 {
        there.swap(version(number));
        until_same(&remote, &there).await;
        times.extend(written());
    }
    assert!(times.len() <= 4, "it was written {} times", times.len());
}
