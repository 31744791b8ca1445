//! An error must arrive: peers refuse large metadata, and the caller then sees a dead connection.

mod steps;

use prost::Message as _;

use super::{kind::Lookup, status};
use crate::{
    model::{Detail, ErrorInfoView, rpc},
    wire::grpc::{Outgoing, WireSize, base64_len, encoded_len},
};
use steps::Trim;

/// Of which fields the bytes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// `grpc-status`, `grpc-message` and `grpc-status-details-bin`.
    All,
    /// `grpc-status-details-bin` alone, as an HTTP response has it.
    Details,
}

impl Counted {
    /// Makes what counts fit into `limit` bytes, and says what had to go for that.
    ///
    /// Code, HTTP status, the first `RetryInfo`, and reason and domain of the `ErrorInfo` that names the kind stay,
    /// whatever the limit.
    pub(super) fn fit(self, limit: usize, lookup: &Lookup<'_>, outgoing: &mut Outgoing<'_>) -> Vec<String> {
        if outgoing.wire_size_at_most() <= limit { Vec::new() } else { self.trim(limit, lookup, outgoing) }
    }

    fn trim(self, limit: usize, lookup: &Lookup<'_>, outgoing: &mut Outgoing<'_>) -> Vec<String> {
        let mut status = outgoing.take_status();
        let size = WireSize::of(&status);
        let mut trimmed = Vec::new();
        if self.size(&size) > limit {
            let naming = lookup.naming_info(status.details.iter().map(Detail::view)).map(|info| info.at);
            trimmed = Trim::new(&mut status, size, naming, self, limit).run();
        }
        *outgoing = status.into();
        trimmed
    }

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

// Of some details only what always arrives can be read, since their other bytes mean nothing. Nothing smaller can be taken from
// them, so when room is short that is all that stays.

/// An `ErrorInfo` with reason and domain alone; `None` if the whole of it can be read.
fn bare_error_info(detail: &Detail) -> Option<Detail> {
    let info = ErrorInfoView::of(detail.view()).filter(|_| detail.decode::<rpc::ErrorInfo>().is_none())?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (reason, domain) = (text(info.reason), text(info.domain));
    Some(detail.with_value(rpc::ErrorInfo { reason, domain, ..Default::default() }.encode_to_vec()))
}

/// An `HttpResponse` with the status alone; `None` if the whole of it can be read.
fn bare_http_response(detail: &Detail) -> Option<Detail> {
    let status = status::http_response(detail.view()).filter(|_| detail.decode::<rpc::HttpResponse>().is_none())?;
    let response = rpc::HttpResponse {
        status: status.as_u16().into(),
        reason: status.reason_phrase().to_owned(),
        ..Default::default()
    };
    Some(detail.with_value(response.encode_to_vec()))
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
