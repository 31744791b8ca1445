//! HTTP error responses: bodies in many dialects, and the headers that go with them.

pub mod headers;

mod body;
mod dialect;
mod json;
mod negotiate;
mod read;
mod reading;
mod text;
mod tree;
mod xml;

#[cfg(test)]
mod tests;

pub use negotiate::{dialect, language};
pub use read::read;
pub use reading::{Dialect, Evidence, Origins, Reading, ResponseHead};

#[cfg(feature = "layer")]
pub(crate) use body::MAX_LEN;
pub(crate) use dialect::{ErrorFields, List, write};
pub(crate) use read::{exact, is_page, recognise};
pub(crate) use reading::Survey;
