//! gRPC → `Error`.

use super::{NotAnError, Report, Rule, kind::Lookup, report::What, status};
use crate::{
    model::{Code, Details, Error, Kind},
    wire::grpc::{Received, ReceivedCode},
};

// docs/rules.md: R-READ-GRPC-1, R-READ-GRPC-2
pub(super) fn read(lookup: Lookup<'_>, received: Received) -> Result<(Error, Report), NotAnError> {
    let Received { code, message, details, mismatch, notes } = received;
    let mut report = Report { mismatch, notes, ..Report::default() };
    let (code, code_rule) = match code {
        ReceivedCode::Ok => return Err(NotAnError(What::Grpc)),
        ReceivedCode::Error(code) => (code, Rule::GrpcStatus),
        ReceivedCode::Invalid(raw) => {
            report.notes.push(match raw {
                Some(raw) => format!("grpc-status {raw:?} is not a code of an error, 1 to 16, so the code is UNKNOWN"),
                None => "there is no grpc-status, so the code is UNKNOWN".to_owned(),
            });
            (Code::Unknown, Rule::Invalid)
        }
    };
    let (kind, kind_rule) = kind(lookup, code, &details);
    let (status, status_rule) = status::of(&details, kind.entry(), code);
    (report.kind_rule, report.code_rule, report.status_rule) = (Some(kind_rule), Some(code_rule), Some(status_rule));
    Ok((Error::from_parts(kind, code, status, Some(message), details), report))
}

// docs/rules.md: R-READ-GRPC-5
fn kind(lookup: Lookup<'_>, code: Code, details: &Details) -> (Kind, Rule) {
    match lookup.naming_info(details) {
        Some(info) if info.accepted => (lookup.kind_of_reason(info.reason), Rule::ErrorInfo),
        Some(info) => (lookup.kind_of_reason(info.reason), Rule::ForeignErrorInfo),
        None => (lookup.fallback(code), Rule::CodeFallback),
    }
}
