//! The changes between two versions of a catalog, and which of them break callers.

mod change;
mod compare;

pub use change::{Change, ChangeRule, Effect};
pub use compare::diff;
