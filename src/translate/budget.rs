//! An error must arrive: peers refuse large metadata, and the caller then sees a dead connection.

mod broken;
mod steps;

use crate::{
    model::Detail,
    translate::kind::Lookup,
    wire::grpc::{Outgoing, WireSize, base64_len, encoded_len},
};
use steps::Trim;

/// How many bytes a status may take, and of which fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    limit: usize,
    fields: Counted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    /// `grpc-status`, `grpc-message` and `grpc-status-details-bin`.
    All,
    /// `grpc-status-details-bin` alone, as an HTTP response has it.
    Details,
}

impl Budget {
    /// For the three `grpc-*` fields.
    pub(super) fn fields(limit: usize) -> Self {
        Self { limit, fields: Counted::All }
    }

    /// For `grpc-status-details-bin`, where it comes alone.
    pub(super) fn details_field(limit: usize) -> Self {
        Self { limit, fields: Counted::Details }
    }

    /// Makes it fit, and says what had to go for that.
    ///
    /// Code, HTTP status, the first `RetryInfo`, and reason and domain of the `ErrorInfo` that names the kind stay,
    /// whatever the limit.
    pub(super) fn fit(self, lookup: &Lookup<'_>, outgoing: &mut Outgoing<'_>) -> Vec<String> {
        if outgoing.wire_size_at_most() <= self.limit { Vec::new() } else { self.trim(lookup, outgoing) }
    }

    fn trim(self, lookup: &Lookup<'_>, outgoing: &mut Outgoing<'_>) -> Vec<String> {
        let mut status = outgoing.take_status();
        let size = WireSize::of(&status);
        let mut trimmed = Vec::new();
        if self.fields.size(&size) > self.limit {
            let naming = lookup.naming_info(status.details.iter().map(Detail::view)).map(|info| info.at);
            trimmed = Trim::new(&mut status, size, naming, self).run();
        }
        *outgoing = status.into();
        trimmed
    }
}

impl Counted {
    fn size(self, size: &WireSize) -> usize {
        match self {
            Self::All => size.fields(),
            Self::Details => size.details_field(),
        }
    }

    /// The longest start of `message` that takes no more than `room` bytes, an ellipsis included: percent-encoded in
    /// `grpc-message`, where that counts, and in base64 in the details. Cuts between characters.
    fn cut(self, message: &str, room: usize) -> String {
        const ELLIPSIS: &str = "…";
        let field = |escaped: usize| if self == Self::All { escaped } else { 0 };
        let (mut encoded, mut raw, mut end) = (field(encoded_len(ELLIPSIS)), ELLIPSIS.len(), 0);
        let mut buffer = [0; 4];
        for c in message.chars() {
            // A space may end up at the end, where it is escaped.
            encoded += field(if c == ' ' { 3 } else { encoded_len(c.encode_utf8(&mut buffer)) });
            raw += c.len_utf8();
            if encoded + base64_len(raw) > room {
                return format!("{}{ELLIPSIS}", message[..end].trim_end());
            }
            end += c.len_utf8();
        }
        message.to_owned()
    }
}

/// Whether a detail is of a type that `error_details.proto` or `http.proto` defines, and its bytes are of that type.
fn is_standard(detail: &Detail) -> bool {
    use crate::model::rpc;
    match detail.type_name() {
        "google.rpc.ErrorInfo" => detail.decode::<rpc::ErrorInfo>().is_some(),
        "google.rpc.RetryInfo" => detail.decode::<rpc::RetryInfo>().is_some(),
        "google.rpc.DebugInfo" => detail.decode::<rpc::DebugInfo>().is_some(),
        "google.rpc.QuotaFailure" => detail.decode::<rpc::QuotaFailure>().is_some(),
        "google.rpc.PreconditionFailure" => detail.decode::<rpc::PreconditionFailure>().is_some(),
        "google.rpc.BadRequest" => detail.decode::<rpc::BadRequest>().is_some(),
        "google.rpc.RequestInfo" => detail.decode::<rpc::RequestInfo>().is_some(),
        "google.rpc.ResourceInfo" => detail.decode::<rpc::ResourceInfo>().is_some(),
        "google.rpc.Help" => detail.decode::<rpc::Help>().is_some(),
        "google.rpc.LocalizedMessage" => detail.decode::<rpc::LocalizedMessage>().is_some(),
        "google.rpc.HttpResponse" => detail.decode::<rpc::HttpResponse>().is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

/// Everything that can go, by the name under which it is reported.
const KNOWN: [&str; 15] = [
    "BadRequest",
    "DebugInfo",
    "ErrorInfo",
    "Help",
    "HttpResponse",
    "LocalizedMessage",
    "PreconditionFailure",
    "QuotaFailure",
    "RequestInfo",
    "ResourceInfo",
    "RetryInfo",
    "domain",
    "message",
    "metadata",
    "unknown types",
];
