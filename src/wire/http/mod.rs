//! HTTP error responses: bodies in many dialects, and the headers that go with them.

mod dialect;
mod reading;

pub use dialect::Dialect;
pub use reading::{Evidence, Head, Reading, read};
