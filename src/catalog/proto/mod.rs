//! Catalogs as annotated enums, in `.proto` files and in descriptor sets.
//!
//! The options of a [source](source) are read from its text, so that each value has its place; those of a
//! [descriptor set](set) are read by reflection. Both become [enums](decl) with [options in text format](text), which
//! become the same [tree](super::tree) as YAML does: the rules are the same.

mod decl;
#[cfg(any(feature = "proto", feature = "server"))]
mod literal;
mod lower;
#[cfg(feature = "proto")]
mod option;
#[cfg(feature = "proto")]
mod resolve;
mod set;
#[cfg(feature = "proto")]
mod source;
mod text;
mod walk;

#[cfg(feature = "server")]
pub(crate) use literal::{Escapes, quoted};
#[cfg(feature = "proto")]
pub(super) use resolve::Imports;
pub(super) use set::read as read_set;
#[cfg(feature = "proto")]
pub(super) use source::read as read_source;
