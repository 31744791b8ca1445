//! The steps of trimming, in order.

// docs/rules.md: R-BUDGET-2, R-BUDGET-3

use std::collections::BTreeSet;

use prost::{Message, Name};

use super::{Counted, KNOWN, bare_error_info, bare_http_response};
use crate::{
    model::{Detail, Details, HttpStatus, rpc},
    translate::status,
    wire::grpc::{Status, WireSize},
};

/// The key of `ErrorInfo.metadata` that names what went.
const TRIMMED: &str = "trimmed";

/// What the note about what went takes at most: the names in [`KNOWN`] joined, the key, and the framing. Kept free while
/// trimming, so that adding the note never breaks the limit again.
const NOTE_LEN: usize = 212;

/// The longest domain that stays: that of a DNS name.
const MAX_DOMAIN: usize = 253;

pub(super) struct Trim<'a> {
    status: &'a mut Status,
    /// What the status takes, kept up to date with each change: to count anew after each would make the work quadratic.
    size: WireSize,
    /// Where the `ErrorInfo` that names the kind is.
    naming: Option<usize>,
    /// What the status may take before the note about what went is added.
    limit: usize,
    counted: Counted,
    gone: Vec<&'static str>,
}

impl<'a> Trim<'a> {
    pub(super) fn new(
        status: &'a mut Status,
        size: WireSize,
        naming: Option<usize>,
        counted: Counted,
        limit: usize,
    ) -> Self {
        let limit = limit.saturating_sub((NOTE_LEN * 4).div_ceil(3));
        Self { status, size, naming, limit, counted, gone: Vec::new() }
    }

    pub(super) fn run(mut self) -> Vec<String> {
        for step in Self::STEPS {
            if self.excess() == 0 {
                break;
            }
            step(&mut self);
        }
        self.note();
        self.gone.into_iter().map(str::to_owned).collect()
    }

    const STEPS: [fn(&mut Self); 14] = [
        |trim| trim.drop_type::<rpc::DebugInfo>("DebugInfo"),
        Self::empty_http_responses,
        |trim| trim.drop_type::<rpc::Help>("Help"),
        |trim| trim.drop_type::<rpc::LocalizedMessage>("LocalizedMessage"),
        Self::drop_unknown,
        |trim| trim.shorten("BadRequest", |request: &mut rpc::BadRequest| &mut request.field_violations),
        |trim| trim.shorten("PreconditionFailure", |failure: &mut rpc::PreconditionFailure| &mut failure.violations),
        |trim| trim.shorten("QuotaFailure", |failure: &mut rpc::QuotaFailure| &mut failure.violations),
        |trim| trim.drop_type::<rpc::ResourceInfo>("ResourceInfo"),
        |trim| trim.drop_type::<rpc::RequestInfo>("RequestInfo"),
        Self::drop_repeated,
        Self::cut_message,
        Self::drop_metadata,
        Self::bare,
    ];

    /// How many bytes of the encoded details have to go: base64 turns 3 of them into 4.
    fn excess(&self) -> usize {
        (self.counted.size(&self.size).saturating_sub(self.limit) * 3).div_ceil(4)
    }

    fn went(&mut self, name: &'static str) {
        if !self.gone.contains(&name) {
            self.gone.push(name);
        }
    }

    /// Keeps the details for which `keep` holds, and the one that names the kind.
    fn retain(&mut self, name: &'static str, keep: impl Fn(usize, &Detail) -> bool) {
        let before = self.status.details.len();
        let naming = self.naming;
        let mut kept = Details::new();
        for (at, detail) in std::mem::take(&mut self.status.details).into_iter().enumerate() {
            if naming == Some(at) {
                self.naming = Some(kept.len());
                kept.push(detail);
            } else if keep(at, &detail) {
                kept.push(detail);
            } else {
                self.size.remove(&detail);
            }
        }
        self.status.details = kept;
        if self.status.details.len() < before {
            self.went(name);
        }
    }

    /// Puts another detail in the place of one.
    fn set(&mut self, at: usize, detail: Detail) {
        if let Some(place) = self.status.details.get_mut(at) {
            self.size.remove(place);
            self.size.add(&detail);
            *place = detail;
        }
    }

    fn drop_type<M: Name>(&mut self, name: &'static str) {
        self.retain(name, |_, detail| !detail.is::<M>());
    }

    /// Body and headers of an `HttpResponse` go; the status stays, in the one that decides it.
    fn empty_http_responses(&mut self) {
        let deciding = self.deciding_response();
        self.replace(deciding, "HttpResponse", bare_http_response);
        self.retain("HttpResponse", |at, detail| !detail.is::<rpc::HttpResponse>() || Some(at) == deciding);
        self.reencode("HttpResponse", |response: rpc::HttpResponse| rpc::HttpResponse {
            headers: Vec::new(),
            body: Default::default(),
            ..response
        });
    }

    fn deciding_response(&self) -> Option<usize> {
        self.status.details.iter().rposition(|detail| status::http_response(detail.view()).is_some())
    }

    /// Types that nobody here knows, bytes that are not of the type they claim, and further `ErrorInfo`s.
    fn drop_unknown(&mut self) {
        self.retain("ErrorInfo", |_, detail| !detail.is::<rpc::ErrorInfo>());
        self.retain("unknown types", |_, detail| detail.view().reencoded().is_some());
    }

