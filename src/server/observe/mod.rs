//! Metrics, a log line for each failed call, and the request id that connects them.

mod call;
mod metrics;
mod series;
mod service;
mod translations;

pub(super) use call::{Call, X_REQUEST_ID, identity};
pub(crate) use metrics::Metrics;
pub(super) use series::{Method, System};
pub(super) use service::Measured;
