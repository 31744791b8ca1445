//! The admin listener, for probes and people, not for callers of the RPCs: liveness, readiness, metrics, and pages.
//!
//! The pages are the error reference, straight from the catalog, and a form that translates. They are written on the server,
//! need no scripts, load nothing from elsewhere, and say so in their `Content-Security-Policy`.

mod reference;
mod router;
mod translate;

pub(super) use router::{router, service};
