//! Following the files of a catalog.

mod files;
mod follower;
mod poll_state;
mod status;

pub use files::CatalogFiles;
pub use follower::CatalogFollower;
pub use status::{CatalogStatus, CatalogWatch};
