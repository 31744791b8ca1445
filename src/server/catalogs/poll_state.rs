//! Whether files have changed from one poll to the next: their fingerprints, without inotify and through symbolic links.

use std::{
    fs::{self, File, Metadata},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read},
    path::Path,
    time::{Duration, SystemTime},
};

/// The fingerprints of the files, from one poll to the next.
///
/// A change counts once two polls in a row are equal: a file that is being written is incomplete, and half a catalog may look
/// like a whole one.
#[derive(Clone, Debug)]
pub(super) struct PollState {
    /// When the files were read last.
    read: Vec<Fingerprint>,
    /// At the last poll.
    last: Vec<Fingerprint>,
    /// Whether they are to be read even if they are unchanged.
    is_asked: bool,
    is_unsettled: bool,
}

impl PollState {
    pub(super) fn new(read: Vec<Fingerprint>) -> Self {
        Self { last: read.clone(), read, is_asked: false, is_unsettled: false }
    }

    /// Reads the files at the next poll.
    pub(super) fn ask(&mut self) {
        self.is_asked = true;
    }

    /// Whether the next poll should come soon.
    pub(super) fn is_unsettled(&self) -> bool {
        self.is_unsettled
    }

    pub(super) fn last(&self) -> &[Fingerprint] {
        &self.last
    }

    /// Takes the fingerprints of a poll. Whether to read the files now.
    pub(super) fn poll(&mut self, now: Vec<Fingerprint>) -> bool {
        let is_news = now != self.read;
        let is_steady = now == self.last;
        self.last = now;
        self.is_unsettled = is_news && !is_steady;
        self.is_asked || is_news && is_steady
    }

    /// Takes the fingerprints after reading. `false` if the files have changed meanwhile, so that the result is discarded.
    pub(super) fn finish_read(&mut self, now: Vec<Fingerprint>) -> bool {
        let is_same = now == self.last;
        self.last = now;
        self.is_unsettled = !is_same;
        if is_same {
            self.read.clone_from(&self.last);
            self.is_asked = false;
        }
        is_same
    }
}

/// A file that was changed less than this before a poll may change again under the same timestamp, since the clocks of file
/// systems are coarse. git has the same problem (<https://git-scm.com/docs/racy-git>).
const RACY: Duration = Duration::from_secs(2);

/// The fingerprint of a file. Two are equal if the content is the same.
#[derive(Clone, Debug)]
pub(super) enum Fingerprint {
    File {
        metadata: FileMetadata,
        content: u64,
        taken: SystemTime,
    },
    /// A pipe or a device, which cannot be read twice.
    Special,
    Missing(io::ErrorKind),
}

/// The metadata of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileMetadata {
    len: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the last change of its metadata.
    place: Option<(u64, u64, i64, i64)>,
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { content: a, .. }, Self::File { content: b, .. }) => a == b,
            (Self::Special, Self::Special) => true,
            (Self::Missing(a), Self::Missing(b)) => a == b,
            _ => false,
        }
    }
}

impl Fingerprint {
    /// Takes the fingerprint of a file. The file is not read if its metadata is unchanged, and older than the clock of the file
    /// system can blur. At most `max_bytes` are read.
    pub(super) fn at(path: &Path, before: Option<&Self>, max_bytes: u64) -> Self {
        let taken = SystemTime::now();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(why) => return Self::Missing(why.kind()),
        };
        if !metadata.is_file() && !metadata.is_dir() {
            return Self::Special;
        }
        let metadata = FileMetadata::new(&metadata);
        if let Some(Self::File { metadata: same, content, taken: then }) = before
            && *same == metadata
            && metadata.is_older_than(*then)
        {
            return Self::File { metadata, content: *content, taken: *then };
        }
        match content(path, max_bytes) {
            Ok(content) => Self::File { metadata, content, taken },
            Err(why) => Self::Missing(why.kind()),
        }
    }

    pub(super) fn is_special(&self) -> bool {
        matches!(self, Self::Special)
    }
}

