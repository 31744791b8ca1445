//! The three fields that end a failed call.

use std::borrow::Cow;

/// The three fields that end a failed gRPC call, raw, as on the wire
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Trailers {
    /// The code, decimal: `5`.
    pub grpc_status: Cow<'static, str>,
    /// The message, percent-encoded.
    pub grpc_message: String,
    /// A `google.rpc.Status`, base64; empty if there are no details.
    pub grpc_status_details_bin: String,
}
