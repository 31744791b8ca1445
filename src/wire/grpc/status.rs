//! A gRPC error as a value.

use std::{borrow::Cow, error, fmt};

use bytes::Bytes;
use bytestring::ByteString;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    Trailers,
    encoder::{Encoder, base64_len, detail_len},
    trailers::{self, GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN},
};
use crate::model::{Code, Detail, DetailType, DetailView, Details, Field, Fields, field_len, message_len};
#[cfg(feature = "tonic")]
use crate::model::{Parts, Views};

/// A gRPC error: what a `google.rpc.Status` holds, except that the code is an error.
///
/// ```
/// use errwire::{Code, wire::grpc::Status};
///
/// let status = Status { code: Code::NotFound, message: "no such task".into(), details: Default::default() };
/// assert_eq!(status.encode(), &b"\x08\x05\x12\x0cno such task"[..]);
/// assert_eq!(status.to_trailers().grpc_status, "5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "google.rpc.Status has these three")]
pub struct Status {
    /// The code.
    pub code: Code,
    /// The message, decoded.
    pub message: ByteString,
    /// The details, in order.
    pub details: Details,
}

impl Status {
    /// Fills a status that has neither with message and details of an encoded `google.rpc.Status`, unless the bytes are not one.
    #[cfg(feature = "tonic")]
    pub(crate) fn fill(&mut self, bytes: &Bytes) {
        if decode(bytes, &mut self.message, &mut self.details).is_err() {
            self.details.clear();
        }
    }

    /// As an encoded `google.rpc.Status`.
    pub fn encode(&self) -> Bytes {
        self.encoder().to_vec().into()
    }

    /// Puts the three fields of [`to_trailers`](Self::to_trailers) into a header block, in place of any that are there.
    /// Does not copy them, nor a message that needs no escape.
    pub fn write_to(&self, headers: &mut HeaderMap) {
        headers.insert(GRPC_STATUS, HeaderValue::from_static(DIGITS[self.code as usize - 1]));
        // What these hold is always a valid value.
        let mut set = |name: HeaderName, value: Bytes| match HeaderValue::from_maybe_shared(value) {
            Ok(value) if !value.is_empty() => drop(headers.insert(name, value)),
            _ => drop(headers.remove(name)),
        };
        set(
            GRPC_MESSAGE,
            if trailers::is_plain_message(&self.message) {
                self.message.as_bytes().clone()
            } else {
                trailers::encode_message(&self.message).into()
            },
        );
        set(GRPC_STATUS_DETAILS_BIN, self.details_field().into());
    }

    /// As `grpc-status-details-bin`; empty if there are no details.
    fn details_field(&self) -> Vec<u8> {
        if self.details.is_empty() { Vec::new() } else { self.encoder().to_base64() }
    }

    fn encoder(&self) -> Encoder<'_, impl Iterator<Item = DetailView<'_>> + Clone> {
        let Self { code, message, details } = self;
        Encoder { code: *code, message, naming: None, details: details.iter().map(Detail::view) }
    }

    /// As the three fields on the wire. Inside `grpc-status-details-bin` code and message are the same as outside,
    /// since other stacks raise or turn the error into INTERNAL if they differ.
    pub fn to_trailers(&self) -> Trailers {
        Trailers {
            grpc_status: Cow::Borrowed(DIGITS[self.code as usize - 1]),
            grpc_message: trailers::encode_message(&self.message),
            // Base64 is a text.
            grpc_status_details_bin: String::from_utf8(self.details_field()).unwrap_or_default(),
        }
    }
}

/// What a status takes on the wire as HTTP/2 counts it, without writing it. Kept up to date while the status changes, each
/// change costs no more than what changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireSize {
    code: Code,
    /// The message in UTF-8, and percent-encoded.
    message: [usize; 2],
    /// The list of details in bytes.
    details: usize,
}

impl WireSize {
    pub(crate) fn of(status: &Status) -> Self {
        let details = status.details.iter().map(|detail| message_len(detail_len(detail.view()))).sum();
        let mut size = Self { code: status.code, message: [0; 2], details };
        size.set_message(&status.message);
        size
    }

    pub(crate) fn set_message(&mut self, message: &str) {
        self.message = [message.len(), trailers::encoded_len(message)];
    }

    pub(crate) fn add(&mut self, detail: &Detail) {
        self.details += message_len(detail_len(detail.view()));
    }

    pub(crate) fn remove(&mut self, detail: &Detail) {
        self.details -= message_len(detail_len(detail.view()));
    }

    /// The three fields of [`Status::to_trailers`].
    pub(crate) fn fields(&self) -> usize {
        trailers::size(DIGITS[self.code as usize - 1].len(), self.message[1], self.details_value())
    }

