//! The limits of a connection: peers that send nothing or take nothing, and connections that are idle or old.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use crate::support::{
    raw::{DATA, END_STREAM, GOAWAY, PING, PREFACE, RST_STREAM, Raw, SETTINGS, WINDOW_UPDATE, until_closed},
    requests::{response, trailers},
    server::Server,
};
use errwire::server::config::Size;
use tokio::{io::AsyncWriteExt, net::TcpStream};

const TRANSLATE: &str = "/errwire.v1.ErrorMappingService/Translate";
const TO_GRPC: &str = "/errwire.v1.ErrorMappingService/HttpToGrpc";

const SOON: Option<Duration> = Some(Duration::from_millis(300));

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_handshake_in_time_is_closed() {
    let server = Server::set(|config| config.handshake_timeout = SOON);
    let mut channel = server.mapping().await;
    for beginning in [&b""[..], b"P", &PREFACE[..23]] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        until_closed(&mut stream).await;
    }
    // One that has begun is not, although it sends no more.
    channel.grpc_to_http(trailers("5", "")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_with_an_unfinished_header_is_closed() {
    let server = Server::set(|config| config.request_timeout = SOON);
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
    until_closed(&mut stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_without_window_is_reset() {
    let server = Server::set(|config| config.write_timeout = SOON);
    let mut raw = Raw::open(server.address(), 0).await;
    raw.call(1, TO_GRPC).await;
    raw.message(END_STREAM, 1, &prost::Message::encode_to_vec(&response(404, "{}"))).await;
    let reset = raw.until(RST_STREAM).await.unwrap();
    assert_eq!(reset.stream, 1);

    // The connection goes on, for a stream that has room.
    raw.call(3, TO_GRPC).await;
    raw.send(WINDOW_UPDATE, 0, 3, &100_000_u32.to_be_bytes()).await.unwrap();
    raw.message(END_STREAM, 3, &prost::Message::encode_to_vec(&response(404, "{}"))).await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_waits_for_its_caller_is_not_reset() {
    let server = Server::set(|config| config.write_timeout = SOON);
    let mut raw = Raw::open(server.address(), 65_535).await;
    raw.call(1, TRANSLATE).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    raw.message(0, 1, b"").await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_reads_nothing_is_closed() {
    let server = Server::set(|config| {
        config.write_timeout = SOON;
        config.keepalive_interval = None;
    });
    let mut raw = Raw::open(server.address(), 0x7fff_ffff).await;
    raw.send(WINDOW_UPDATE, 0, 0, &0x7fff_0000_u32.to_be_bytes()).await.unwrap();
    raw.call(1, TRANSLATE).await;
    // Messages without content, as many as the first window of the server takes. Their answers are sixty times as large, and
    // fill the buffers of the system, since nobody reads them.
    for _ in 0..60 {
        raw.send(DATA, 0, 1, &[0; 5 * 3276]).await.unwrap();
    }
    let pings = async {
        while raw.send(PING, 0, 0, &[0; 8]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), pings).await.expect("the server closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_gets_a_goaway() {
    let server = Server::set(|config| config.idle_timeout = SOON);
    let mut raw = Raw::open(server.address(), 65_535).await;
    let goaway = raw.until(GOAWAY).await.expect("a GOAWAY comes before the end");
    assert_eq!(goaway.goaway_code(), 0, "NO_ERROR");
    while raw.until(GOAWAY).await.is_some() {}

    // One with a call is not idle, however long that lasts.
    let mut raw = Raw::open(server.address(), 65_535).await;
    raw.call(1, TRANSLATE).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    raw.message(END_STREAM, 1, b"").await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 1);
    raw.until(GOAWAY).await.expect("once its call is over it is");

    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with(b"HTTP/1.1 404 "), "HTTP/1.1 is closed after its response");
}

/// In two steps, by [A9](https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md): first that no call should
/// be begun, then which are answered. tonic closes without either.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_connection_gets_a_goaway_and_its_calls_finish() {
    let server = Server::set(|config| config.max_connection_age = SOON);
    let mut raw = Raw::open(server.address(), 65_535).await;
    raw.call(1, TRANSLATE).await;
    let first = raw.until(GOAWAY).await.unwrap();
    assert_eq!((first.goaway_code(), first.goaway_last()), (0, 0x7fff_ffff));
    // A call that was on its way is answered.
    raw.call(3, TO_GRPC).await;
    raw.message(END_STREAM, 3, &prost::Message::encode_to_vec(&response(404, "{}"))).await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 3);

    raw.message(END_STREAM, 1, b"").await;
    assert_eq!(raw.until(DATA).await.unwrap().stream, 1);
    assert!(raw.until(SETTINGS).await.is_none(), "it is closed after the last call");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_outlasts_its_connection_ends_with_a_status() {
    let server = Server::set(|config| {
        config.max_connection_age = SOON;
        config.max_connection_age_grace = Duration::from_millis(300);
    });
    let mut client = server.mapping().await;
    let endless = tokio_stream::pending::<errwire::service::pb::TranslateRequest>();
    let mut answers = client.translate(endless).await.unwrap().into_inner();
    let ended = answers.message().await.unwrap_err();
    let error = errwire::StatusExt::to_errwire(&ended);
    assert_eq!((error.kind().as_str(), ended.code()), ("service_unavailable", tonic::Code::Unavailable));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_http2_are_announced() {
    let server = Server::set(|config| {
        config.max_concurrent_streams = NonZeroU32::new(7).unwrap();
        config.max_header_list_bytes = Size::kib(8);
    });
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(PREFACE).await.unwrap();
    let mut raw = Raw(stream);
    raw.send(SETTINGS, 0, 0, &[]).await.unwrap();
    let settings = raw.until(SETTINGS).await.unwrap().payload;
    let settings: Vec<(u16, u32)> = settings
        .chunks(6)
        .map(|one| (u16::from_be_bytes([one[0], one[1]]), u32::from_be_bytes(one[2..].try_into().unwrap())))
        .collect();
    // SETTINGS_MAX_CONCURRENT_STREAMS, and SETTINGS_MAX_HEADER_LIST_SIZE with room for a request that is too large, so that it gets its error.
    assert!(settings.contains(&(3, 7)) && settings.contains(&(6, 2 * 8192)), "{settings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_above_the_limit_is_closed() {
    let server = Server::set(|config| config.max_connections = NonZeroUsize::new(1).unwrap());
    let mut first = Raw::open(server.address(), 65_535).await;
    let mut second = TcpStream::connect(server.address()).await.unwrap();
    assert!(until_closed(&mut second).await.is_empty());

    first.call(1, TRANSLATE).await;
    first.message(END_STREAM, 1, b"").await;
    first.until(DATA).await.expect("the first goes on");
    drop(first);
    // The place is free once the server has seen that the first is gone.
    let begin = std::time::Instant::now();
    while tonic::transport::Endpoint::from_shared(format!("http://{}", server.address()))
        .unwrap()
        .connect()
        .await
        .is_err()
    {
        assert!(begin.elapsed() < Duration::from_secs(30));
    }
}
