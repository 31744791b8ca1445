//! The kind of an error that names none.

use std::sync::LazyLock;

use super::{Code, HttpStatus, Kind, KindEntry, MessageTemplate, Retry, kinds};

/// The kind that a code has when nothing names one.
// docs/rules.md: R-KIND-4
pub(crate) fn kind_for_code(code: Code) -> Kind {
    match code {
        Code::Cancelled => kinds::REQUEST_CANCELLED,
        Code::Unknown => kinds::UNKNOWN_ERROR,
        Code::InvalidArgument => kinds::REQUEST_INVALID,
        Code::DeadlineExceeded => kinds::DEADLINE_EXCEEDED,
        Code::NotFound => kinds::NOT_FOUND,
        Code::AlreadyExists => kinds::ALREADY_EXISTS,
        Code::PermissionDenied => kinds::PERMISSION_DENIED,
        Code::ResourceExhausted => kinds::RATE_LIMITED,
        Code::FailedPrecondition => kinds::FAILED_PRECONDITION,
        Code::Aborted => kinds::CONFLICT,
        Code::OutOfRange => kinds::OUT_OF_RANGE,
        Code::Unimplemented => kinds::UNIMPLEMENTED,
        Code::Internal => kinds::INTERNAL_ERROR,
        Code::Unavailable => kinds::SERVICE_UNAVAILABLE,
        Code::DataLoss => kinds::DATA_LOSS,
        Code::Unauthenticated => kinds::UNAUTHENTICATED,
    }
}

/// The kind that a status has when nothing names one. Its code is the code that an API means by the status.
// docs/rules.md: R-KIND-5
pub(crate) fn kind_for_status(status: HttpStatus) -> Kind {
    match status.as_u16() {
        // More than one kind has these statuses.
        400 => kinds::REQUEST_INVALID,
        401 => kinds::UNAUTHENTICATED,
        402 => kinds::PAYMENT_REQUIRED,
        403 => kinds::PERMISSION_DENIED,
        404 => kinds::NOT_FOUND,
        409 => kinds::CONFLICT,
        500 => kinds::INTERNAL_ERROR,
        504 => kinds::DEADLINE_EXCEEDED,
        number => BY_STATUS[usize::from(number) - 400].clone(),
    }
}

/// The kind whose message stands in where the error's own cannot: the one that its status has, if that has its code, else
/// the one that its code has. A 507 must not ask for less frequent requests, as RESOURCE_EXHAUSTED does.
// docs/rules.md: R-CATALOG-4
pub(crate) fn kind_for_message(status: HttpStatus, code: Code) -> Kind {
    let of_status = kind_for_status(status);
    let has_code = of_status.entry().is_some_and(|entry| entry.code == code);
    if has_code { of_status } else { kind_for_code(code) }
}

/// The kind `http_S` of a status that has no kind of its own, by its name.
pub(crate) fn http_kind(name: &str) -> Option<Kind> {
    let number = name.strip_prefix("http_").filter(|digits| digits.len() == 3)?;
    let status = HttpStatus::new(number.parse().ok()?).ok()?;
    Some(kind_for_status(status)).filter(|kind| kind.as_str() == name)
}

/// One kind for each status from 400 to 599.
static BY_STATUS: LazyLock<Vec<Kind>> = LazyLock::new(|| (400..=599).map(by_status).collect());

fn by_status(number: u16) -> Kind {
    let named = kinds::ALL.iter().find(|entry| entry.status == number);
    named.map_or_else(|| Kind::from_entry(unnamed(number)), |entry| Kind::builtin(entry))
}

// docs/rules.md: R-KIND-3
fn unnamed(number: u16) -> KindEntry {
    let status = HttpStatus::from_static(number);
    let (code, message) = if status.is_server_error() {
        (Code::Internal, format!("The server failed with HTTP status {number}. Please try again later."))
    } else {
        (Code::FailedPrecondition, format!("The request was refused with HTTP status {number}. Check the request."))
    };
    let domain = kinds::ALL[0].domain.clone().into_owned();
    KindEntry {
        description: format!("HTTP status {number}, which has no kind of its own").into(),
        retry: Retry::Never,
        ..KindEntry::new(format!("http_{number}"), domain, status, code, MessageTemplate::from(message))
    }
}
