//! The admin listener: for probes and people, and not for callers of the RPCs.

mod router;

pub(super) use router::{router, service};
