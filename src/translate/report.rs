//! What was decided in a translation, and why.

use std::{error, fmt};

use crate::wire::http::{Dialect, Origins};

/// What was decided in a translation, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The dialect read or written; `None` if there was no HTTP body.
    pub dialect: Option<Dialect>,
    /// What decided the kind.
    pub kind_rule: Option<Rule>,
    /// What decided the code.
    pub code_rule: Option<Rule>,
    /// What decided the HTTP status.
    pub status_rule: Option<Rule>,
    /// How an HTTP response showed where it came from.
    pub basis: Option<Basis>,
    /// Which members and fields of an HTTP response gave the parts of the error; `None` if none was read. It is boxed, since it is larger
    /// than all the rest.
    pub origins: Option<Box<Origins>>,
    /// What was given up so that the error fits the size budget, such as `DebugInfo`.
    pub trimmed: Vec<String>,
    /// What was withheld from the audience, such as `message` or a type of detail.
    pub redacted: Vec<String>,
    /// Whether `grpc-status` or `grpc-message` disagreed with the details.
    pub mismatch: bool,
    /// The method that does not declare this kind of error, which a server layer knows if the catalog has
    /// [methods](crate::Catalog::methods).
    pub undeclared: Option<String>,
    /// Other facts for debugging, such as a member that could not be read.
    pub notes: Vec<String>,
}

/// The rule that decided one part of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The caller gave it.
    Given,
    /// The `grpc-status` field.
    GrpcStatus,
    /// An `ErrorInfo` of our domain or of an accepted one.
    ErrorInfo,
    /// An `ErrorInfo` of another domain.
    ForeignErrorInfo,
    /// The body of the HTTP response.
    Body,
    /// The status line of the HTTP response.
    StatusLine,
    /// A `google.rpc.HttpResponse` detail.
    HttpResponse,
    /// The catalog's entry for the kind.
    Catalog,
    /// The fallback by code.
    CodeFallback,
    /// The fallback by HTTP status.
    StatusFallback,
    /// The table for responses of an API.
    OriginTable,
    /// The table for responses of a proxy.
    IntermediaryTable,
    /// What arrived is invalid, so a fixed value took its place.
    Invalid,
}

/// How an HTTP response showed where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// The caller forced the table.
    Forced,
    /// gRPC fields on the HTTP response are the error.
    GrpcFields,
    /// The body is of a dialect that only an API writes.
    Strong,
    /// The body is of a shape that gateways write too.
    Weak,
    /// The body was not recognised.
    None,
}

/// The input is not an error: gRPC OK, or an HTTP status below 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnError {
    /// The status of HTTP; `None` for gRPC.
    pub(super) status: Option<u32>,
}

impl fmt::Display for NotAnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            None => f.write_str("the gRPC status is OK (0), which is not an error: send a status from 1 to 16"),
            Some(status) => {
                write!(f, "the HTTP status {status} is not an error: send a response with a status of 400 or more")
            }
        }
    }
}

impl error::Error for NotAnError {}
