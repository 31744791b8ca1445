//! What may leave the building.

use std::{borrow::Cow, collections::BTreeMap};

use bytestring::ByteString;
use prost::{Message, Name};

use super::kind::Lookup;
use crate::{
    model::{Audience, Code, Detail, Details, Error, KindEntry, MessageTemplate, kind_for_code, rpc},
    wire::grpc::is_canonical,
};

/// What an audience may see of one error.
pub(super) struct View<'a> {
    lookup: Lookup<'a>,
    error: &'a Error,
    entry: Option<&'a KindEntry>,
    audience: Audience,
    is_secret: bool,
}

impl<'a> View<'a> {
    /// `entry` is what the catalog says of the error's kind.
    pub(super) fn new(lookup: Lookup<'a>, error: &'a Error, entry: Option<&'a KindEntry>, audience: Audience) -> Self {
        let is_secret = audience == Audience::Public && is_for_insiders(error, entry);
        Self { lookup, error, entry, audience, is_secret }
    }

    /// Whether what the error says is for insiders, and the audience is none: its kind is internal, or nobody vouches
    /// that it is not.
    pub(super) fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// The message, without a copy where it came from a wire.
    pub(super) fn message(&self) -> ByteString {
        if self.is_secret() {
            return self.default_message();
        }
        match self.error.own_message() {
            Some(message) => message.clone(),
            None => self.error.default_text(),
        }
    }

    /// The catalog's message for the kind, else that of the fallback kind, else the built-in one for the code: the first of
    /// which no placeholder stays unfilled.
    pub(super) fn default_message(&self) -> ByteString {
        let filled = |entry: &KindEntry| self.fill(&entry.message);
        let code = self.error.code();
        let own = self.entry.and_then(filled);
        let fallback = || self.lookup.fallback(code).entry().and_then(filled);
        own.or_else(fallback).or_else(|| kind_for_code(code).entry().and_then(filled)).unwrap_or_default()
    }

    /// The text of a template, if the audience may see all that it needs.
    pub(super) fn fill(&self, template: &MessageTemplate) -> Option<ByteString> {
        // Most have no placeholders, and metadata has to be decoded.
        template.plain().or_else(|| {
            let metadata = self.metadata();
            let text = template.fill(|name| metadata.get(name).map(|value| Cow::Owned(value.clone())))?;
            Some(text.into_owned().into())
        })
    }

    /// Adds the details, in order.
    pub(super) fn add_details(&self, details: &mut Details) {
        let all = self.error.details();
        if all.is_empty() {
            return;
        }
        // Often one that names the kind is added.
        details.reserve_exact(all.len() + 1);
        match self.audience {
            Audience::Internal => details.extend(all.iter().cloned()),
            Audience::Public => details.extend(all.iter().filter_map(|detail| self.detail(detail))),
        }
    }

    fn detail(&self, detail: &Detail) -> Option<Detail> {
        if self.is_secret() { redact(detail) } else { publish(self.lookup, detail) }
    }

    /// The metadata that no `ErrorInfo` has yet.
    pub(super) fn pending_metadata(&self) -> &'a [(Cow<'static, str>, String)] {
        if self.is_secret() { &[] } else { self.error.pending_metadata() }
    }

    /// What varies in the message, by name.
    pub(super) fn metadata(&self) -> BTreeMap<String, String> {
        if self.is_secret() { BTreeMap::new() } else { self.error.metadata() }
    }

    /// What is withheld: `message`, `metadata`, and the types of details that go.
    pub(super) fn redacted(&self) -> Vec<String> {
        let mut redacted = Vec::new();
        if self.audience == Audience::Internal {
            return redacted;
        }
        if self.is_secret() {
            if self.message() != *self.error.message() {
                redacted.push("message".to_owned());
            }
            if !self.error.metadata().is_empty() {
                redacted.push("metadata".to_owned());
            }
        }
        for name in self.error.details().iter().map(Detail::type_name) {
            if !self.shows(name) && !redacted.iter().any(|other| other == name) {
                redacted.push(name.to_owned());
            }
        }
        redacted
    }

    /// Whether details of this type are for the audience.
    fn shows(&self, type_name: &str) -> bool {
        let standard = type_name.strip_prefix("google.rpc.");
        let beside_a_secret = matches!(standard, Some("ErrorInfo" | "RetryInfo" | "RequestInfo" | "Help"));
        beside_a_secret || (is_listed(self.lookup, type_name) && !self.is_secret())
    }
}

fn is_for_insiders(error: &Error, entry: Option<&KindEntry>) -> bool {
    let says_little = matches!(error.code(), Code::Unknown | Code::Internal | Code::DataLoss);
    match entry {
        None => error.status().is_server_error() || says_little,
        Some(entry) => !entry.is_public() || (says_little && entry.code != error.code()),
    }
}

/// Whether anybody may see the whole of a detail of this type, unknown fields aside.
fn is_listed(lookup: Lookup<'_>, type_name: &str) -> bool {
    let standard = matches!(
        type_name.strip_prefix("google.rpc."),
        Some(
            "ErrorInfo"
                | "RetryInfo"
                | "QuotaFailure"
                | "PreconditionFailure"
                | "BadRequest"
                | "ResourceInfo"
                | "Help"
                | "LocalizedMessage"
        )
    );
    standard || lookup.policy.public_types.iter().any(|public| public == type_name)
}

/// What remains of a detail beside a message that was replaced.
fn redact(detail: &Detail) -> Option<Detail> {
    match detail.type_name() {
        "google.rpc.ErrorInfo" => {
            edit(detail, 2, |info: rpc::ErrorInfo| rpc::ErrorInfo { metadata: Default::default(), ..info })
        }
        "google.rpc.RequestInfo" => edit(detail, 1, without_serving_data),
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
        "google.rpc.RequestInfo" => edit(detail, 1, without_serving_data),
        "google.rpc.ResourceInfo" => edit(detail, ALL, |info: rpc::ResourceInfo| info),
        "google.rpc.Help" => edit(detail, ALL, |help: rpc::Help| help),
        "google.rpc.LocalizedMessage" => edit(detail, ALL, |message: rpc::LocalizedMessage| message),
        name if lookup.policy.public_types.iter().any(|public| public == name) => {
            // It may hold others, as `Any`s.
            lookup.policy.registry.strip_unknown_except(detail, &|name| is_listed(lookup, name))
        }
        _ => None,
    }
}

fn without_serving_data(info: rpc::RequestInfo) -> rpc::RequestInfo {
    rpc::RequestInfo { serving_data: String::new(), ..info }
}

/// All fields that a type has.
const ALL: usize = usize::MAX;

/// Decoding and encoding again drops unknown fields. The type URL is the standard one, since its prefix may name a host.
/// `change` leaves the first `kept` fields as they are, so that a detail which has no others need not be decoded.
fn edit<M: Message + Name + Default>(detail: &Detail, kept: usize, change: impl FnOnce(M) -> M) -> Option<Detail> {
    if is_canonical(detail, kept) {
        return Some(detail.with_standard_url());
    }
    detail.decode::<M>().map(|message| change(message).into())
}
