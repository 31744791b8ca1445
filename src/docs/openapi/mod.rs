//! A reference as [OpenAPI](https://spec.openapis.org/oas/v3.1.0): a document of its own, or added to one that exists.

mod document;
mod insert;
mod merge;
mod schema;
mod source;
mod value;

pub(crate) use document::write;
pub(crate) use merge::{Merged, merge};
