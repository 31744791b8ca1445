//! What may leave the building.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    iter,
};

use bytestring::ByteString;
use prost::{Message, Name};

use super::kind::Lookup;
use crate::{
    model::{
        Audience, Code, Detail, Details, Error, Kind, KindEntry, MessageTemplate, Visibility, field_len,
        kind_for_message, put_field, rpc, texts,
    },
    wire::grpc::{ALL_FIELDS as ALL, has_only_known},
};

/// What an audience may see of one error.
pub(super) struct View<'a> {
    pub(super) lookup: Lookup<'a>,
    pub(super) error: &'a Error,
    /// The error's kind as the catalog has it.
    pub(super) current: &'a Kind,
    pub(super) audience: Audience,
    is_secret: bool,
    /// The entry, if it keeps some of the metadata from this audience.
    hiding: Option<&'a KindEntry>,
}

impl<'a> View<'a> {
    pub(super) fn new(lookup: Lookup<'a>, error: &'a Error, current: &'a Kind, audience: Audience) -> Self {
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
    pub(super) fn message(&self) -> Cow<'a, ByteString> {
        if self.is_secret() {
            return Cow::Owned(self.default_message());
        }
        match (self.error.own_message(), self.hiding) {
            (Some(message), _) if !self.discloses(message) => Cow::Borrowed(message),
            (None, None) => Cow::Owned(self.error.default_text()),
            _ => Cow::Owned(self.default_message()),
        }
    }

    /// The catalog's message for the kind, else that of the fallback kind, else the built-in one for it: the first of
    /// which no placeholder stays unfilled.
    pub(super) fn default_message(&self) -> ByteString {
        let filled = |entry: &KindEntry| self.fill(&entry.message);
        let fallback = kind_for_message(self.error.status(), self.error.code());
        let own = self.entry().and_then(filled);
        let current = || self.lookup.current(&fallback).entry().and_then(filled);
        own.or_else(current).or_else(|| fallback.entry().and_then(filled)).unwrap_or_default()
    }

    /// The text of a template, if the audience may see all that it needs.
    pub(super) fn fill(&self, template: &MessageTemplate) -> Option<ByteString> {
        // Most have no placeholders, and metadata has to be decoded.
        template.plain().or_else(|| fill(template, &self.metadata()))
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

    /// Adds the details, in order.
    pub(super) fn add_details(&self, details: &mut Details) {
        let all = self.error.details();
        if all.is_empty() {
            return;
        }
        // One stays in place. To several, often one that names the kind is added.
        if all.len() > 1 {
            details.reserve_exact(all.len() + 1);
        }
        match self.audience {
            Audience::Internal => details.extend(all.iter().cloned()),
            Audience::Public => details.extend(all.iter().filter_map(|detail| self.detail(detail))),
        }
    }

    /// Appends the same details as JSON, with commas between them, in one walk over their bytes. `None` if that does not
    /// do, and then there may be anything behind what was in `out`: if the audience sees less than all of what is public, or if
    /// details are not in the form in which they are usually written.
    pub(super) fn put_usual(&self, out: &mut Vec<u8>) -> Option<()> {
        let may_see_all = !self.is_secret() && self.hiding.is_none();
        if self.audience == Audience::Internal || !may_see_all {
            return None;
        }
        for detail in self.error.details() {
            // The prefix of any other type URL may name a host.
            let fields = match public_fields(detail.type_name()) {
                Some(fields) => Some(detail.has_standard_url().then_some(fields)?),
                None if is_public_type(self.lookup, detail.type_name()) => return None,
                None => None,
            };
            if let Some(fields) = fields {
                if out.last() == Some(&b'}') {
                    out.push(b',');
                }
                self.lookup.policy.registry.write_standard(detail, fields, out)?;
            }
        }
        Some(())
    }

    fn detail(&self, detail: &Detail) -> Option<Detail> {
        match (self.hiding, detail.type_name()) {
            _ if self.is_secret() => redact(detail),
            (Some(entry), "google.rpc.ErrorInfo") => edit(detail, 2, |mut info: rpc::ErrorInfo| {
                info.metadata.retain(|key, _| !entry.is_internal_key(key));
                info
            }),
            (Some(_), "google.rpc.LocalizedMessage") => {
                let discloses = |localized: rpc::LocalizedMessage| self.discloses(&localized.message);
                publish(self.lookup, detail).filter(|detail| !detail.decode().is_some_and(discloses))
            }
            _ => publish(self.lookup, detail),
        }
    }

    /// Whether there is metadata that no `ErrorInfo` has yet.
    pub(super) fn has_pending_metadata(&self) -> bool {
        !self.is_secret() && !self.error.pending_metadata().is_empty()
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
            if **self.message() != *self.error.message() {
                redacted.push("message".to_owned());
            }
            if self.metadata().len() < self.error.metadata().len() {
                redacted.push("metadata".to_owned());
            }
        }
        let mut seen = BTreeSet::new();
        for name in self.error.details().iter().map(Detail::type_name) {
            if !self.shows(name) && seen.insert(name) {
                redacted.push(name.to_owned());
            }
        }
        redacted
    }

