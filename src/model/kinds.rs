//! The built-in kinds, generated from `proto/errwire/v1/kinds.proto`.
//!
//! The first eleven are those of the public API reference and are a fixed contract; the others give every gRPC code
//! and every common HTTP status a kind of its own.
//!
//! ```
//! use errwire::{Code, Error, kinds};
//!
//! let error = Error::new(kinds::TASK_NOT_FOUND);
//! assert_eq!(error.code(), Code::NotFound);
//! assert_eq!(error.status().as_u16(), 404);
//! assert!(error.kind() == kinds::TASK_NOT_FOUND);
//! ```

// docs/rules.md: R-KIND-1, R-KIND-2, R-KIND-6

use std::sync::LazyLock;

use super::{Code, HttpStatus, Kind, KindEntry, MessageTemplate, Retry, StaticKindEntry};

/// A constant for each row: its name, kind, status, code, retry, what happened, and the message.
macro_rules! kinds {
    ($domain:literal; $(
        $(#[$docs:meta])*
        $name:ident $kind:literal $status:literal $code:ident $retry:ident $description:literal $message:literal;
    )+) => {
        $($(#[$docs])* pub const $name: Kind = Kind::builtin(&ENTRIES[Row::$name as usize]);)+

        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "a row has the name of its constant")]
        enum Row {
            $($name,)+
        }

        static ENTRIES: [KindEntry; [$($kind),+].len()] = [$(KindEntry::from_static(StaticKindEntry {
            kind: $kind,
            reason: stringify!($name),
            status: $status,
            code: Code::$code,
            message: $message,
            description: $description,
            retry: Retry::$retry,
            ..StaticKindEntry::of($domain)
        }),)+];

        /// Every built-in kind, in the order of `kinds.proto`.
        pub(crate) const ALL: &[&KindEntry] = &[$(&ENTRIES[Row::$name as usize],)+];
    };
}

include!("generated/kinds.rs");

/// The kind that a code has when nothing names one.
// docs/rules.md: R-KIND-4
pub(crate) fn kind_for_code(code: Code) -> &'static Kind {
    match code {
        Code::Cancelled => const { &REQUEST_CANCELLED },
        Code::Unknown => const { &UNKNOWN_ERROR },
        Code::InvalidArgument => const { &REQUEST_INVALID },
        Code::DeadlineExceeded => const { &DEADLINE_EXCEEDED },
        Code::NotFound => const { &NOT_FOUND },
        Code::AlreadyExists => const { &ALREADY_EXISTS },
        Code::PermissionDenied => const { &PERMISSION_DENIED },
        Code::ResourceExhausted => const { &RATE_LIMITED },
        Code::FailedPrecondition => const { &FAILED_PRECONDITION },
        Code::Aborted => const { &CONFLICT },
        Code::OutOfRange => const { &OUT_OF_RANGE },
        Code::Unimplemented => const { &UNIMPLEMENTED },
        Code::Internal => const { &INTERNAL_ERROR },
        Code::Unavailable => const { &SERVICE_UNAVAILABLE },
        Code::DataLoss => const { &DATA_LOSS },
        Code::Unauthenticated => const { &UNAUTHENTICATED },
    }
}

/// The kind that a status has when nothing names one. Its code is the code that an API means by the status.
// docs/rules.md: R-KIND-5
pub(crate) fn kind_for_status(status: HttpStatus) -> &'static Kind {
    match status.as_u16() {
        // More than one kind has these statuses.
        400 => const { &REQUEST_INVALID },
        401 => const { &UNAUTHENTICATED },
        402 => const { &PAYMENT_REQUIRED },
        403 => const { &PERMISSION_DENIED },
        404 => const { &NOT_FOUND },
        409 => const { &CONFLICT },
        500 => const { &INTERNAL_ERROR },
        504 => const { &DEADLINE_EXCEEDED },
        number => &BY_STATUS[usize::from(number) - 400],
    }
}

/// The kind whose message stands in where the error's own cannot: the one that its status has, if that has its code, else
/// the one that its code has. A 507 must not ask for less frequent requests, as RESOURCE_EXHAUSTED does.
// docs/rules.md: R-CATALOG-4
pub(crate) fn kind_for_message(status: HttpStatus, code: Code) -> &'static Kind {
    if code_for_status(status) == code { kind_for_status(status) } else { kind_for_code(code) }
}

/// The code that an API means by a status, which completes the inverse of `google/rpc/code.proto`: that of its kind.
pub(crate) fn code_for_status(status: HttpStatus) -> Code {
    kind_for_status(status).entry().map_or(Code::Unknown, |entry| entry.code)
}

/// The kind `http_S` of a status that has no kind of its own, by its name.
pub(crate) fn http_kind(name: &[u8]) -> Option<&'static Kind> {
    let number = name.strip_prefix(b"http_").filter(|digits| digits.len() == 3)?;
    let status = HttpStatus::new(str::from_utf8(number).ok()?.parse().ok()?).ok()?;
    Some(kind_for_status(status)).filter(|kind| kind.as_bytes() == name)
}

/// One kind for each status from 400 to 599.
static BY_STATUS: LazyLock<Vec<Kind>> = LazyLock::new(|| (400..=599).map(by_status).collect());

fn by_status(number: u16) -> Kind {
    let named = ALL.iter().find(|entry| entry.status == number);
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
    let domain = ALL[0].domain.clone().into_owned();
    KindEntry {
        description: format!("HTTP status {number}, which has no kind of its own").into(),
        retry: Retry::Never,
        ..KindEntry::new(format!("http_{number}"), domain, status, code, MessageTemplate::from(message))
    }
}
