//! The media library: an HTTP server that knows the format of a source, and that fails in the ways of real ones.

mod library;
mod probe;

pub(crate) use library::library;
pub(crate) use probe::Probe;
