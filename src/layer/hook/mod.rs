//! Ready-made observers.
//!
//! With the feature `tracing`, `TraceErrors` writes one event for each error; with `metrics`, `CountErrors` counts them
//! through the [`metrics`](https://docs.rs/metrics) facade. A pair of observers is an observer, so both can be used:
//!
//! ```
//! # #[cfg(all(feature = "tracing", feature = "metrics"))] {
//! use errwire::layer::{CountErrors, GrpcServerLayer, TraceErrors};
//!
//! let layer = GrpcServerLayer::default().with_observer((TraceErrors, CountErrors));
//! # }
//! ```

#[cfg(feature = "metrics")]
mod count;
#[cfg(feature = "tracing")]
mod trace;

#[cfg(feature = "metrics")]
pub use count::CountErrors;
#[cfg(feature = "tracing")]
pub use trace::TraceErrors;
#[cfg(feature = "server")]
pub(crate) use trace::cut;
