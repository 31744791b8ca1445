//! The drafts of kinds and methods that one file gives, before the files become one catalog.

use std::sync::Arc;

use super::HttpRoute;
use crate::{
    diagnostic::Place,
    model::{KindEntry, http_kind, kinds},
};

/// How many unknown replacements get a suggestion. Each costs a walk over all kinds.
pub(super) const SUGGESTIONS: usize = 20;

/// What could be read of a file.
#[derive(Default)]
pub(super) struct DraftFile {
    /// Each enum of a proto file has one; a YAML file has one.
    pub(super) domains: Vec<String>,
    pub(super) kinds: Vec<Draft>,
    pub(super) methods: Vec<DraftMethod>,
}

/// What could be read of an entry. Its kind is spelled as one.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) file: Arc<str>,
    pub(super) place: Place,
    pub(super) overrides: Override,
    pub(super) replaced_by: Option<(String, Place)>,
    /// Where the values of its fields stand.
    pub(super) fields: Box<[(&'static str, Place)]>,
    /// `None` if something in it is wrong.
    pub(super) entry: Option<Box<KindEntry>>,
}

impl Draft {
    /// The place of a field; that of the kind if it has no such field.
    pub(super) fn at(&self, name: &str) -> Place {
        self.fields.iter().find(|field| field.0 == name).map_or(self.place, |field| field.1)
    }
}

/// Whether an entry means to replace a built-in kind.
#[derive(Clone, Copy)]
pub(super) enum Override {
    No,
    Yes(Place),
    /// That it did not say in a way that can be read, which is reported.
    Unclear,
}

/// What could be read of a method, or of a service, which stands for all of its methods.
pub(super) struct DraftMethod {
    pub(super) name: String,
    pub(super) place: Place,
    /// `None` if the method does not declare its errors.
    pub(super) kinds: Option<Vec<(String, Place)>>,
    pub(super) routes: Vec<HttpRoute>,
}

impl DraftMethod {
    /// The service of a method; `None` for a service.
    pub(super) fn service(&self) -> Option<&str> {
        self.name.split_once('/').map(|(service, _)| service)
    }
}

/// Whether a kind is there without any file.
pub(super) fn is_builtin(name: &str) -> bool {
    kinds::ALL.iter().any(|entry| entry.kind == name) || http_kind(name).is_some()
}
