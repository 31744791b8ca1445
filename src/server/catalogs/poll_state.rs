//! What is known of the files, from one look to the next.

use super::fingerprint::Look;

/// What the files looked like.
///
/// A change counts once two looks in a row are equal: a file that is being written is half there, and half a catalog may
/// look like a whole one.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// When they were read last.
    read: Vec<Look>,
    /// At the last look.
    last: Vec<Look>,
    /// Whether somebody wants them to be read even if they are as they were.
    is_asked: bool,
    is_unsettled: bool,
}

/// What a look calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// To go on waiting.
    Wait,
    /// To read the files.
    Read,
}

impl Seen {
    pub(super) fn new(read: Vec<Look>) -> Self {
        Self { last: read.clone(), read, is_asked: false, is_unsettled: false }
    }

    /// The files are to be read at the next look.
    pub(super) fn ask(&mut self) {
        self.is_asked = true;
    }

    /// Whether to look again soon.
    pub(super) fn is_unsettled(&self) -> bool {
        self.is_unsettled
    }

    pub(super) fn last(&self) -> &[Look] {
        &self.last
    }

    /// What comes next, now that the files look like this.
    pub(super) fn look(&mut self, looks: Vec<Look>) -> Next {
        let is_news = looks != self.read;
        let is_steady = looks == self.last;
        self.last = looks;
        self.is_unsettled = is_news && !is_steady;
        if self.is_asked || is_news && is_steady { Next::Read } else { Next::Wait }
    }

    /// The files have been read, and look like this since. Whether they still are what was read; if not, what was read is
    /// worth nothing.
    pub(super) fn read(&mut self, looks: Vec<Look>) -> bool {
        let is_same = looks == self.last;
        self.last = looks;
        self.is_unsettled = !is_same;
        if is_same {
            self.read.clone_from(&self.last);
            self.is_asked = false;
        }
        is_same
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    /// Looks that are told apart, without files.
    fn look(number: usize) -> Vec<Look> {
        let kinds = [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::IsADirectory];
        vec![Look::Missing(kinds[number])]
    }

    #[test]
    fn a_change_counts_once_it_is_over() {
        let mut seen = Seen::new(look(0));
        assert_eq!(seen.look(look(0)), Next::Wait);
        assert_eq!((seen.look(look(1)), seen.is_unsettled()), (Next::Wait, true));
        assert_eq!((seen.look(look(2)), seen.is_unsettled()), (Next::Wait, true));
        assert_eq!((seen.look(look(2)), seen.is_unsettled()), (Next::Read, false));
        assert!(seen.read(look(2)));
        assert_eq!((seen.look(look(2)), seen.is_unsettled()), (Next::Wait, false));
        // There and back again is not a change.
        assert_eq!(seen.look(look(1)), Next::Wait);
        assert_eq!((seen.look(look(2)), seen.is_unsettled()), (Next::Wait, false));
    }

    #[test]
    fn what_changes_while_it_is_read_does_not_count() {
        let mut seen = Seen::new(look(0));
        seen.look(look(1));
        assert_eq!(seen.look(look(1)), Next::Read);
        assert!(!seen.read(look(2)));
        assert!(seen.is_unsettled());
        assert_eq!(seen.look(look(2)), Next::Read);
        assert!(seen.read(look(2)));
    }

    #[test]
    fn who_asks_gets_a_reading_of_what_stays() {
        let mut seen = Seen::new(look(0));
        seen.ask();
        assert_eq!(seen.look(look(0)), Next::Read);
        assert!(!seen.read(look(1)));
        assert_eq!(seen.look(look(1)), Next::Read);
        assert!(seen.read(look(1)));
        assert_eq!(seen.look(look(1)), Next::Wait);
    }
}
