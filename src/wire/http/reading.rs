//! The facts of an HTTP error response, before any rule is applied.

// docs/rules.md: R-READ-HTTP-3, R-READ-HTTP-7, R-READ-HTTP-8

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use serde::de::DeserializeSeed;
use serde_json::Value;

use super::{
    Dialect,
    body::{self, Content},
    challenge::Challenge,
    context::{Page, ResponseHead},
    dialect,
    headers::Survey,
    kind_message_fast::KindMessage,
    media::Media,
    text,
    tree::{self, Format, Tree},
};
use crate::model::{Code, Detail, Details, Text, rpc};

/// How well a body shows that an API wrote the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The body was not recognised: a proxy, or something that speaks no API.
    #[default]
    None,
    /// A shape that gateways write too: an object without an identifier, a bare text in one, or a body that begins as JSON under
    /// a JSON type and could not be read whole.
    Weak,
    /// A dialect of a name, or a structured body in which an identifier or violations were found.
    Strong,
}

/// What a body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The dialect that was recognised; [`Dialect::Text`] if none was.
    pub dialect: Dialect,
    /// The evidence that an API wrote the response.
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
    /// Facts for debugging.
    pub notes: Vec<String>,
    /// Where the other members of this were read.
    pub origins: Origins,
    /// What became neither: the text that may yet be the message.
    pub(super) unrecognised: Bytes,
}

/// Where each part of an error was read: a member of the body, such as `error.errors[0].reason`, `body` for the whole of it, or a
/// header field, such as `header retry-after`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origins {
    /// What names the kind.
    pub kind: Option<Cow<'static, str>>,
    /// What states the code.
    pub code: Option<Cow<'static, str>>,
    /// What holds the message.
    pub message: Option<Cow<'static, str>>,
    /// What holds the delay before a retry.
    pub delay: Option<Cow<'static, str>>,
    /// What holds the violations of fields.
    pub violations: Option<Cow<'static, str>>,
    /// What holds the rich details.
    pub(crate) details: Option<Cow<'static, str>>,
}

impl Origins {
    /// Those of a `google.rpc.Status`.
    pub(crate) fn new(
        code: Option<&'static str>,
        message: Option<&'static str>,
        details: Option<&'static str>,
    ) -> Self {
        let (code, message, details) =
            (code.map(Cow::Borrowed), message.map(Cow::Borrowed), details.map(Cow::Borrowed));
        Self { code, message, details, ..Self::default() }
    }

    /// Adds what the rich details say that nothing else has said.
    pub(crate) fn add_details(&mut self, details: &[Detail]) {
        let Some(origin) = &self.details else { return };
        let add = |is_there, origin_of: &mut Option<_>| {
            if is_there {
                origin_of.get_or_insert_with(|| origin.clone());
            }
        };
        add(details.iter().any(Detail::is::<rpc::RetryInfo>), &mut self.delay);
        add(details.iter().any(Detail::is::<rpc::BadRequest>), &mut self.violations);
    }

    /// The same, within the value at this path.
    pub(super) fn under(self, path: &str) -> Self {
        let item = |member: Cow<'static, str>| Cow::Owned(format!("{path}.{member}"));
        Self {
            kind: self.kind.map(item),
            code: self.code.map(item),
            message: self.message.map(item),
            delay: self.delay.map(item),
            violations: self.violations.map(item),
            details: self.details.map(item),
        }
    }
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
    pub(crate) message: Text<'a>,
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
            Cow::Borrowed(text) => Text::PartOf(body, text),
            Cow::Owned(text) => Text::Owned(text.into()),
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
    } else if survey.may_name && reading.dialect == Dialect::Envelope {
        // AWS names the error in a header; a body that names it too is not always of one mind with it.
        dialect::from_errortype(head.headers, reading)
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
        Content::Whole(bytes) => read_tree(head, survey, media, &bytes, false),
        Content::Start(bytes) => {
            read_tree(head, survey, media, &bytes, true).with_note("only the first 64 KiB of the body were read")
        }
        // What a JSON type promises, and cannot be read, was written by an API all the same.
        Content::Unread(why) if media.is_json() => Reading::weak(Bytes::new()).with_note(why),
        Content::Unread(why) => Reading::text(Bytes::new()).with_note(why),
    }
}

