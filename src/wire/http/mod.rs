//! HTTP error responses: bodies in many dialects, and the headers that go with them.

mod body;
mod challenge;
mod dialect;
pub(crate) mod headers;
mod json;
mod media;
pub(crate) mod negotiate;
mod object;
mod page;
mod reading;
pub(crate) mod render;
mod text;

#[cfg(test)]
mod tests;

pub use dialect::Dialect;
pub use reading::{Evidence, Head, Reading, read};
