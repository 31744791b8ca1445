//! What arrived over gRPC.

// docs/rules.md: R-READ-GRPC-2, R-READ-GRPC-3, R-READ-GRPC-4

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;

use super::{
    DecodeError, Status, Trailers,
    status::{self, RawStatus},
    trailers::{self, GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN},
};
use crate::model::{Code, Detail, DetailType, Details, standard_details};

/// Values of `-bin` fields: read with or without padding
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What arrived as `grpc-status`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceivedCode {
    /// 0: no error.
    Ok,
    /// 1 to 16.
    Error(Code),
    /// Anything else, as it was spelled; `None` if there was no field.
    Invalid(Option<String>),
}

/// What arrived over gRPC, read leniently: a bad message or bad details never change the code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The code of the header, or of the message where there is no header.
    pub code: ReceivedCode,
    /// The message, decoded.
    pub message: ByteString,
    /// The details, in order.
    pub details: Details,
    /// Whether header and details disagreed about code or message. The header is what `code` and `message` hold.
    pub mismatch: bool,
    /// What was wrong.
    pub notes: Vec<String>,
}

impl Received {
    /// Reads the raw fields. Empty ones count as missing.
    pub fn from_trailers(trailers: &Trailers) -> Self {
        let code = match &*trailers.grpc_status {
            "" => ReceivedCode::Invalid(None),
            status => read_code(status.as_bytes()),
        };
        let details = trailers.grpc_status_details_bin.as_bytes();
        Self::assemble(code, trailers.grpc_message.as_bytes(), std::iter::once(details))
    }

    /// Reads the fields of a header or trailer block. Of several messages the first counts; several different codes
    /// are none.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let message = headers.get(GRPC_MESSAGE).map_or(&b""[..], |value| value.as_bytes());
        let details = headers.get_all(GRPC_STATUS_DETAILS_BIN).iter().map(|value| value.as_bytes());
        let mut received = Self::assemble(Self::code_of_headers(headers), message, details);
        received.add_fields_of_details(headers);
        received
    }

    /// Code and message alone. Details cost the most to read.
    #[cfg(feature = "server")]
    pub(crate) fn code_and_message(headers: &HeaderMap) -> (ReceivedCode, ByteString) {
        let message = headers.get(GRPC_MESSAGE).map_or(&b""[..], |value| value.as_bytes());
        (Self::code_of_headers(headers), trailers::decode_message(message).into_owned().into())
    }

    fn code_of_headers(headers: &HeaderMap) -> ReceivedCode {
        let codes = headers.get_all(GRPC_STATUS);
        let mut others = codes.iter();
        match others.next() {
            None => ReceivedCode::Invalid(None),
            Some(first) if others.all(|other| other == first) => read_code(first.as_bytes()),
            Some(_) => {
                let all: Vec<_> = codes.iter().take(8).map(|code| String::from_utf8_lossy(code.as_bytes())).collect();
                ReceivedCode::Invalid(Some(excerpt(&all.join(", "))))
            }
        }
    }

    /// Takes the parts of a `google.rpc.Status` message.
    pub fn from_message(code: i32, message: ByteString, details: Details) -> Self {
        Self { code: code_of(code), message, details, mismatch: false, notes: Vec::new() }
    }

    /// Decodes an encoded `google.rpc.Status`.
    ///
    /// # Errors
    ///
    /// If the bytes are none.
    pub fn decode(status: Bytes) -> Result<Self, DecodeError> {
        let mut received = Self::from_message(0, ByteString::new(), Details::new());
        received.code = code_of(status::decode(&status, &mut received.message, &mut received.details)?);
        Ok(received)
    }

    /// Decodes the `google.rpc.Status` of a `grpc-status-details-bin` alone: the first one that decodes.
    pub(crate) fn from_details(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(GRPC_STATUS_DETAILS_BIN).iter().map(|value| value.as_bytes());
        let RawStatus { code, message, details } = find_details(values).found?;
        Some(Self::from_message(code, message, details))
    }

    fn assemble<'a>(code: ReceivedCode, message: &[u8], details: impl Iterator<Item = &'a [u8]>) -> Self {
        let message = trailers::decode_message(message);
        let mut received =
            Self { code, message: ByteString::new(), details: Details::new(), mismatch: false, notes: Vec::new() };
        let Search { found, broken } = find_details(details);
        if broken > 0 {
            received.notes.push(format!(
                "{broken} value(s) of grpc-status-details-bin are not base64 of a google.rpc.Status and were ignored"
            ));
        }
        match found {
            Some(status) => received.compare(message, status),
            None => received.message = message.into_owned().into(),
        }
        received
    }

    /// Adds the details that came as fields of their own, `google.rpc.debuginfo-bin`, as Google's servers send them in trailers. One
    /// whose type is in the list already says nothing new.
    fn add_fields_of_details(&mut self, headers: &HeaderMap) {
        // Most responses have none, and one look at each name costs less than a look for each type.
        if !headers.keys().any(|name| name.as_str().starts_with("google.rpc.")) {
            return;
        }
        for type_url in standard_details() {
            let type_name = type_url.rsplit('/').next().unwrap_or_default();
            let Some(value) = headers.get(format!("{}-bin", type_name.to_ascii_lowercase())) else { continue };
            if self.details.iter().any(|detail| detail.type_name() == type_name) {
                continue;
            }
            match BASE64.decode(value.as_bytes().trim_ascii()) {
                Ok(bytes) => self.details.push(Detail::of_type(DetailType::of(type_name), bytes.into())),
                Err(_) => self.notes.push(format!("the value of {type_name} is not base64 and was passed over")),
            }
        }
    }

    /// Takes the details of a status that came next to the header fields, and compares the rest.
    fn compare(&mut self, message: Cow<'_, str>, status: RawStatus) {
        let code = match &self.code {
            ReceivedCode::Ok => Some(0),
            ReceivedCode::Error(code) => Some(code.number()),
            ReceivedCode::Invalid(_) => None,
        };
        if code != Some(status.code) {
            self.mismatch = true;
            self.notes.push(format!("the details say code {}; grpc-status wins", status.code));
        }
        // Equal messages share the memory of the details.
        if *message == *status.message {
            self.message = status.message;
        } else if message.is_empty() {
            self.notes.push("grpc-message is empty; the message is that of the details".to_owned());
            self.message = status.message;
        } else {
            self.mismatch = true;
            self.notes.push("the details hold another message; grpc-message wins".to_owned());
            self.message = message.into_owned().into();
        }
        self.details = status.details;
    }
}