/// A JSON content type is the mark of an API also in an answer to HEAD, which has no body.
fn read_empty(head: &ResponseHead<'_>, media: Media) -> Reading {
    let dialect = match media {
        _ if !head.to_head => return Reading { complete: true, ..Reading::text(Bytes::new()) },
        Media::Missing | Media::Form | Media::Other => {
            return Reading { complete: true, ..Reading::text(Bytes::new()) };
        }
        Media::Json => Dialect::KindMessage,
        Media::Problem => Dialect::Problem,
        Media::JsonApi => Dialect::JsonApi,
        Media::AmazonJson => Dialect::Envelope,
    };
    Reading { complete: true, ..Reading::strong(dialect) }
}

fn read_tree(head: &ResponseHead<'_>, survey: &Survey<'_>, media: Media, bytes: &Bytes, is_start: bool) -> Reading {
    // The most frequent pages need no look at all of their bytes.
    if !media.is_json() && tree::begins_as_page(bytes) {
        return Reading::text(bytes.clone());
    }
    let Some(text) =
        tree::decode(bytes, survey.content_type).or_else(|| if is_start { whole_characters(bytes) } else { None })
    else {
        return Reading::text(bytes.clone())
            .with_note_under(media, "the body is not text in an encoding that is known here");
    };
    let page = Page { head, text: &text };
    match Tree::of(&text, media, is_start) {
        Tree::Read { json, format, notes } => match dialect::read(media, format, json, &page) {
            Some(mut reading) => {
                reading.complete &= notes.is_empty();
                reading.notes.splice(0..0, notes);
                reading
            }
            None => Reading::text(bytes.clone()).with_note_under(media, "the body has no shape of an error"),
        },
        Tree::Cut { json } => {
            let reading = dialect::read(media, Format::Json, json, &page);
            let reading =
                match reading.filter(|reading| reading.message.is_some() || reading.evidence == Evidence::Strong) {
                    Some(reading) if reading.evidence == Evidence::Strong || media.is_json() => reading,
                    _ if media.is_json() => Reading::weak(Bytes::new()),
                    _ => return Reading::text(bytes.clone()),
                };
            Reading { complete: false, ..reading }.with_note("the body begins as JSON and could not be read whole")
        }
        Tree::Text => Reading::text(bytes.clone()).with_note_under(media, "the body is not JSON"),
    }
}

/// The beginning of a longer text may end within a character.
fn whole_characters(bytes: &Bytes) -> Option<ByteString> {
    let end = match str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(why) if why.error_len().is_none() => why.valid_up_to(),
        Err(_) => return None,
    };
    ByteString::try_from(bytes.slice(..end)).ok()
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

    /// Written by an API, and not understood.
    pub(super) fn weak(bytes: Bytes) -> Self {
        Self { dialect: Dialect::Envelope, evidence: Evidence::Weak, unrecognised: bytes, ..Self::default() }
    }

    fn text(bytes: Bytes) -> Self {
        Self { dialect: Dialect::Text, unrecognised: bytes, ..Self::default() }
    }

    /// Makes the message of what was not recognised.
    pub(crate) fn take_text(&mut self) {
        let text = text::plain(&std::mem::take(&mut self.unrecognised));
        if !text.is_empty() {
            self.message = Some(text.into());
            self.origins.message = Some(Cow::Borrowed("body"));
        }
    }

    fn with_note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// Without a content type there was no promise to break.
    fn with_note_under(self, media: Media, note: &str) -> Self {
        if media.is_json() { self.with_note(note) } else { self }
    }
}
