//! gRPC → `Error`.

#[cfg(feature = "tonic")]
use std::borrow::Cow;

use super::{
    NotAnError, Report, Rule,
    kind::{Lookup, NamingInfo},
    status,
};
use crate::{
    model::{Code, Detail, Error, Kind},
    wire::grpc::{Received, ReceivedCode, Status},
};
#[cfg(feature = "tonic")]
use crate::{
    model::{DetailType, ErrorRef, Known, Text},
    wire::grpc::details_in_place,
};

// docs/rules.md: R-READ-GRPC-1, R-READ-GRPC-2
pub(super) fn read(lookup: &Lookup<'_>, received: Received) -> Result<(Error, Report), NotAnError> {
    let Received { code, message, details, mismatch, mut notes } = received;
    let (code, code_rule) = match code {
        ReceivedCode::Ok => return Err(NotAnError { status: None }),
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
pub(super) fn error(lookup: &Lookup<'_>, status: Status) -> (Error, Rule, Rule) {
    let Status { code, message, details } = status;
    let views = || details.iter().map(Detail::view);
    let naming = lookup.naming_info(views());
    let kind_rule = kind_rule(naming.as_ref());
    let kind = kind(lookup, naming, code);
    let (status, status_rule) = status::of(views(), kind.entry(), code);
    (Error::from_parts(kind, code, status, Some(message), details), kind_rule, status_rule)
}

/// The error where it is: the details in an encoded `google.rpc.Status`, next to the code and the message that count.
#[cfg(feature = "tonic")]
pub(super) fn error_ref<'a>(lookup: &Lookup<'_>, code: Code, message: &'a str, status: &'a [u8]) -> ErrorRef<'a> {
    let mut error = ErrorRef::bare(code, Text::Borrowed(message));
    error.fill(|views| details_in_place(status, views));
    let naming = lookup.naming_info(error.views_for(DetailType::ErrorInfo));
    let is_named = naming.is_some();
    let kind = kind(lookup, naming, code);
    let (status, status_rule) = status::of(error.views_for(DetailType::HttpResponse), kind.entry(), code);
    error.known = Known {
        names_kind: is_named && error.has_one(DetailType::ErrorInfo),
        says_status: status_rule == Rule::HttpResponse,
    };
    error.status = status;
    error.kind = Cow::Owned(kind);
    error
}

// docs/rules.md: R-READ-GRPC-5
fn kind(lookup: &Lookup<'_>, naming: Option<NamingInfo<'_>>, code: Code) -> Kind {
    match naming {
        Some(info) => lookup.kind_of_reason(info.reason),
        None => lookup.fallback(code).clone(),
    }
}

fn kind_rule(naming: Option<&NamingInfo<'_>>) -> Rule {
    match naming {
        Some(info) if info.accepted => Rule::ErrorInfo,
        Some(_) => Rule::ForeignErrorInfo,
        None => Rule::CodeFallback,
    }
}
