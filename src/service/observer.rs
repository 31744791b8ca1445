//! Hooks of the services: each translation, and each item of a stream.

use std::{fmt, sync::Arc, time::Duration};

use crate::{model::Error, wire::http::Dialect};

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

    /// An input was not an error, or malformed.
    fn rejected(&self, direction: Direction);
}

/// Under what a call is found again, in the extensions of its request.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    /// The id of the request, which its error names.
    pub(crate) id: Arc<str>,
    /// The trace id of [`traceparent`](https://www.w3.org/TR/trace-context/#traceparent-header), 32 digits.
    pub(crate) trace: Option<Arc<str>>,
}

/// Told of each item that a caller sends in a stream, once it is there as a whole.
pub(crate) trait Meter: Send + Sync {
    /// Lets the item be answered, or says how long the caller should have waited.
    fn item(&self) -> Result<(), Duration>;
}

/// The meter of a call, in the extensions of its request.
#[derive(Clone)]
pub(crate) struct Metered(pub(crate) Arc<dyn Meter>);

impl fmt::Debug for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metered").finish_non_exhaustive()
    }
}
