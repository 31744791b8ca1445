//! The kinds by name.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use crate::model::{Entry, Kind, http_kind, kinds};

/// The kinds that a translator knows, by name: the built-in ones, and those that a user's files add or replace.
///
/// Cheap to clone.
///
/// ```
/// use errwire::{Catalog, kinds};
///
/// let catalog = Catalog::builtin();
/// assert_eq!(catalog.get("task_not_found"), Some(kinds::TASK_NOT_FOUND));
/// assert_eq!(catalog.get("no_such_kind"), None);
/// ```
#[derive(Clone, Debug)]
pub struct Catalog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kinds: HashMap<Box<str>, Kind>,
    /// The domains that users' files define, in the order of the files, each once.
    domains: Vec<Box<str>>,
}

static BUILTIN: LazyLock<Catalog> = LazyLock::new(|| Catalog::with_entries([]));

impl Catalog {
    /// The built-in kinds alone.
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// The built-in kinds and these, which replace built-in ones of the same name. Of two entries for one kind the
    /// later wins.
    pub fn with_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let builtin = kinds::ALL.iter().map(|entry| (entry.kind.as_ref().into(), Kind::from_static(entry)));
        let mut kinds: HashMap<Box<str>, Kind> = builtin.collect();
        let mut domains: Vec<Box<str>> = Vec::new();
        for entry in entries {
            if !domains.iter().any(|domain| **domain == *entry.domain) {
                domains.push(entry.domain.as_ref().into());
            }
            kinds.insert(entry.kind.as_ref().into(), Kind::from_entry(entry));
        }
        Self(Arc::new(Inner { kinds, domains }))
    }

    /// The kind of this name, with its entry. Besides the listed kinds every catalog has `http_S` for each HTTP status
    /// S from 400 to 599 that has no kind of its own.
    pub fn get(&self, name: &str) -> Option<Kind> {
        self.0.kinds.get(name).cloned().or_else(|| http_kind(name))
    }

    /// stub
    pub fn get_by_reason(&self, r: &str) -> Option<Kind> {
        self.get(&r.to_ascii_lowercase())
    }
    /// The listed kinds, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Kind> {
        let mut kinds: Vec<_> = self.0.kinds.values().collect();
        kinds.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        kinds.into_iter()
    }

    /// How many kinds are listed.
    pub fn len(&self) -> usize {
        self.0.kinds.len()
    }

    /// Never: every catalog has the built-in kinds.
    pub fn is_empty(&self) -> bool {
        self.0.kinds.is_empty()
    }

    /// The domains of the users' files: not that of the built-in kinds.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.0.domains.iter().map(|domain| &**domain)
    }
}

impl Default for Catalog {
    fn default() -> Self {
        Self::builtin()
    }
}
