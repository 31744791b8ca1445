//! What the build makes of `proto/tasks/v1/tasks.proto`.
#![allow(dead_code, missing_docs, unreachable_pub, unused_qualifications, clippy::all, reason = "generated")]

include!("generated/tasks.v1.rs");

/// The file of the service and all that it imports.
pub(crate) const DESCRIPTORS: &[u8] = include_bytes!("generated/tasks.v1.bin");
