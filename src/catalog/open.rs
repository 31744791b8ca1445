//! Reading files that may be anything: for the loader, the certificates of a server, and what a follower has saved.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

/// Opens a regular file.
///
/// Reading a named pipe or a device could block without end, and with it a command, or a server that starts or checks its
/// certificates. What this process has open already, such as `/dev/stdin` or a process substitution of a shell, is read.
///
/// # Errors
///
/// If it cannot be opened, or is something else.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !metadata.is_file() && !is_open_already(path) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe, a socket or a device, and not a file"));
    }
    File::open(path)
}

/// The content of a file, if it has at most so many bytes.
///
/// # Errors
///
/// As [`open_file`], and if it is larger, of which no more is read.
pub(crate) fn read_file(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_file(path)?.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        let why = format!("it has more than {max_bytes} bytes, which is the most that is read");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// Whether a path names a descriptor of this process.
fn is_open_already(path: &Path) -> bool {
    path == Path::new("/dev/stdin") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}
