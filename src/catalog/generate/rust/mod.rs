//! A catalog as Rust: constants, constructors, an enum to match on, and the catalog itself.
//!
//! The text is what rustfmt with its defaults leaves as it is, but for the entries, whose long texts it could not break; they
//! carry `rustfmt::skip`.

mod entry;
mod items;
mod names;

pub(super) use items::write;
