//! What is wrong with catalogs beyond what keeps them from loading.

mod checked;
mod lint;
mod text;

pub use checked::Checked;
