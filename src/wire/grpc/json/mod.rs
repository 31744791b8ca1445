//! Protobuf messages as JSON and back, by the
//! [ProtoJSON mapping](https://protobuf.dev/programming-guides/json/), except that a `google.protobuf.Any` of a type
//! that nobody here knows is not an error: it becomes `{"@type": ..., "value": "<base64>"}`.

mod descriptors;
mod encode;
mod error;
mod read;
mod registry;
mod scalar;
mod standard;
mod text;
mod well_known;
mod write;

pub use error::{JsonError, RegistryError};
pub use registry::Registry;
pub(crate) use standard::{ALL_FIELDS, StandardDetails, has_only_known};
#[cfg(feature = "server")]
pub(crate) use text::parse as parse_json;

#[cfg(test)]
mod tests;
