//! The drafts of kinds and methods that files give.

use std::sync::Arc;

use super::HttpRoute;
use crate::{
    diagnostic::Place,
    model::{KindEntry, http_kind, kinds},
};

/// The content of a file, as far as it could be read.
#[derive(Default)]
pub(super) struct DraftFile {
    /// Each enum of a proto file has one; a YAML file has one.
    pub(super) domains: Vec<String>,
    pub(super) kinds: Vec<Draft>,
    pub(super) methods: Vec<DraftMethod>,
}

/// An entry, as far as it could be read. Its kind is spelled as one.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) file: Arc<str>,
    pub(super) place: Place,
    pub(super) overrides: Override,
    pub(super) replaced_by: Option<(String, Place)>,
    /// Where the values of its fields stand.
    pub(super) fields: Box<[(&'static str, Place)]>,
    /// `None` if it has an error.
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
    /// The value could not be read, which is reported.
    Unclear,
}

/// A method, or a service, which stands for all of its methods, as far as it could be read.
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

/// Whether a kind exists without any file.
pub(super) fn is_builtin(name: &str) -> bool {
    kinds::ALL.iter().any(|entry| entry.kind == name) || http_kind(name).is_some()
}
