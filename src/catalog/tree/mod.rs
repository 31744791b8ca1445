//! What a catalog file says, whatever it is written in. [Nodes](crate::yaml::Node), which have places, become [fields](Fields) that the
//! format has, and fields become [drafts](super::join) of entries. Each step reports what it finds and goes on.

mod fields;
mod kind;
mod localized;
mod methods;

#[cfg(feature = "yaml")]
pub(super) use fields::name;
#[cfg(feature = "server")]
pub(crate) use fields::parse as parse_delay;
pub(super) use fields::{Field, Fields, domain};
pub(super) use kind::read as read_kind;
pub(super) use localized::of_file as language_of_file;
#[cfg(feature = "yaml")]
pub(super) use methods::read as read_methods;
pub(super) use methods::{read_kinds, report_bad_method};