    /// All `RetryInfo`s but the first that says a delay.
    fn drop_repeated(&mut self) {
        let first = self.status.details.iter().position(|detail| detail.view().retry_delay().is_some());
        self.retain("RetryInfo", |at, detail| !detail.is::<rpc::RetryInfo>() || Some(at) == first);
    }

    /// Drops items of a list from its end until the status fits, then the list itself.
    fn shorten<M, T>(&mut self, name: &'static str, list: fn(&mut M) -> &mut Vec<T>)
    where
        M: Message + Name + Default,
        T: Message,
    {
        let mut emptied = BTreeSet::new();
        for at in (0..self.status.details.len()).rev() {
            let excess = self.excess();
            if excess == 0 {
                break;
            }
            let detail = &self.status.details[at];
            let Some(mut message) = detail.decode::<M>() else { continue };
            let items = list(&mut message);
            let mut freed = 0;
            while freed < excess
                && let Some(item) = items.pop()
            {
                freed += item.encoded_len() + 2;
            }
            if items.is_empty() {
                // Goes with all others at the end: to take one out of a list costs as much as the list is long.
                emptied.insert(at);
            }
            self.set(at, self.status.details[at].with_value(message.encode_to_vec()));
            self.went(name);
        }
        if !emptied.is_empty() {
            self.retain(name, |at, _| !emptied.contains(&at));
        }
    }

    fn cut_message(&mut self) {
        let message = std::mem::take(&mut self.status.message);
        self.size.set_message("");
        // What an empty message leaves, less the framing that a message brings: the header's name and 32, its key and
        // length in the details, and the rounding of base64.
        let framing = "grpc-message".len() + 32 + 12;
        let room = self.limit.saturating_sub(self.counted.size(&self.size) + framing);
        self.status.message = self.counted.cut(&message, room).into();
        self.size.set_message(&self.status.message);
        if self.status.message != message {
            self.went("message");
        }
    }

    fn drop_metadata(&mut self) {
        self.replace(self.naming, "metadata", bare_error_info);
        let excess = self.excess();
        let mut dropped = false;
        self.edit_naming(|info| {
            let mut freed = 0;
            while freed < excess
                && let Some((key, value)) = info.metadata.pop_last()
            {
                freed += key.len() + value.len() + 4;
                dropped = true;
            }
        });
        if dropped {
            self.went("metadata");
        }
    }

    /// The last resort: nothing but what always arrives, without unknown fields.
    fn bare(&mut self) {
        self.reencode("HttpResponse", |response: rpc::HttpResponse| rpc::HttpResponse {
            status: response.status,
            reason: u16::try_from(response.status)
                .ok()
                .and_then(|status| HttpStatus::new(status).ok())
                .map(|status| status.reason_phrase().to_owned())
                .unwrap_or_default(),
            ..Default::default()
        });
        self.reencode("RetryInfo", |info: rpc::RetryInfo| info);
        let mut cut_domain = false;
        self.edit_naming(|info| {
            info.metadata.clear();
            if info.domain.len() > MAX_DOMAIN {
                let boundary = (0..=MAX_DOMAIN).rev().find(|at| info.domain.is_char_boundary(*at));
                info.domain.truncate(boundary.unwrap_or_default());
                cut_domain = true;
            }
        });
        if cut_domain {
            self.went("domain");
        }
        // Type URLs are as long as their sender likes.
        for at in 0..self.status.details.len() {
            let detail = &self.status.details[at];
            if detail.type_url().len() > MAX_DOMAIN {
                let type_url = format!("type.googleapis.com/{}", detail.type_name());
                self.set(at, Detail::new(type_url, detail.value().clone()));
            }
        }
        self.cut_message();
    }

    /// Decodes, changes and encodes each detail of type `M`, which loses unknown fields.
    fn reencode<M: Message + Name + Default>(&mut self, name: &'static str, change: impl Fn(M) -> M) {
        for at in 0..self.status.details.len() {
            let detail = &self.status.details[at];
            let Some(message) = detail.decode::<M>() else { continue };
            let value = change(message).encode_to_vec();
            if *detail.value() != value {
                self.set(at, self.status.details[at].with_value(value));
                self.went(name);
            }
        }
    }

    fn replace(&mut self, at: Option<usize>, name: &'static str, by: fn(&Detail) -> Option<Detail>) {
        if let Some(at) = at
            && let Some(smaller) = self.status.details.get(at).and_then(by)
        {
            self.set(at, smaller);
            self.went(name);
        }
    }

    fn edit_naming(&mut self, change: impl FnOnce(&mut rpc::ErrorInfo)) {
        let Some(at) = self.naming else { return };
        let Some(detail) = self.status.details.get(at) else { return };
        if let Some(mut info) = detail.decode::<rpc::ErrorInfo>() {
            change(&mut info);
            self.set(at, self.status.details[at].with_value(info.encode_to_vec()));
        }
    }

    /// Names what went, next to what an earlier hop gave up.
    fn note(&mut self) {
        if self.gone.is_empty() {
            return;
        }
        let mut names = self.gone.clone();
        self.edit_naming(|info| {
            let earlier = info.metadata.remove(TRIMMED).unwrap_or_default();
            let earlier: Vec<_> = KNOWN.iter().filter(|name| earlier.split(", ").any(|e| e == **name)).collect();
            names.extend(earlier);
            names.sort_unstable();
            names.dedup();
            info.metadata.insert(TRIMMED.to_owned(), names.join(", "));
        });
    }
}
