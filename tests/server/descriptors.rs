//! A server that has no file descriptor left.

use std::{
    fs,
    net::TcpStream,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{binary::Serving, requests::trailers, server::channel};
use errwire::service::pb::error_mapping_service_client::ErrorMappingServiceClient;

/// With so few descriptors that the connections of this test take them all.
fn serve() -> Serving {
    let script = r#"ulimit -n 48; exec "$0" serve --listen 127.0.0.1:0 --admin-listen off"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_errwire"), "off"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Serving::spawn(command)
}

fn descriptors(serving: &Serving) -> usize {
    fs::read_dir(format!("/proc/{}/fd", serving.child.id())).unwrap().count()
}

/// The time on the processor so far, in ticks of which a second has a hundred: fields 14 and 15 of proc_pid_stat(5).
fn ticks(serving: &Serving) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", serving.child.id())).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_until_there_is_one_again() {
    let mut serving = serve();
    let address = serving.address();
    let before = descriptors(&serving);
    let connections: Vec<_> = (0..64).map(|_| TcpStream::connect(address).unwrap()).collect();
    let begin = Instant::now();
    while descriptors(&serving) < 48 {
        assert!(begin.elapsed() < Duration::from_secs(30), "the descriptors are not used up");
        thread::sleep(Duration::from_millis(10));
    }

    // A loop that does not wait takes all of a processor, which is 200 ticks.
    let busy = ticks(&serving);
    thread::sleep(Duration::from_secs(2));
    let busy = ticks(&serving) - busy;
    assert!(busy < 100, "it is busy for {busy} ticks of 200");

    drop(connections);
    let mut client = ErrorMappingServiceClient::new(channel(address).await);
    client.grpc_to_http(trailers("5", "")).await.unwrap();
    drop(client);
    let begin = Instant::now();
    while descriptors(&serving) > before {
        assert!(begin.elapsed() < Duration::from_secs(30), "{} descriptors leak", descriptors(&serving) - before);
        thread::sleep(Duration::from_millis(10));
    }

    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let log = serving.errors();
    let told = log.matches("no connection can be accepted").count();
    assert!((1..10).contains(&told), "it is told {told} times:\n{log}");
}
