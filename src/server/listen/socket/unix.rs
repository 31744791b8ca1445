//! Unix sockets.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process,
};

use tokio::net::{UnixListener, UnixStream};

use crate::server::config::SocketMode;

/// A socket file, which goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Device and inode: another server may have put its own file there since.
    file: (u64, u64),
}

impl Listener {
    /// Takes the place of a socket that nobody listens on, which a server that was killed leaves behind.
    pub(super) async fn bind(path: &Path, mode: SocketMode) -> io::Result<Self> {
        match fs::symlink_metadata(path) {
            Ok(file) if !file.file_type().is_socket() => {
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the path exists and is not a socket"));
            }
            Ok(_) if UnixStream::connect(path).await.is_ok() => return Err(io::ErrorKind::AddrInUse.into()),
            _ => {}
        }
        // Under another name until the permissions are right; the move also replaces what is stale.
        let new = beside(path);
        let _ = fs::remove_file(&new);
        let socket = UnixListener::bind(&new)?;
        let moved = fs::set_permissions(&new, fs::Permissions::from_mode(mode.get()))
            .and_then(|()| fs::rename(&new, path))
            .and_then(|()| identity(path));
        match moved {
            Ok(file) => Ok(Self { socket, path: path.to_owned(), file }),
            Err(why) => {
                let _ = fs::remove_file(&new);
                Err(why)
            }
        }
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        self.socket.accept().await.map(|(stream, _)| stream)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|file| file == self.file) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".{}", process::id()));
    name.into()
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}
