//! Watching what is translated.

use std::{fmt, sync::Arc};

use crate::{Dialect, Error};

/// Which way an error went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    GrpcToHttp,
    HttpToGrpc,
}

/// One translated error.
pub(crate) struct Translated<'a> {
    pub(crate) direction: Direction,
    pub(crate) error: &'a Error,
    /// The dialect that was read, else the one that was written.
    pub(crate) dialect: Option<Dialect>,
    pub(crate) redacted: bool,
    pub(crate) trimmed: bool,
    pub(crate) mismatched: bool,
}

/// Is told of every translation.
pub(crate) trait Watch: fmt::Debug + Send + Sync {
    fn translated(&self, translated: &Translated<'_>);

    /// An input was no error, or malformed.
    fn rejected(&self, direction: Direction);
}

/// The id of a request, which its error names. In the extensions of the request.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) Arc<str>);
