//! What operators see: metrics, a line of the log for each call that fails, and the id under which both are found.

mod call;
mod context;
mod kinds;
mod metrics;
mod series;
mod service;

pub(super) use call::Call;
pub(super) use context::{WithContext, identify};
pub(crate) use metrics::Metrics;
pub(super) use series::{Method, System};
pub(super) use service::Measured;
