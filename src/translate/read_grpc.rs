//! gRPC → `Error`.

use super::{NotAnError, Report, Rule, kind::Lookup, report::What, status};
use crate::{
    model::{Code, Details, Error, Kind},
    wire::grpc::{Received, ReceivedCode, Status},
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
    let (kind, kind_rule) = kind(lookup, code, &details);
    let (status, status_rule) = status::of(&details, kind.entry(), code);
    (Error::from_parts(kind, code, status, Some(message), details), kind_rule, status_rule)
}

// docs/rules.md: R-READ-GRPC-5
fn kind(lookup: Lookup<'_>, code: Code, details: &Details) -> (Kind, Rule) {
    match lookup.naming_info(details) {
        Some(info) if info.accepted => (lookup.kind_of_reason(info.reason), Rule::ErrorInfo),
        Some(info) => (lookup.kind_of_reason(info.reason), Rule::ForeignErrorInfo),
        None => (lookup.fallback(code), Rule::CodeFallback),
    }
}
