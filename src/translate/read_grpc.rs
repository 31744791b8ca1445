//! gRPC → `Error`.

#[cfg(feature = "tonic")]
use std::borrow::Cow;

use super::{NotAnError, Report, Rule, kind::Lookup, report::What, status};
use crate::{
    model::{Code, Detail, DetailView, Error, HttpStatus, Kind},
    wire::grpc::{Received, ReceivedCode, Status},
};
#[cfg(feature = "tonic")]
use crate::{
    model::{DetailType, ErrorRef, Known, Text},
    wire::grpc::details_in_place,
};

// docs/rules.md: R-READ-GRPC-1, R-READ-GRPC-2
pub(super) fn read(lookup: Lookup<'_>, received: Received) -> Result<(Error, Report), NotAnError> {
    let Received { code, message, details, mismatch, mut notes } = received;
    let (code, code_rule) = match code {
        ReceivedCode::Ok => return Err(NotAnError(What::Grpc)),
        ReceivedCode::Error(code) => (code, Rule::GrpcStatus),
        ReceivedCode::Invalid(raw) => {
            notes.push(match raw {
                Some(raw) => format!("grpc-status {raw:?} is not a code of an error, 1 to 16, so the code is UNKNOWN"),
                None => "there is no grpc-status, so the code is UNKNOWN".to_owned(),
            });
            (Code::Unknown, Rule::Invalid)
        }
    };
    let (error, kind_rule, status_rule) = error(lookup, Status { code, message, details });
    let [kind_rule, code_rule, status_rule] = [kind_rule, code_rule, status_rule].map(Some);
    Ok((error, Report { kind_rule, code_rule, status_rule, mismatch, notes, ..Report::default() }))
}

/// The error, and what decided its kind and its status.
pub(super) fn error(lookup: Lookup<'_>, status: Status) -> (Error, Rule, Rule) {
    let Status { code, message, details } = status;
    let views = || details.iter().map(Detail::view);
    let (kind, status, [kind_rule, status_rule]) = kind_and_status(lookup, code, views(), views());
    (Error::from_parts(kind, code, status, Some(message), details), kind_rule, status_rule)
}

/// The error where it is: the details in an encoded `google.rpc.Status`, next to the code and the message that count.
#[cfg(feature = "tonic")]
pub(super) fn error_ref<'a>(lookup: Lookup<'_>, code: Code, message: &'a str, status: &'a [u8]) -> ErrorRef<'a> {
    let mut error = ErrorRef::bare(code, Text::Borrowed(message));
    error.fill(|views| details_in_place(status, views));
    let (infos, responses) = (error.views_for(DetailType::ErrorInfo), error.views_for(DetailType::HttpResponse));
    let (kind, status, [kind_rule, status_rule]) = kind_and_status(lookup, code, infos, responses);
    error.known = Known {
        names_kind: kind_rule != Rule::CodeFallback && error.has_one(DetailType::ErrorInfo),
        says_status: status_rule == Rule::HttpResponse,
    };
    (error.kind, error.status) = (Cow::Owned(kind), status);
    error
}

fn kind_and_status<'d>(
    lookup: Lookup<'_>,
    code: Code,
    infos: impl Iterator<Item = DetailView<'d>>,
    responses: impl DoubleEndedIterator<Item = DetailView<'d>>,
) -> (Kind, HttpStatus, [Rule; 2]) {
    let (kind, kind_rule) = kind(lookup, code, infos);
    let (status, status_rule) = status::of(responses, kind.entry(), code);
    (kind, status, [kind_rule, status_rule])
}

// docs/rules.md: R-READ-GRPC-5
fn kind<'d>(lookup: Lookup<'_>, code: Code, details: impl Iterator<Item = DetailView<'d>>) -> (Kind, Rule) {
    match lookup.naming_info(details) {
        Some(info) if info.accepted => (lookup.kind_of_reason(info.reason), Rule::ErrorInfo),
        Some(info) => (lookup.kind_of_reason(info.reason), Rule::ForeignErrorInfo),
        None => (lookup.fallback(code), Rule::CodeFallback),
    }
}
