//! Checks of catalogs beyond those of loading.

mod checked;
mod lint;
mod text;

pub use checked::Checked;
