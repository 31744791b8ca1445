//! HTTP error responses: bodies in many dialects, and the headers that go with them.

pub mod headers;

mod accept;
mod body;
mod challenge;
mod context;
mod dialect;
mod json;
mod kind_message_fast;
mod media;
mod negotiate;
mod object;
mod reading;
mod render;
mod text;
mod tree;
mod xml;

#[cfg(test)]
mod tests;

pub use accept::dialect;
pub use context::ResponseHead;
pub use dialect::Dialect;
pub use negotiate::language;
pub use reading::{Evidence, Origins, Reading, read};
pub(crate) use reading::{Exact, recognise};
pub use render::{ErrorFields, connect, google, kind_message, problem};
pub(crate) use render::{List, google_with, kind_message_with, problem_with};

#[cfg(feature = "layer")]
pub(crate) use body::MAX_LEN;
