//! From a response to a [`Reading`].

// docs/rules.md: R-READ-HTTP-3, R-READ-HTTP-7, R-READ-HTTP-8

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;
use serde_core::de::DeserializeSeed;

use super::{
    Dialect, Evidence, Origins, Reading, ResponseHead, Survey,
    body::{self, Content, GZIP, Media},
    dialect::{self, KindMessage},
    headers::Challenge,
    reading::Page,
    text,
    tree::{self, Format, Inner, Tree},
};
use crate::model::{Code, fold};

/// Reads a body by its content type, then by its structure. Looks at 64 KiB at most.
pub fn read(head: &ResponseHead<'_>, body: &Bytes) -> Reading {
    let mut reading = recognise(head, &Survey::of(head.headers), body, true);
    reading.take_text();
    reading
}

/// A body of our own dialect that says no more than it has members for, without a tree. `None` if it is anything else, which
/// [`recognise`] then looks at. `details` reads and keeps the list `details`; where it fails, the list is read as any other.
pub(crate) fn exact<'a>(
    survey: &Survey<'_>,
    body: &'a Bytes,
    details: impl DeserializeSeed<'a, Value = ()>,
) -> Option<KindMessage<'a>> {
    let is_ours = matches!(survey.media, Media::Missing | Media::Json);
    if !is_ours || survey.is_encoded || body.len() > body::MAX_LEN {
        return None;
    }
    KindMessage::parse(body, details)
}

/// Whether [`recognise`] finds nothing but the text of a page, and no header field names an error: the most frequent pages
/// need no look at all of their bytes.
pub(crate) fn is_page(survey: &Survey<'_>, body: &Bytes) -> bool {
    !survey.is_encoded
        && !survey.may_name
        && body.len() <= body::MAX_LEN
        && !survey.media.is_json()
        && tree::begins_as_page(body)
}

/// As [`read`], but what was not recognised is not a message yet: to strip a page takes longer than all the rest, and most
/// often nobody wants the outcome. Only if `is_traced`, all origins are written out.
pub(crate) fn recognise(head: &ResponseHead<'_>, survey: &Survey<'_>, body: &Bytes, is_traced: bool) -> Reading {
    let reading = read_body(head, survey, body, is_traced);
    if !survey.may_name {
        return reading;
    }
    let says_nothing = reading.kind.is_none() && reading.code.is_none();
    if says_nothing && (reading.evidence < Evidence::Strong || body.is_empty()) {
        read_challenge(head.headers, reading)
    } else if reading.dialect == Dialect::Envelope {
        // A body that names the error too is not always of one mind with the header.
        read_errortype(head.headers, reading)
    } else {
        reading
    }
}

fn read_body(head: &ResponseHead<'_>, survey: &Survey<'_>, body: &Bytes, is_traced: bool) -> Reading {
    let media = survey.media;
    if body.is_empty() {
        return read_empty(head, media);
    }
    let is_packed = survey.is_encoded || body.starts_with(GZIP);
    let content = if is_packed { Content::of(head.headers, body) } else { Content::plain(body) };
    let read = |bytes: &Bytes, is_start| {
        // The most frequent pages need no look at all of their bytes.
        if !media.is_json() && tree::begins_as_page(bytes) {
            return Reading::text(bytes.clone());
        }
        match tree::decode(bytes, survey.content_type).or_else(|| if is_start { whole_characters(bytes) } else { None })
        {
            Some(text) => match tree::inner(&text).filter(|_| media != Media::Form) {
                Some(Inner { text, is_event, note }) => {
                    let reading = read_text(&Page { head, text: &text, is_traced }, media, bytes, is_start || is_event);
                    match note {
                        Some(note) => Reading { complete: false, ..reading }.with_note(note),
                        None => reading,
                    }
                }
                None => read_text(&Page { head, text: &text, is_traced }, media, bytes, is_start),
            },
            None => Reading::text(bytes.clone())
                .with_note_under(media, "the body is not text in an encoding that is known here"),
        }
    };
    match content {
        Content::Whole(bytes) => read(&bytes, false),
        Content::Start(bytes) => read(&bytes, true).with_note("only the first 64 KiB of the body were read"),
        // What a JSON type promises, and cannot be read, was written by an API all the same.
        Content::Unread(why) if media.is_json() => Reading::weak(Bytes::new()).with_note(why),
        Content::Unread(why) => Reading::text(Bytes::new()).with_note(why),
    }
}

/// A JSON content type is the mark of an API also in an answer to HEAD, which has no body.
fn read_empty(head: &ResponseHead<'_>, media: Media) -> Reading {
    let dialect = match media {
        Media::Json if head.to_head => Dialect::KindMessage,
        Media::Problem if head.to_head => Dialect::Problem,
        Media::JsonApi if head.to_head => Dialect::JsonApi,
        Media::AmazonJson if head.to_head => Dialect::Envelope,
        _ => return Reading { complete: true, ..Reading::text(Bytes::new()) },
    };
    Reading { complete: true, ..Reading::strong(dialect) }
}

fn read_text(page: &Page<'_>, media: Media, bytes: &Bytes, is_start: bool) -> Reading {
    match Tree::of(page.text, media, is_start) {
        Tree::Read { json, format, notes } => match dialect::read(media, format, json, page) {
            Some(mut reading) => {
                if !notes.is_empty() {
                    reading.complete = false;
                    reading.notes.splice(0..0, notes);
                }
                reading
            }
            None => Reading::text(bytes.clone()).with_note_under(media, "the body has no shape of an error"),
        },
        Tree::Cut { json } => {
            let reading = dialect::read(media, Format::Json, json, page);
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

/// A challenge names an error where the body does not (<https://www.rfc-editor.org/rfc/rfc6750#section-3>).
fn read_challenge(headers: &HeaderMap, body: Reading) -> Reading {
    let Some(Challenge { error, description }) = Challenge::of(headers) else { return read_errortype(headers, body) };
    let code = Code::from_name(&error);
    let kind = Some(error).filter(|error| code.is_none() && fold(error).is_some());
    let named = Reading { code, kind: kind.map(Into::into), ..Reading::strong(Dialect::Oauth2) };
    Reading { message: description.map(Into::into), ..named }.beside(body, "header www-authenticate")
}

/// AWS names an error in a header
/// (<https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>).
fn read_errortype(headers: &HeaderMap, body: Reading) -> Reading {
    let shape = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(dialect::shape);
    let Some(shape) = shape.filter(|shape| fold(shape).is_some()) else { return body };
    Reading { kind: Some(shape.into()), ..Reading::strong(Dialect::Envelope) }.beside(body, "header x-amzn-errortype")
}

impl Reading {
    /// What a header says, with what the body says besides.
    fn beside(self, body: Self, header: &'static str) -> Self {
        let names_other = body.kind.is_some() && body.kind != self.kind;
        let text = body.message.filter(|_| body.evidence > Evidence::None);
        let at = |is_said: bool| is_said.then_some(Cow::Borrowed(header));
        let origins = Origins {
            kind: at(self.kind.is_some()),
            code: at(self.code.is_some()),
            message: if text.is_some() { body.origins.message } else { at(self.message.is_some()) },
            ..body.origins
        };
        let complete = body.complete && !names_other;
        let Self { dialect, evidence, kind, code, message, .. } = self;
        let unrecognised = Bytes::new();
        Self { dialect, evidence, kind, code, message: text.or(message), complete, origins, unrecognised, ..body }
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