impl FileMetadata {
    fn new(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok(), place: place(metadata) }
    }

    fn is_older_than(&self, time: SystemTime) -> bool {
        let age = self.modified.and_then(|modified| time.duration_since(modified).ok());
        age.is_some_and(|age| age > RACY)
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn place(metadata: &Metadata) -> Option<(u64, u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;

    Some((metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
}

#[cfg(not(unix))]
fn place(_metadata: &Metadata) -> Option<(u64, u64, i64, i64)> {
    None
}

fn content(path: &Path, max_bytes: u64) -> io::Result<u64> {
    let mut file = File::open(path)?.take(max_bytes.saturating_add(1));
    let mut hasher = DefaultHasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(len) => buffer[..len].hash(&mut hasher),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::ErrorKind, path::PathBuf, process};

    use super::*;

    /// Different fingerprints, without files.
    fn fingerprints(number: usize) -> Vec<Fingerprint> {
        let kinds = [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::IsADirectory];
        vec![Fingerprint::Missing(kinds[number])]
    }

    #[test]
    fn a_change_counts_once_it_is_over() {
        let mut state = PollState::new(fingerprints(0));
        assert!(!state.poll(fingerprints(0)));
        assert_eq!((state.poll(fingerprints(1)), state.is_unsettled()), (false, true));
        assert_eq!((state.poll(fingerprints(2)), state.is_unsettled()), (false, true));
        assert_eq!((state.poll(fingerprints(2)), state.is_unsettled()), (true, false));
        assert!(state.finish_read(fingerprints(2)));
        assert_eq!((state.poll(fingerprints(2)), state.is_unsettled()), (false, false));
        // There and back again is not a change.
        assert!(!state.poll(fingerprints(1)));
        assert_eq!((state.poll(fingerprints(2)), state.is_unsettled()), (false, false));
    }

    #[test]
    fn a_change_during_a_read_discards_the_result() {
        let mut state = PollState::new(fingerprints(0));
        state.poll(fingerprints(1));
        assert!(state.poll(fingerprints(1)));
        assert!(!state.finish_read(fingerprints(2)));
        assert!(state.is_unsettled());
        assert!(state.poll(fingerprints(2)));
        assert!(state.finish_read(fingerprints(2)));
    }

    #[test]
    fn a_request_reads_the_files_once_they_are_stable() {
        let mut state = PollState::new(fingerprints(0));
        state.ask();
        assert!(state.poll(fingerprints(0)));
        assert!(!state.finish_read(fingerprints(1)));
        assert!(state.poll(fingerprints(1)));
        assert!(state.finish_read(fingerprints(1)));
        assert!(!state.poll(fingerprints(1)));
    }

    fn file(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("errwire-look-{}-{name}", process::id()))
    }

    fn aged(path: &Path, age: Duration) {
        File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
    }

    #[test]
    fn sees_what_changed() {
        let path = file("changes");
        let look = |before: Option<&Fingerprint>| Fingerprint::at(&path, before, 1_000);
        let missing = look(None);
        assert_eq!(missing, Fingerprint::Missing(ErrorKind::NotFound));
        fs::write(&path, "one").unwrap();
        let one = look(Some(&missing));
        assert_ne!(one, missing);
        // Of the same length, and written so soon that the time may be the same.
        fs::write(&path, "two").unwrap();
        let two = look(Some(&one));
        assert_ne!(two, one);
        assert_eq!(look(Some(&two)), two);
        // Another file under the old name, with the time of the old one.
        let other = file("other");
        fs::write(&other, "six").unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        File::options().write(true).open(&other).unwrap().set_modified(modified).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(look(Some(&two)), two);
        fs::remove_file(&path).unwrap();
        assert_eq!(look(Some(&two)), Fingerprint::Missing(ErrorKind::NotFound));
    }

    #[test]
    fn an_old_file_is_not_read_again() {
        let path = file("old");
        fs::write(&path, "one").unwrap();
        aged(&path, Duration::from_secs(60));
        let Fingerprint::File { metadata, content, taken } = Fingerprint::at(&path, None, 1_000) else { panic!() };
        let made_up = Fingerprint::File { metadata: metadata.clone(), content: !content, taken };
        assert_eq!(Fingerprint::at(&path, Some(&made_up), 1_000), made_up);
        // A fingerprint taken too soon after a change does not count.
        let too_soon = Fingerprint::File { metadata, content: !content, taken: taken - Duration::from_secs(59) };
        assert_ne!(Fingerprint::at(&path, Some(&too_soon), 1_000), too_soon);
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_folder_is_not_a_file() {
        assert!(matches!(Fingerprint::at(&std::env::temp_dir(), None, 1_000), Fingerprint::Missing(_)));
    }
}
