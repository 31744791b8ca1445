//! Following the files of a catalog.

mod follower;
mod poll_state;
mod status;

pub use follower::{CatalogFiles, CatalogFollower, CatalogReload};
pub use status::{CatalogStatus, CatalogWatch};
