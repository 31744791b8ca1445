//! What a dialect needs to know besides the members of a body.

use std::borrow::Cow;

use bytestring::ByteString;
use http::HeaderMap;

use super::json::Json;
use crate::model::HttpStatus;

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

/// The surroundings of the JSON that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) head: &'a ResponseHead<'a>,
    /// The text that the JSON borrows from.
    pub(super) text: &'a ByteString,
}

impl Page<'_> {
    /// The text on its own, without a copy if the body holds it as it is.
    pub(super) fn share(&self, text: Cow<'_, str>) -> ByteString {
        match text {
            Cow::Borrowed(text) if self.holds(text) => self.text.slice_ref(text),
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }

    /// The text, if there is any.
    pub(super) fn share_some(&self, text: Option<Cow<'_, str>>) -> Option<ByteString> {
        text.filter(|text| !text.is_empty()).map(|text| self.share(text))
    }

    /// Whether a value repeats the number of the status line, as a number or as text.
    pub(super) fn is_status(&self, json: &Json<'_>) -> bool {
        let number = json.as_integer().or_else(|| json.as_text()?.parse().ok());
        number == Some(i64::from(self.head.status))
    }

    /// Whether a text is the phrase that stands for the number of the status line.
    pub(super) fn is_reason_phrase(&self, text: &str) -> bool {
        let status = u16::try_from(self.head.status).ok().and_then(|status| HttpStatus::new(status).ok());
        status.is_some_and(|status| status.is_reason_phrase(text))
    }

    // `slice_ref` panics on any other text.
    fn holds(&self, text: &str) -> bool {
        let (all, part) = (self.text.as_bytes().as_ptr_range(), text.as_bytes().as_ptr_range());
        all.start <= part.start && part.end <= all.end
    }
}
