//! What an HTTP error response says, before any rule is applied to it.

// docs/rules.md: R-READ-HTTP-3, R-READ-HTTP-7

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;
use serde::de::DeserializeSeed;
use serde_json::Value;

use super::{
    Dialect,
    body::{self, Content},
    challenge::Challenge,
    context::Page,
    dialect,
    headers::Survey,
    json::Json,
    kind_message_fast::KindMessage,
    media::Media,
    text,
};
use crate::model::{Code, Detail, Details};

/// What surrounds the body of a response.
#[derive(Clone, Copy, Debug)]
pub struct ResponseHead<'a> {
    /// The status line's number, whatever it is.
    pub status: u32,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// Whether this answers a HEAD request, so that the body is missing by design.
    pub to_head: bool,
}

/// How well a body shows that an API wrote the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The body was not recognised: a proxy, or something that speaks no API.
    #[default]
    None,
    /// A shape that gateways write too: a bare `{"message"}`, `{"detail"}` or `{"error": "text"}`.
    Weak,
    /// A dialect that only an API writes.
    Strong,
}

/// What a body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The dialect that was recognised; [`Dialect::Text`] if none was.
    pub dialect: Dialect,
    /// What that says about who wrote the response.
    pub evidence: Evidence,
    /// The identifier of the error as it was spelled, not folded.
    pub kind: Option<ByteString>,
    /// The code that the dialect itself states.
    pub code: Option<Code>,
    /// The text for people. For [`Dialect::Text`] it is the stripped and bounded text.
    pub message: Option<ByteString>,
    /// The rich details that the body holds in another form than ProtoJSON, in order.
    pub details: Vec<Detail>,
    /// The members of a ProtoJSON `details` list, each with its `@type`, in order. They are turned into bytes by their
    /// descriptors, which nobody knows here.
    pub json_details: Vec<Value>,
    /// What varies in the message, by name.
    pub metadata: Vec<(String, String)>,
    /// Whether the other members carry everything that the body says. If not, the body itself is worth keeping.
    pub complete: bool,
    /// What a person who looks for a lost fact wants to know.
    pub notes: Vec<String>,
    /// What became neither: the text that may yet be the message.
    pub(super) unrecognised: Bytes,
}

/// Reads a body by its content type, then by its structure. Looks at 64 KiB at most.
pub fn read(head: &ResponseHead<'_>, body: &Bytes) -> Reading {
    let mut reading = recognise(head, &Survey::of(head.headers), body);
    reading.take_text();
    reading
}

/// A body of our own dialect that says nothing else.
pub(crate) struct Exact<'a> {
    /// The kind as it was spelled.
    pub(crate) kind: Cow<'a, str>,
    /// The text for people.
    pub(crate) message: ByteString,
    /// The rich details, in order.
    pub(crate) details: Details,
}

impl<'a> Exact<'a> {
    /// `None` if the body is anything else, which [`recognise`] then looks at. `details` reads the list `details`; where
    /// it fails, the list is read as any other.
    pub(crate) fn read(
        survey: &Survey<'_>,
        body: &'a Bytes,
        details: impl DeserializeSeed<'a, Value = Details>,
    ) -> Option<Self> {
        let is_ours = matches!(Media::of(survey.content_type), Media::Missing | Media::Json);
        if !is_ours || survey.is_encoded || body.len() > body::MAX_LEN {
            return None;
        }
        let KindMessage { kind, message, details } = KindMessage::parse(str::from_utf8(body).ok()?, details)?;
        let message = match message {
            Cow::Borrowed(text) => body.slice_ref(text.as_bytes()).try_into().ok()?,
            Cow::Owned(text) => text.into(),
        };
        Some(Self { kind, message, details })
    }
}

/// As [`read`], but what was not recognised is not a message yet: to strip a page takes longer than all the rest, and most
/// often nobody wants the outcome.
pub(crate) fn recognise(head: &ResponseHead<'_>, survey: &Survey<'_>, body: &Bytes) -> Reading {
    let reading = read_body(head, survey, body);
    let says_nothing = reading.kind.is_none() && reading.code.is_none();
    if survey.may_name && says_nothing && (reading.evidence < Evidence::Strong || body.is_empty()) {
        read_headers(head, reading)
    } else {
        reading
    }
}

