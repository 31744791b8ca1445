//! A Unix socket in place of an address.

use std::{
    fs,
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::UnixListener,
    },
    path::{Path, PathBuf},
};

use crate::support::{
    binary::{Serving, errwire, run},
    requests::trailers,
};
use errwire::service::pb::error_mapping_service_client::ErrorMappingServiceClient;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tonic::transport::Endpoint;

/// Short, since the path of a socket may have about a hundred bytes.
fn socket(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("errwire-{}-{name}.sock", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

fn serve(path: &Path, more: &[&str]) -> Serving {
    let address = format!("unix:{}", path.display());
    Serving::spawn(errwire(&[&["serve", "--listen", &address], more, &["--admin-listen", "off"]].concat()))
}

async fn call(path: &Path) {
    let path = path.to_owned();
    let connect = tower::service_fn(move |_| {
        let path = path.clone();
        async move { UnixStream::connect(path).await.map(TokioIo::new) }
    });
    let channel = Endpoint::from_static("http://localhost").connect_with_connector(connect).await.unwrap();
    let answer = ErrorMappingServiceClient::new(channel).grpc_to_http(trailers("5", "")).await.unwrap();
    assert_eq!(answer.into_inner().response.unwrap().status, 404);
}

fn mode(path: &Path) -> u32 {
    let file = fs::symlink_metadata(path).unwrap();
    assert!(file.file_type().is_socket());
    file.permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_file_is_removed_at_the_end() {
    let path = socket("plain");
    let mut serving = serve(&path, &[]);
    assert_eq!(serving.first_line, format!("listening on unix:{}\n", path.display()));
    assert_eq!(mode(&path), 0o600);
    call(&path).await;
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn replaces_a_stale_socket() {
    let path = socket("stale");
    // As a process that was killed leaves it.
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let _serving = serve(&path, &["--socket-mode", "660"]);
    assert_eq!(mode(&path), 0o660);
    call(&path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_at_the_path_are_not_replaced() {
    let path = socket("taken");
    let _serving = serve(&path, &[]);
    let address = format!("unix:{}", path.display());
    let second = run(&["serve", "--admin-listen", "off", "--listen", &address]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(2), ""));
    assert!(second.stderr.contains("another process does"), "{}", second.stderr);
    call(&path).await;

    let file = socket("file");
    fs::write(&file, "precious").unwrap();
    let refused = run(&["serve", "--admin-listen", "off", "--listen", &format!("unix:{}", file.display())]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("remove the file"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    fs::remove_file(&file).unwrap();
}
