//! HTTP error responses: bodies in many dialects, and the headers that go with them.

pub mod headers;

mod dialect;
mod negotiate;
mod reading;
mod render;

pub use dialect::Dialect;
pub use negotiate::language;
pub use reading::{Evidence, Head, Reading, read};
pub use render::kind_message;
