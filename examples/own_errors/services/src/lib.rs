//! Two services that share the errors of tasks: one makes them, one meets them.

pub mod scheduler;
pub mod tasks;

/// What tonic makes of `proto/acme/tasks/v1`.
#[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all)]
pub mod pb {
    tonic::include_proto!("acme.tasks.v1");
}
