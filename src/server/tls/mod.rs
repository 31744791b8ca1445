//! Certificates: read from files, and replaced while the server runs.

mod follow;
mod identity;

pub use identity::Identity;

pub(super) use follow::Certificates;
pub(super) use identity::Files;
