//! What changed between two versions of a catalog, and what of it breaks callers.

mod change;
mod compare;

pub use change::{Change, ChangeRule, Effect};
pub use compare::diff;