    /// Whether details of this type are for the audience.
    // docs/rules.md: R-PUBLIC-1
    fn shows(&self, type_name: &str) -> bool {
        let standard = type_name.strip_prefix("google.rpc.");
        let beside_a_secret = matches!(standard, Some("ErrorInfo" | "RetryInfo" | "RequestInfo" | "Help"));
        beside_a_secret || (is_listed(self.lookup, type_name) && !self.is_secret())
    }
}

// docs/rules.md: R-PUBLIC-2, R-PUBLIC-3
fn is_for_insiders(error: &Error, entry: Option<&KindEntry>) -> bool {
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

/// How many fields of a standard detail anybody may see, from the first; `None` if it is not a standard one, or for insiders.
fn public_fields(type_name: &str) -> Option<usize> {
    match type_name.strip_prefix("google.rpc.")? {
        "ErrorInfo"
        | "RetryInfo"
        | "QuotaFailure"
        | "PreconditionFailure"
        | "BadRequest"
        | "ResourceInfo"
        | "Help"
        | "LocalizedMessage" => Some(ALL),
        "RequestInfo" => Some(REQUEST_ID),
        _ => None,
    }
}

/// Whether anybody may see the whole of a detail of this type, unknown fields aside.
fn is_listed(lookup: Lookup<'_>, type_name: &str) -> bool {
    public_fields(type_name) == Some(ALL) || is_public_type(lookup, type_name)
}

fn is_public_type(lookup: Lookup<'_>, type_name: &str) -> bool {
    lookup.policy.public_types.iter().any(|public| public == type_name)
}

/// What remains of a detail next to a message that was replaced.
fn redact(detail: &Detail) -> Option<Detail> {
    match detail.type_name() {
        "google.rpc.ErrorInfo" => {
            edit(detail, 2, |info: rpc::ErrorInfo| rpc::ErrorInfo { metadata: Default::default(), ..info })
        }
        "google.rpc.RequestInfo" => without_serving_data(detail),
        "google.rpc.RetryInfo" => edit(detail, ALL, |info: rpc::RetryInfo| info),
        "google.rpc.Help" => edit(detail, ALL, |help: rpc::Help| help),
        _ => None,
    }
}

/// What anybody may see of a detail: the standard types but `DebugInfo`, and registered ones, without unknown fields.
fn publish(lookup: Lookup<'_>, detail: &Detail) -> Option<Detail> {
    match detail.type_name() {
        "google.rpc.ErrorInfo" => edit(detail, ALL, |info: rpc::ErrorInfo| info),
        "google.rpc.RetryInfo" => edit(detail, ALL, |info: rpc::RetryInfo| info),
        "google.rpc.QuotaFailure" => edit(detail, ALL, |failure: rpc::QuotaFailure| failure),
        "google.rpc.PreconditionFailure" => edit(detail, ALL, |failure: rpc::PreconditionFailure| failure),
        "google.rpc.BadRequest" => edit(detail, ALL, |request: rpc::BadRequest| request),
        "google.rpc.RequestInfo" => without_serving_data(detail),
        "google.rpc.ResourceInfo" => edit(detail, ALL, |info: rpc::ResourceInfo| info),
        "google.rpc.Help" => edit(detail, ALL, |help: rpc::Help| help),
        "google.rpc.LocalizedMessage" => edit(detail, ALL, |message: rpc::LocalizedMessage| message),
        name if is_public_type(lookup, name) => {
            // It may hold others, as `Any`s.
            lookup.policy.registry.strip_unknown_except(detail, &|name| is_listed(lookup, name))
        }
        _ => None,
    }
}

/// `google.rpc.RequestInfo` is `{string request_id = 1; string serving_data = 2}`.
fn without_serving_data(detail: &Detail) -> Option<Detail> {
    if has_only_known(detail, REQUEST_ID) {
        return Some(detail.with_standard_url());
    }
    let [request_id, _] = texts::<2>(detail.value())?;
    let mut value = Vec::with_capacity(field_len(request_id.len()));
    put_field(&mut value, 0x0a, request_id.as_bytes());
    Some(detail.with_standard_url().with_value(value))
}

/// The first field of `google.rpc.RequestInfo`.
const REQUEST_ID: usize = 1;

/// Decoding and encoding again drops unknown fields. The type URL is the standard one, since its prefix may name a host.
/// `change` leaves the first `kept` fields as they are, so that a detail which has no others need not be decoded.
fn edit<M: Message + Name + Default>(detail: &Detail, kept: usize, change: impl FnOnce(M) -> M) -> Option<Detail> {
    if has_only_known(detail, kept) {
        return Some(detail.with_standard_url());
    }
    detail.decode::<M>().map(|message| change(message).into())
}
