//! HTTP error responses: bodies in many dialects, and the headers that go with them.

mod body;
mod challenge;
mod dialect;
mod json;
mod media;
mod object;
mod page;
mod reading;
mod text;

#[cfg(test)]
mod tests;

pub use dialect::Dialect;
pub use reading::{Evidence, Head, Reading, read};
