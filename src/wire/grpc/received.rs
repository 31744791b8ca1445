//! What arrived over gRPC.

use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;

use super::{DecodeError, Status, Trailers};
use crate::model::{Code, Details};

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
    /// Whether header and details disagreed about code or message.
    pub mismatch: bool,
    /// What was wrong.
    pub notes: Vec<String>,
}

impl Received {
    /// Reads the raw fields.
    pub fn from_trailers(_trailers: &Trailers) -> Self {
        todo!()
    }

    /// Reads the fields of a header or trailer block.
    pub fn from_headers(_headers: &HeaderMap) -> Self {
        todo!()
    }

    /// Takes the parts of a `google.rpc.Status` message.
    pub fn from_message(_code: i32, _message: ByteString, _details: Details) -> Self {
        todo!()
    }

    /// Decodes an encoded `google.rpc.Status`.
    ///
    /// # Errors
    ///
    /// If the bytes are none.
    pub fn decode(_status: Bytes) -> Result<Self, DecodeError> {
        todo!()
    }
}

impl From<Status> for Received {
    fn from(_status: Status) -> Self {
        todo!()
    }
}