impl From<Status> for Received {
    fn from(status: Status) -> Self {
        let Status { code, message, details } = status;
        Self { code: ReceivedCode::Error(code), message, details, mismatch: false, notes: Vec::new() }
    }
}

fn code_of(number: i32) -> ReceivedCode {
    match Code::try_from(number) {
        Ok(code) => ReceivedCode::Error(code),
        Err(_) if number == 0 => ReceivedCode::Ok,
        Err(_) => ReceivedCode::Invalid(Some(number.to_string())),
    }
}

/// `grpc-status` is 0 to 16, decimal, without sign, leading zero or blanks.
fn read_code(value: &[u8]) -> ReceivedCode {
    let number = match value {
        [digit @ b'0'..=b'9'] => i32::from(digit - b'0'),
        [b'1', digit @ b'0'..=b'6'] => 10 + i32::from(digit - b'0'),
        _ => return ReceivedCode::Invalid(Some(excerpt(&String::from_utf8_lossy(value)))),
    };
    Code::try_from(number).map_or(ReceivedCode::Ok, ReceivedCode::Error)
}

/// What to show of a value that a peer made up.
fn excerpt(value: &str) -> String {
    value.chars().take(64).collect()
}

struct Search {
    found: Option<RawStatus>,
    broken: usize,
}

/// The first value that decodes. One field may hold several, joined by commas, which must be split before decoding.
fn find_details<'a>(values: impl Iterator<Item = &'a [u8]>) -> Search {
    let mut broken = 0;
    // A look for a comma takes many bytes at once, and few lines have one.
    let most = |line: &[u8]| if line.contains(&b',') { usize::MAX } else { 1 };
    for value in values.flat_map(|line| line.splitn(most(line), |c| *c == b',')) {
        let value = value.trim_ascii();
        if value.is_empty() {
            continue;
        }
        let status = BASE64.decode(value).ok().and_then(|bytes| RawStatus::decode(&bytes.into()).ok());
        if status.is_some() {
            return Search { found: status, broken };
        }
        broken += 1;
    }
    Search { found: None, broken }
}
