//! `errwire diff` with a running server in place of a file.

use std::{
    fmt::Write,
    io::{Read, Write as _},
    net::TcpListener,
    thread,
};

use crate::support::{
    binary::{file, run},
    server::Server,
};
use errwire::{Catalog, Policy, Translator, server::App};

const TASKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/catalogs/tasks.yaml");

fn serve(catalog: Catalog, domain: &str) -> Server {
    let mut policy = Policy::default();
    policy.domain = domain.to_owned().into();
    Server::with(App::new(Translator::with_policy(catalog, policy)))
}

fn tasks() -> Catalog {
    Catalog::load([TASKS]).unwrap()
}

/// Every field of an entry comes over: translations, delays, what replaces a built-in kind.
#[test]
fn a_server_and_its_file_do_not_differ() {
    // The domain of built-in kinds is the server's to set; a file says nothing about them.
    let server = serve(tasks(), "policy.example");
    for address in [format!("http://{}", server.address()), format!("grpc://{}/", server.address())] {
        let ended = run(&["diff", TASKS, &address]);
        assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (Some(0), "Nothing changed\n", ""));
    }
}

#[test]
fn changes_are_found_in_either_direction() {
    let text = std::fs::read_to_string(TASKS).unwrap();
    let changed = file("diff_server.yaml", &text.replace("status: 429", "status: 503"));
    let server = serve(tasks(), "errwire.dev");
    let address = format!("http://{}", server.address());
    let ended = run(&["diff", "--format", "json", &address, &changed]);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let changes: Vec<_> = json["changes"].as_array().unwrap().iter().map(|change| change["message"].clone()).collect();
    assert_eq!(ended.code, Some(1));
    assert_eq!(changes, ["The status was 429 and is 503", "The kind was public and is internal"]);

    let ended = run(&["diff", &changed, &address]);
    assert!(
        ended.stdout.starts_with("breaks  task_quota_exhausted: The status was 503 and is 429."),
        "{}",
        ended.stdout
    );
}

/// What methods declare, too; and other commands take a server in place of a file.
#[test]
fn a_server_has_the_methods() {
    let text = "domain: d.example\nmethods:\n  a.v1.S/Get: [gone]\n";
    let server = serve(Catalog::from_yaml("methods.yaml", text).unwrap(), "errwire.dev");
    let address = format!("http://{}", server.address());
    let more = file("diff_server_methods.yaml", &text.replace("gone", "gone, conflict"));
    let ended = run(&["diff", "--exhaustive", &address, &more]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stdout.starts_with("extends a.v1.S/Get: It may fail with `conflict`, which is new"),
        "{}",
        ended.stdout
    );
    for args in [["explain", "a.v1.S/Get"], ["docs", "--format=markdown"]] {
        let ended = run(&[&args[..], &["--catalog", &address]].concat());
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.contains("a.v1.S/Get") && ended.stdout.contains("gone"), "{}", ended.stdout);
    }
}

#[test]
fn two_servers_differ_in_their_domains_too() {
    let servers = ["one.example", "other.example"].map(|domain| serve(Catalog::builtin(), domain));
    let [one, other] = servers.each_ref().map(|server| format!("http://{}", server.address()));
    let ended = run(&["diff", &one, &other]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stdout.contains("token_missing: The domain was `one.example` and is `other.example`."),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.ends_with("48 changes break callers; 0 safe\n"), "{}", ended.stdout);
}

#[test]
fn all_parts_are_read() {
    let mut text = "domain: d.example\nkinds:\n".to_owned();
    (0..2_100).for_each(|n| writeln!(text, "  kind_{n}: {{status: 404, code: NOT_FOUND, message: m}}").unwrap());
    let path = file("pages.yaml", &text);
    let server = serve(Catalog::from_yaml("pages.yaml", &text).unwrap(), "errwire.dev");
    let address = format!("http://{}", server.address());
    assert_eq!(run(&["diff", &path, &address]).stdout, "Nothing changed\n");
    let fewer = file("fewer.yaml", &text.replace("  kind_2099: {status: 404, code: NOT_FOUND, message: m}\n", ""));
    assert!(run(&["diff", &address, &fewer]).stdout.starts_with("breaks  kind_2099: The kind is gone."));
}

#[test]
fn an_address_without_a_server_is_reported() {
    // Says something, and not HTTP/2.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = format!("http://{}", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64]);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
    });
    let rows = [
        ("http://127.0.0.1:1", "no server can be reached: start it, or fix the address"),
        ("http://no host:1", "it is not an address: write http://HOST:PORT"),
        ("https://127.0.0.1:1", "TLS is not supported here: use an http:// address, or compare files"),
        (&*other, "the server there is not an `errwire serve`"),
    ];
    for (address, why) in rows {
        let ended = run(&["diff", TASKS, address]);
        assert_eq!((ended.code, &*ended.stdout), (Some(2), ""), "{address}");
        assert!(
            ended.stderr.starts_with(&format!("error: cannot read the catalog of {address}\n")),
            "{}",
            ended.stderr
        );
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    }
    thread.join().unwrap();
}
