//! TLS, mutual TLS, and certificates that change while the server runs.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::support::{
    binary::{Serving, run},
    raw::until_closed,
    requests::trailers,
    tls::{Authority, Files, Signed, channel, connect, connector},
};
use errwire::service::pb::error_mapping_service_client::ErrorMappingServiceClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{TlsConnector, rustls::pki_types::CertificateDer};

fn serve([certificate, key]: &[String; 2], more: &[&str]) -> Serving {
    Serving::start(&[&["--tls-certificate", certificate, "--tls-key", key], more].concat())
}

async fn call(address: SocketAddr, connector: TlsConnector) -> Result<(), Box<dyn std::error::Error>> {
    let mut client = ErrorMappingServiceClient::new(channel(address, connector).await?);
    let answer = client.grpc_to_http(trailers("5", "")).await?.into_inner();
    assert_eq!(answer.response.unwrap().status, 404);
    Ok(())
}

/// The certificate that a new connection sees.
async fn shown(address: SocketAddr, connector: &TlsConnector) -> CertificateDer<'static> {
    let stream = connect(address, connector).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

/// Waits until new connections see this certificate.
async fn until_shown(address: SocketAddr, connector: &TlsConnector, signed: &Signed) {
    let begin = Instant::now();
    while shown(address, connector).await != signed.der {
        assert!(begin.elapsed() < Duration::from_secs(30), "the new certificate is not shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_both_versions_of_http() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_versions"));
    let serving = serve(&files.put(&authority.sign()), &[]);
    call(serving.address(), connector(&authority, None, &["h2"])).await.unwrap();

    for (offered, chosen) in [(&["h2", "http/1.1"][..], &b"h2"[..]), (&["http/1.1"], b"http/1.1")] {
        let stream = connect(serving.address(), &connector(&authority, None, offered)).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(chosen));
    }

    let mut stream = connect(serving.address(), &connector(&authority, None, &["http/1.1"])).await.unwrap();
    stream.write_all(b"GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    assert!(answer.contains(r#"{"kind":"not_found","#), "{answer}");

    // A client without TLS, and one that does not trust the authority, gets no response.
    let stranger = connector(&Authority::new("other"), None, &["h2"]);
    assert!(connect(serving.address(), &stranger).await.is_err());
    let mut plain = tokio::net::TcpStream::connect(serving.address()).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_handshake_is_closed() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_stalled"));
    let serving = serve(&files.put(&authority.sign()), &["--handshake-timeout", "300ms"]);
    // Nothing; the beginning of a record of a handshake (RFC 8446, 5.1); and nothing after the whole handshake.
    for beginning in [&b""[..], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = tokio::net::TcpStream::connect(serving.address()).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        until_closed(&mut stream).await;
    }
    let mut stream = connect(serving.address(), &connector(&authority, None, &["h2"])).await.unwrap();
    let closed = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut Vec::new())).await;
    let _ = closed.expect("the server closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls_requires_a_certificate_of_the_authority() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let files = Files::new("tls_mutual");
    let ca = files.write("ca.crt", &clients.pem());
    let serving = serve(&files.put(&servers.sign()), &["--tls-client-ca", &ca]);

    call(serving.address(), connector(&servers, Some(&clients.sign()), &["h2"])).await.unwrap();
    assert!(call(serving.address(), connector(&servers, None, &["h2"])).await.is_err());
    let stranger = Authority::new("clients").sign();
    assert!(call(serving.address(), connector(&servers, Some(&stranger), &["h2"])).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn new_certificates_are_used_without_a_restart() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_reload"));
    let (first, second) = (authority.sign(), authority.sign());
    let mut serving = serve(&files.put(&first), &["--tls-reload-interval", "50ms"]);
    let (address, connector) = (serving.address(), connector(&authority, None, &["h2"]));
    assert_eq!(shown(address, &connector).await, first.der);
    let old = channel(address, connector.clone()).await.unwrap();

    // The certificate before its key: the two do not fit each other, so that the first ones stay.
    files.write("tls.crt", &second.certificate);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shown(address, &connector).await, first.der);
    files.write("tls.key", &second.key);
    until_shown(address, &connector, &second).await;

    // A connection that there was stays.
    ErrorMappingServiceClient::new(old).grpc_to_http(trailers("5", "")).await.unwrap();

    serving.signal("TERM");
    let log = serving.errors();
    assert_eq!(log.matches("the old ones stay").count(), 1, "each problem is told once:\n{log}");
    assert_eq!(log.matches("new certificates are in use").count(), 1, "{log}");
    assert!(log.contains("tls.crt"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_reloads_the_certificates_unless_they_are_broken() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_hangup"));
    let (first, second) = (authority.sign(), authority.sign());
    let serving = serve(&files.put(&first), &["--tls-reload-interval", "off"]);
    let (address, connector) = (serving.address(), connector(&authority, None, &["h2"]));

    for broken in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        files.write("tls.crt", broken);
        serving.signal("HUP");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(shown(address, &connector).await, first.der, "{broken:?}");
    }
    files.put(&second);
    serving.signal("HUP");
    until_shown(address, &connector, &second).await;
}

/// To open a pipe waits for somebody to write to it, and so would whoever waits for the certificates.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_instead_of_a_certificate_does_not_stop_rotation() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_pipe"));
    let (first, second) = (authority.sign(), authority.sign());
    let [certificate, key] = files.put(&first);
    let mut serving = serve(&[certificate.clone(), key], &["--tls-reload-interval", "50ms"]);
    let (address, connector) = (serving.address(), connector(&authority, None, &["h2"]));
    let pipe = format!("{certificate}.pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::rename(&pipe, &certificate).unwrap();
    let mut log = BufReader::new(serving.child.stderr.take().unwrap());
    let told = tokio::task::spawn_blocking(move || {
        let told = log.by_ref().lines().map_while(Result::ok).find(|line| line.contains("the old ones stay"));
        (told, log)
    });
    let (told, mut log) =
        tokio::time::timeout(Duration::from_secs(30), told).await.expect("nothing is logged").unwrap();
    let told = told.unwrap();
    assert!(
        told.contains(&certificate) && told.contains("it is a pipe, a socket or a device, and not a file"),
        "{told}"
    );
    assert_eq!(shown(address, &connector).await, first.der);

    let file = files.write("next.crt", &second.certificate);
    files.write("tls.key", &second.key);
    std::fs::rename(file, &certificate).unwrap();
    until_shown(address, &connector, &second).await;
    serving.signal("TERM");
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("new certificates are in use"), "{rest}");
}

#[test]
fn certificates_are_checked_before_anything_is_bound() {
    let (authority, files) = (Authority::new("one"), Files::new("tls_refused"));
    let [certificate, key] = files.put(&authority.sign());
    let other_key = files.write("other.key", &authority.sign().key);
    let no_pem = files.write("no.pem", "hello");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let rows = [
        (&certificate, &other_key, "belong together"),
        (&no_pem, &key, "there is no certificate"),
        (&certificate, &no_pem, "there is no private key"),
    ];
    for (certificate, key, expected) in rows {
        let ended = run(&["serve", "--listen", &address, "--tls-certificate", certificate, "--tls-key", key]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains("--tls-") && ended.stderr.contains(expected), "{}", ended.stderr);
        assert!(!ended.stderr.contains("another process"), "{}", ended.stderr);
    }
}

#[test]
fn plaintext_beyond_loopback_needs_a_setting() {
    let ended = run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("--listen: error[conflict]: 0.0.0.0:0 is not loopback"), "{}", ended.stderr);
    assert!(ended.stderr.contains("set `allow_plaintext`"), "{}", ended.stderr);
}
