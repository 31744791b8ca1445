//! Pages for people: the error reference, straight from the catalog, and a form that translates.
//!
//! They are written on the server, need no scripts, load nothing from elsewhere, and say so in their
//! `Content-Security-Policy`.

mod reference;
mod router;
mod translate;

pub(crate) use router::{MAX_FORM_BYTES, Pages, is_page};