    /// `grpc-status-details-bin` alone.
    pub(crate) fn details_field(&self) -> usize {
        trailers::size(0, 0, self.details_value())
    }

    fn details_value(&self) -> usize {
        match self.details {
            0 => 0,
            details => base64_len(2 + field_len(self.message[0]) + details),
        }
    }
}

/// The codes in decimal, in the order of their numbers.
const DIGITS: [&str; 16] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"];

/// A `google.rpc.Status` as it came, whose code may be any number.
#[derive(Debug, Default)]
pub(super) struct RawStatus {
    pub(super) code: i32,
    pub(super) message: ByteString,
    pub(super) details: Details,
}

impl RawStatus {
    /// Decodes in place: message, type URLs and values are slices of `bytes`.
    pub(super) fn decode(bytes: &Bytes) -> Result<Self, DecodeError> {
        let mut status = Self::default();
        status.code = decode(bytes, &mut status.message, &mut status.details)?;
        Ok(status)
    }
}

/// Fills message and details, and returns the code. They are filled where they stay: to move them costs more than to
/// make them.
pub(super) fn decode(bytes: &Bytes, message: &mut ByteString, details: &mut Details) -> Result<i32, DecodeError> {
    let scanned = scan(bytes, |url, value| push_detail(bytes, url, value, details))?;
    // It stands in `grpc-message` too, and a byte of it must not cost the details.
    *message = text(bytes, scanned.message);
    Ok(scanned.code)
}

/// Fills in the details of an encoded `google.rpc.Status` where they are. Says what to take instead if the bytes are not one, or
/// if a type URL in them is not a text.
#[cfg(feature = "tonic")]
pub(crate) fn details_in_place<'a>(bytes: &'a [u8], views: &mut Views<'a>) -> Option<Parts<'a>> {
    let mut are_texts = true;
    let scanned = scan(bytes, |url, value| match DetailView::new(url, value) {
        Some(view) => views.push(view),
        None => are_texts = false,
    });
    if scanned.is_ok() && are_texts {
        return None;
    }
    let status = RawStatus::decode(&Bytes::copy_from_slice(bytes)).unwrap_or_default();
    Some(Parts::Own(status.details))
}

struct Scanned<'a> {
    code: i32,
    message: &'a [u8],
}

/// Walks over a `google.rpc.Status`, and hands over type URL and value of each detail.
fn scan<'a>(bytes: &'a [u8], mut detail: impl FnMut(&'a [u8], &'a [u8])) -> Result<Scanned<'a>, DecodeError> {
    let mut scanned = Scanned { code: 0, message: b"" };
    for field in Fields(bytes) {
        match field.map_err(|_| DecodeError(()))? {
            // An int32 is a sign-extended 64-bit varint; as in every implementation, the low 32 bits count.
            (1, Field::Varint(number)) => scanned.code = number as i32,
            (2, Field::Bytes(content)) => scanned.message = content,
            (3, Field::Bytes(any)) => {
                let (url, value) = url_and_value(any)?;
                detail(url, value);
            }
            (1..=3, _) => return Err(DecodeError(())),
            _ => {}
        }
    }
    Ok(scanned)
}

/// Of several the last one counts.
fn url_and_value(any: &[u8]) -> Result<(&[u8], &[u8]), DecodeError> {
    let (mut url, mut value) = (&b""[..], &b""[..]);
    for field in Fields(any) {
        match field.map_err(|_| DecodeError(()))? {
            (1, Field::Bytes(content)) => url = content,
            (2, Field::Bytes(content)) => value = content,
            (1 | 2, _) => return Err(DecodeError(())),
            _ => {}
        }
    }
    Ok((url, value))
}

fn push_detail(bytes: &Bytes, url: &[u8], value: &[u8], details: &mut Details) {
    if details.len() == 1 {
        // Where there are two, there are often more.
        details.reserve_exact(7);
    }
    let value = bytes.slice_ref(value);
    match DetailType::of_common_url(url) {
        DetailType::Other => details.push(Detail::new(text(bytes, url), value)),
        detail_type => details.push(Detail::of_type(detail_type, value)),
    }
}

/// A text, without a copy; what is not UTF-8 in it becomes U+FFFD.
fn text(bytes: &Bytes, text: &[u8]) -> ByteString {
    ByteString::try_from(bytes.slice_ref(text)).unwrap_or_else(|_| String::from_utf8_lossy(text).into_owned().into())
}

/// The bytes are not a `google.rpc.Status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(());

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes are not an encoded google.rpc.Status")
    }
}

impl error::Error for DecodeError {}

#[cfg(test)]
mod tests;
