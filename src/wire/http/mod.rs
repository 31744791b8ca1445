//! HTTP error responses: bodies in many dialects, and the headers that go with them.

pub mod headers;

mod accept;
mod body;
mod challenge;
mod dialect;
mod exact;
mod json;
mod media;
mod negotiate;
mod object;
mod page;
mod reading;
mod render;
mod text;

#[cfg(test)]
mod tests;

pub use accept::dialect;
pub use dialect::Dialect;
pub use negotiate::language;
pub use reading::{Evidence, Head, Reading, read};
pub(crate) use reading::{Exact, recognise};
pub use render::{Facts, connect, google, kind_message, problem};
pub(crate) use render::{List, google_with, kind_message_with, problem_with};

#[cfg(feature = "layer")]
pub(crate) use body::MAX_LEN;
