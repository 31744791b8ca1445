//! `errwire serve` as a process: its first line, and how it stops.

use std::{
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};

use crate::support::{
    binary::{Serving, errwire, file, run},
    server::channel,
};
use errwire::service::pb::{
    self, catalog_service_client::CatalogServiceClient, error_mapping_service_client::ErrorMappingServiceClient,
};

// docs/rules.md: R-SERVICE-1
#[tokio::test(flavor = "multi_thread")]
async fn serves_and_stops_on_either_signal() {
    for signal in ["TERM", "INT"] {
        let mut serving = Serving::start(&[]);
        let address = serving.address();
        assert_ne!(address.port(), 0);
        let mut client = CatalogServiceClient::new(channel(address).await);
        client.get_kind(pb::GetKindRequest { kind: "gone".into() }).await.unwrap();

        serving.signal(signal);
        assert_eq!(serving.child.wait().unwrap().code(), Some(0), "{signal}");
        assert!(TcpStream::connect(address).is_err(), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_the_catalog_and_the_domain_that_it_was_given() {
    let catalog = file(
        "serve.yaml",
        "domain: api.example.com\n\
         kinds: { quota_used_up: { status: 429, code: RESOURCE_EXHAUSTED, message: Wait., description: Used up } }\n",
    );
    let serving = Serving::start(&["--catalog", &catalog, "--domain", "acme.example"]);
    let mut client = CatalogServiceClient::new(channel(serving.address()).await);
    let kind = client.get_kind(pb::GetKindRequest { kind: "quota_used_up".into() }).await.unwrap().into_inner();
    assert_eq!(kind.kind.unwrap().domain, "api.example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_stops_at_once() {
    let mut serving = Serving::start(&[]);
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let endless = tokio_stream::pending::<pb::TranslateRequest>();
    let _answers = client.translate(endless).await.unwrap();

    let start = Instant::now();
    serving.signal("TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(serving.child.try_wait().unwrap().is_none(), "a call is in flight");
    serving.signal("INT");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(10));
}

/// What other signals of the system would do by themselves is end the process.
#[tokio::test(flavor = "multi_thread")]
async fn other_signals_do_not_end_it() {
    let mut serving = Serving::start(&[]);
    for signal in ["USR1", "USR2", "ALRM", "VTALRM", "PROF", "XFSZ", "IO"] {
        serving.signal(signal);
        let mut client = CatalogServiceClient::new(channel(serving.address()).await);
        client.get_kind(pb::GetKindRequest { kind: "gone".into() }).await.unwrap();
        assert!(serving.child.try_wait().unwrap().is_none(), "{signal}");
    }
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_how_it_stops() {
    let mut serving = Serving::start(&["--log-format", "text", "--drain-timeout", "200ms"]);
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let _answers = client.translate(tokio_stream::pending::<pb::TranslateRequest>()).await.unwrap();
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let log = serving.errors();
    let mut rest = &*log;
    for told in
        ["asked to stop signal=\"SIGTERM\"", "no longer ready", "draining", "calls are still in flight", "drained"]
    {
        let at = rest.find(told).unwrap_or_else(|| panic!("{told} is not there, or not in its place:\n{log}"));
        rest = &rest[at..];
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_why_a_connection_ended() {
    let mut serving = Serving::start(&[
        "--max-connection-age",
        "300ms",
        "--max-connection-age-grace",
        "100ms",
        "--log-format",
        "text",
    ]);
    let mut client = CatalogServiceClient::new(channel(serving.address()).await);
    let mut watch = client.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner();
    serving.signal("USR1");
    while let Ok(Some(_)) = watch.message().await {}
    serving.signal("TERM");
    assert!(serving.errors().contains("max_connection_age"));
}

#[test]
fn prints_the_address_of_the_pages() {
    use std::io::{BufRead as _, BufReader};

    let mut child = errwire(&["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]).spawn().unwrap();
    let lines: Vec<String> =
        BufReader::new(child.stdout.as_mut().unwrap()).lines().take(3).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let admin = lines[1].strip_prefix("admin on ").unwrap();
    assert_eq!(lines[2], format!("pages on http://{admin}/errors"));
}

#[test]
fn reports_why_it_cannot_serve() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = run(&["serve", "--listen", &address]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.starts_with(&format!("error: cannot listen on {address}")), "{}", ended.stderr);
    assert!(ended.stderr.contains("choose another port"), "{}", ended.stderr);

    let ended = run(&["serve", "--listen", "nonsense"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("Cannot listen on nonsense.\n  = Write HOST:PORT"), "{}", ended.stderr);

    // With a catalog that cannot be read nothing is bound: the address in use is never reached.
    let ended = run(&["serve", "--listen", &address, "--catalog", "no-such-file.yaml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("no-such-file.yaml"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_once_what_was_withheld() {
    let mut serving = Serving::start(&[]);
    let mut client = ErrorMappingServiceClient::new(channel(serving.address()).await);
    let info = errwire::rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() };
    let status = errwire::rpc::Status {
        code: 13,
        message: "disk on fire\n{\"level\":\"forged\"}".into(),
        details: vec![prost_types::Any::from_msg(&info).unwrap()],
    };
    let request = |audience: pb::Audience| pb::GrpcToHttpRequest {
        source: Some(pb::grpc_to_http_request::Source::Status(status.clone())),
        options: Some(pb::RenderOptions { audience: audience.into(), ..Default::default() }),
    };
    client.grpc_to_http(request(pb::Audience::Internal)).await.unwrap();
    client.grpc_to_http(request(pb::Audience::Public)).await.unwrap();

    serving.signal("TERM");
    let log = serving.errors();
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines: Vec<_> = lines.filter(|line| !line["target"].as_str().unwrap().ends_with("::serve")).collect();
    let [line] = &lines[..] else { panic!("{log}") };
    assert_eq!(line["request_id"], "req_1");
    assert_eq!(line["message"], "disk on fire\n{\"level\":\"forged\"}");
    assert_eq!(line["withheld"], "message");
}