fn read_body(head: &ResponseHead<'_>, survey: &Survey<'_>, body: &Bytes) -> Reading {
    let media = Media::of(survey.content_type);
    if body.is_empty() {
        return read_empty(head, media);
    }
    let content = if survey.is_encoded { Content::of(head.headers, body) } else { Content::plain(body) };
    match content {
        Content::Whole(bytes) if media == Media::Other => Reading::text(bytes),
        Content::Whole(bytes) => read_json(head, media, &bytes),
        Content::Start(bytes) if is_cut_json(media, &bytes) => {
            Reading::cut_json().with_note("only 64 KiB of the body were read, which is not all of its JSON")
        }
        Content::Start(bytes) => Reading::text(bytes).with_note("only 64 KiB of the body were read, as text"),
        Content::Unread(why) => Reading::text(Bytes::new()).with_note(why),
    }
}

/// A JSON content type is the mark of an API also in an answer to HEAD, which has no body.
fn read_empty(head: &ResponseHead<'_>, media: Media) -> Reading {
    let dialect = match media {
        _ if !head.to_head => return Reading { complete: true, ..Reading::text(Bytes::new()) },
        Media::Missing | Media::Other => return Reading { complete: true, ..Reading::text(Bytes::new()) },
        Media::Json => Dialect::KindMessage,
        Media::Problem => Dialect::Problem,
        Media::JsonApi => Dialect::JsonApi,
        Media::AmazonJson => Dialect::Envelope,
    };
    Reading { complete: true, ..Reading::strong(dialect) }
}

fn read_json(head: &ResponseHead<'_>, media: Media, bytes: &Bytes) -> Reading {
    let Ok(text) = ByteString::try_from(bytes.clone()) else {
        return Reading::text(bytes.clone()).with_note_under(media, "the body is not UTF-8");
    };
    let page = Page { head, text: &text };
    match Json::parse(&text) {
        Ok(json) => dialect::read(media, json, &page).unwrap_or_else(|| {
            Reading::text(bytes.clone()).with_note_under(media, "the body has no shape that is known here")
        }),
        Err(_) if is_cut_json(media, bytes) => {
            Reading::cut_json().with_note("the body is no JSON, or has a member twice, or is too deep")
        }
        Err(_) => Reading::text(bytes.clone())
            .with_note_under(media, "the body is not JSON, or has a member twice, or is too deep"),
    }
}

/// Whether a body under a JSON type begins as JSON: the mark of an API, also where it could not be read whole.
fn is_cut_json(media: Media, bytes: &[u8]) -> bool {
    !matches!(media, Media::Missing | Media::Other) && bytes.trim_ascii_start().starts_with(b"{")
}

/// Two headers name an error where the body does not.
fn read_headers(head: &ResponseHead<'_>, reading: Reading) -> Reading {
    if let Some(challenge) = Challenge::of(head.headers) {
        return dialect::from_challenge(challenge, reading);
    }
    dialect::from_errortype(head.headers, reading)
}

impl Reading {
    pub(super) fn strong(dialect: Dialect) -> Self {
        Self { dialect, evidence: Evidence::Strong, ..Self::default() }
    }

    fn text(bytes: Bytes) -> Self {
        Self { dialect: Dialect::Text, unrecognised: bytes, ..Self::default() }
    }

    /// It has no text that is fit for a message.
    fn cut_json() -> Self {
        Self { evidence: Evidence::Weak, ..Self::text(Bytes::new()) }
    }

    /// Makes the message of what was not recognised.
    pub(crate) fn take_text(&mut self) {
        let text = text::plain(&std::mem::take(&mut self.unrecognised));
        if !text.is_empty() {
            self.message = Some(text.into());
        }
    }

    fn with_note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// Without a content type there was no promise to break.
    fn with_note_under(self, media: Media, note: &str) -> Self {
        if media == Media::Missing { self } else { self.with_note(note) }
    }
}
