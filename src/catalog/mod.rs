//! What each kind means: the built-in kinds, and a user's own.

mod catalog;

pub use catalog::Catalog;
