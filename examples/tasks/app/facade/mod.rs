//! The service over HTTP and JSON. No handler maps an error: each passes on what the service said.

mod forward;
mod json;
mod router;

pub(crate) use json::{Automation, Run, Task};
pub(crate) use router::router;
