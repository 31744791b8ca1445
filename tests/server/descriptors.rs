//! A server with few file descriptors.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{binary::Serving, requests::trailers, server::channel};
use errwire::service::pb::error_mapping_service_client::ErrorMappingServiceClient;

/// With these limits, as `ulimit` takes them.
fn serve(limits: &str) -> Serving {
    let script = format!(r#"{limits}; exec "$0" serve --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0"#);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_errwire")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Serving::spawn(command)
}

fn descriptors(serving: &Serving) -> usize {
    fs::read_dir(format!("/proc/{}/fd", serving.child.id())).unwrap().count()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn is_live(serving: &Serving) -> bool {
    let mut stream = TcpStream::connect(serving.admin_address()).unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.starts_with("HTTP/1.1 200 ")
}

/// With 48 descriptors there are 24 connections; the rest is for the admin listener, and for what else the process needs.
#[tokio::test(flavor = "multi_thread")]
async fn connections_leave_some_for_the_admin_listener() {
    let mut serving = serve("ulimit -n 48");
    let address = serving.address();
    let before = descriptors(&serving);
    let connections: Vec<_> = (0..64).map(|_| TcpStream::connect(address).unwrap()).collect();
    // Those above the limit are closed at once, and do not wait for the others.
    let is_closed = |mut stream: &TcpStream| {
        stream.set_nonblocking(true).unwrap();
        !stream.read(&mut [0]).is_err_and(|why| why.kind() == std::io::ErrorKind::WouldBlock)
    };
    until("40 are closed", || connections.iter().filter(|stream| is_closed(stream)).count() == 40);
    assert_eq!(descriptors(&serving), before + 24);
    assert!(is_live(&serving));

    drop(connections);
    until("descriptors leak", || descriptors(&serving) <= before);
    let mut client = ErrorMappingServiceClient::new(channel(address).await);
    client.grpc_to_http(trailers("5", "")).await.unwrap();
    drop(client);
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let log = serving.errors();
    assert_eq!(log.matches("too few file descriptors for max_connections").count(), 1, "{log}");
}

/// The usual soft limit is much lower than what the system allows.
#[test]
fn the_soft_limit_is_raised() {
    let mut serving = serve("ulimit -Sn 100; ulimit -Hn 12000");
    let limits = fs::read_to_string(format!("/proc/{}/limits", serving.child.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(line.split_whitespace().skip(3).take(2).collect::<Vec<_>>(), ["12000", "12000"]);
    serving.signal("TERM");
    let log = serving.errors();
    assert!(!log.contains("too few"), "{log}");
}
