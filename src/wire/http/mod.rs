//! HTTP error responses: bodies in many dialects, and the headers that go with them.

mod dialect;
pub(crate) mod headers;
pub(crate) mod negotiate;
mod reading;
pub(crate) mod render;

pub use dialect::Dialect;
pub use reading::{Evidence, Head, Reading, read};
