//! The content of a catalog file, whatever its notation. [Nodes](crate::yaml::Node), which have places, become [fields](Fields) of the
//! format, and fields become [drafts](super::join) of entries. Each step reports what it finds and goes on.

mod entry;
mod fields;
mod values;

#[cfg(feature = "yaml")]
pub(super) use entry::read_methods;
pub(super) use entry::{read_kind, read_kinds, report_bad_method};
pub(super) use fields::Fields;
#[cfg(feature = "yaml")]
pub(super) use fields::name;
#[cfg(feature = "server")]
pub(crate) use values::parse_delay;
pub(super) use values::{domain, language_of_file};
