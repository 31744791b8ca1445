//! The three fields that end a failed call.

// docs/rules.md: R-WRITE-GRPC-3

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

/// `grpc-status`
pub(crate) const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
/// `grpc-message`
pub(crate) const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
/// `grpc-status-details-bin`
pub(crate) const GRPC_STATUS_DETAILS_BIN: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// The three fields that end a failed gRPC call, raw, as on the wire
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the protocol has these three")]
pub struct Trailers {
    /// The code, decimal: `5`.
    pub grpc_status: Cow<'static, str>,
    /// The message, percent-encoded.
    pub grpc_message: String,
    /// A `google.rpc.Status`, base64; empty if there are no details.
    pub grpc_status_details_bin: String,
}

impl Trailers {
    /// How many bytes the fields take as HTTP/2 counts them: name, value and 32 each
    /// ([RFC 9113, section 6.5.2](https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2)).
    pub fn size(&self) -> usize {
        size(self.grpc_status.len(), self.grpc_message.len(), self.grpc_status_details_bin.len())
    }

    /// Puts the fields into a header block, in place of any that are there: `grpc-status` first, so that a receiver
    /// that drops what is too much keeps the code.
    pub fn write_to(&self, headers: &mut HeaderMap) {
        let fields = [
            (GRPC_STATUS, &*self.grpc_status),
            (GRPC_MESSAGE, &self.grpc_message),
            (GRPC_STATUS_DETAILS_BIN, &self.grpc_status_details_bin),
        ];
        for (name, value) in fields {
            headers.remove(&name);
            // What `Status::to_trailers` writes is always a valid value; a hand-made one that is not stays out.
            if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
    }
}

/// The size of the three fields, of which empty ones are not sent.
pub(crate) fn size(status: usize, message: usize, details: usize) -> usize {
    let field = |name: HeaderName, value: usize| if value == 0 { 0 } else { name.as_str().len() + value + 32 };
    field(GRPC_STATUS, status) + field(GRPC_MESSAGE, message) + field(GRPC_STATUS_DETAILS_BIN, details)
}
