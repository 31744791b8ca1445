//! What the general reader keeps while it looks through a tree.

use bytestring::ByteString;

use crate::wire::http::{Reading, context::Page};

/// Finds kind, text and the rest, from the root on.
pub(super) struct Finder<'f, 'p> {
    pub(super) page: &'f Page<'p>,
    pub(super) reading: &'f mut Reading,
    /// A text that says no more than the status line, and where it was: the last resort.
    pub(super) phrase: Option<(ByteString, String)>,
    /// Whether there was anything that an error has.
    pub(super) found: bool,
    /// The members that hold violations, which are not errors of their own.
    pub(super) held: Option<String>,
}

impl<'f, 'p> Finder<'f, 'p> {
    pub(super) fn new(page: &'f Page<'p>, reading: &'f mut Reading) -> Self {
        Self { page, reading, phrase: None, found: false, held: None }
    }
}

/// Where in the tree, as `error.errors[0]`.
#[derive(Default)]
pub(super) struct Path(Vec<String>);

impl Path {
    pub(super) fn of(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    pub(super) fn with(&self, name: &str) -> String {
        let mut all = self.0.join(".");
        if !all.is_empty() {
            all.push('.');
        }
        all + name
    }

    pub(super) fn inside<T>(&mut self, name: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(name.chars().take(64).collect());
        let result = run(self);
        self.0.pop();
        result
    }

    /// Whether this is the only wrapper, and says that it holds an error.
    pub(super) fn is_error(&self) -> bool {
        matches!(&*self.0, [name] if name == "error")
    }

    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

/// `reason` of `error.errors[0].reason`.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
