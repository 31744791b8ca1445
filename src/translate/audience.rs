//! Redaction: what each audience may see of an error.

mod details;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    iter,
};

use bytestring::ByteString;

use super::kind::Lookup;
use crate::model::{Audience, Code, ErrorRef, Kind, KindEntry, MessageTemplate, Text, Visibility, kind_for_message};

/// What an audience may see of one error.
pub(super) struct View<'a> {
    pub(super) lookup: &'a Lookup<'a>,
    pub(super) error: &'a ErrorRef<'a>,
    /// The error's kind as the catalog has it.
    pub(super) current: &'a Kind,
    pub(super) audience: Audience,
    is_secret: bool,
    /// The entry, if it keeps some of the metadata from this audience.
    hiding: Option<&'a KindEntry>,
}

impl<'a> View<'a> {
    pub(super) fn new(lookup: &'a Lookup<'a>, error: &'a ErrorRef<'a>, current: &'a Kind, audience: Audience) -> Self {
        let entry = current.entry();
        let is_public = audience == Audience::Public;
        let hides = |entry: &&KindEntry| {
            is_public && entry.metadata.iter().any(|(_, visibility)| *visibility == Visibility::Internal)
        };
        let is_secret = is_public && is_for_insiders(error, entry);
        Self { lookup, error, current, audience, is_secret, hiding: entry.filter(hides) }
    }

    /// What the catalog says of the error's kind.
    pub(super) fn entry(&self) -> Option<&'a KindEntry> {
        self.current.entry()
    }

    /// Whether what the error says is for insiders, and the audience is not: its kind is internal, or nothing vouches
    /// that it is public.
    pub(super) fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// The message, without a copy where it came from a wire.
    #[inline]
    pub(super) fn message(&self) -> Text<'a> {
        match self.error.own_message() {
            Some(message) if !self.is_secret() && !self.discloses(message) => message.by_ref(),
            None if !self.is_secret() && self.hiding.is_none() => self.error.default_text(),
            _ => self.default_message(),
        }
    }

    /// The catalog's message for the kind, else that of the fallback kind, else the built-in one for it: the first of
    /// which no placeholder stays unfilled.
    pub(super) fn default_message(&self) -> Text<'a> {
        if let Some(own) = self.entry().and_then(|entry| self.fill(&entry.message)) {
            return own;
        }
        let fallback = kind_for_message(self.error.status(), self.error.code());
        let current = self.lookup.catalog.current(fallback);
        let filled = |kind: &'a Kind| kind.entry().and_then(|entry| self.fill(&entry.message));
        filled(current).or_else(|| filled(fallback)).unwrap_or(Text::Static(""))
    }

    /// The text of a template, if the audience may see all that it needs.
    pub(super) fn fill<'t>(&self, template: &'t MessageTemplate) -> Option<Text<'t>> {
        // Most have no placeholders, and metadata has to be decoded.
        template.plain().or_else(|| fill(template, &self.metadata()).map(Text::Owned))
    }

    /// Whether a text is one of the catalog's, filled with metadata that this audience must not see: as a hop inside the
    /// building, where all is seen, has written it.
    // docs/rules.md: R-PUBLIC-4
    pub(super) fn discloses(&self, text: &str) -> bool {
        let Some(entry) = self.hiding else { return false };
        let templates = iter::once(&entry.message).chain(entry.localized.iter().map(|(_, template)| template));
        let mut hidden = templates.filter(|template| template.placeholders().any(|name| entry.is_internal_key(name)));
        let metadata = self.error.metadata();
        hidden.any(|template| fill(template, &metadata).is_some_and(|filled| filled == *text))
    }

    /// Whether there is metadata that no `ErrorInfo` has yet.
    pub(super) fn has_pending_metadata(&self) -> bool {
        !self.is_secret() && !self.error.metadata.is_empty()
    }

    /// What varies in the message, by name.
    pub(super) fn metadata(&self) -> BTreeMap<String, String> {
        if self.is_secret() {
            return BTreeMap::new();
        }
        let mut metadata = self.error.metadata();
        if let Some(entry) = self.hiding {
            metadata.retain(|key, _| !entry.is_internal_key(key));
        }
        metadata
    }

    /// What is withheld: `message`, `metadata`, and the types of details that go.
    pub(super) fn redacted(&self) -> Vec<String> {
        let mut redacted = Vec::new();
        if self.audience == Audience::Internal {
            return redacted;
        }
        if self.is_secret() || self.hiding.is_some() {
            if *self.message() != *self.error.message() {
                redacted.push("message".to_owned());
            }
            if self.metadata().len() < self.error.metadata().len() {
                redacted.push("metadata".to_owned());
            }
        }
        let mut seen = BTreeSet::new();
        for detail in self.error.views().filter(|detail| !self.shows(*detail)) {
            if seen.insert(detail.type_name()) {
                redacted.push(detail.type_name().to_owned());
            }
        }
        redacted
    }
}

// docs/rules.md: R-PUBLIC-2, R-PUBLIC-3
fn is_for_insiders(error: &ErrorRef<'_>, entry: Option<&KindEntry>) -> bool {
    let says_little = matches!(error.code(), Code::Unknown | Code::Internal | Code::DataLoss);
    let is_server_error = error.status().is_server_error();
    match entry {
        None => is_server_error || says_little,
        // A failure of the server does not become public by a name that stands for a fault of the caller.
        Some(entry) if is_server_error && !entry.status.is_server_error() => true,
        Some(entry) => !entry.is_public() || (says_little && entry.code != error.code()),
    }
}

/// A template with every placeholder filled; `None` if one has no value.
fn fill(template: &MessageTemplate, metadata: &BTreeMap<String, String>) -> Option<ByteString> {
    let text = template.fill(|name| metadata.get(name).map(|value| Cow::Owned(value.clone())))?;
    Some(text.into_owned().into())
}
