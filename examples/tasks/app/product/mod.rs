//! What the product does, on no wire in particular.

mod access;
mod catalogue;
mod formats;
mod keys;
mod runs;

pub(crate) use access::Access;
pub(crate) use catalogue::Catalogue;
pub(crate) use formats::{check_format, check_kind};
pub(crate) use keys::Key;
pub(crate) use runs::Runs;
