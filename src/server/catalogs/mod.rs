//! Following the files of a catalog.

mod files;
mod follower;
mod look;
mod report;
mod seen;
mod status;

pub use files::CatalogFiles;
pub use follower::{CatalogFollower, CatalogReload};
pub use status::{CatalogStatus, CatalogWatch};
