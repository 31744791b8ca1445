//! A gRPC error as a value.

use bytes::Bytes;
use bytestring::ByteString;

use super::Trailers;
use crate::model::{Code, Details};

/// A gRPC error: what a `google.rpc.Status` holds, except that the code is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Status {
    /// The code.
    pub code: Code,
    /// The message, decoded.
    pub message: ByteString,
    /// The details, in order.
    pub details: Details,
}

impl Status {
    /// As an encoded `google.rpc.Status`.
    pub fn encode(&self) -> Bytes {
        todo!()
    }

    /// As the three fields on the wire.
    pub fn to_trailers(&self) -> Trailers {
        todo!()
    }
}

/// The bytes are no `google.rpc.Status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(());
