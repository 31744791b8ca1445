//! One API error, defined once, read the same on every wire.

#[cfg(any(feature = "axum", feature = "tonic"))]
mod adapter;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "layer")]
pub mod layer;
mod model;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod service;
pub mod translate;
pub mod wire;

#[cfg(feature = "tonic")]
pub use adapter::StatusExt;
pub use catalog::Catalog;
pub use model::{
    Audience, BoxError, Code, Deprecation, Detail, Details, Entry, Error, HttpStatus, InvalidCode, InvalidHttpStatus,
    InvalidKind, Kind, Result, Retry, Template, Visibility, kinds, rpc,
};
pub use translate::{GrpcOptions, NotAnError, ParseOptions, Policy, RenderOptions, Report, Table, Translator};
pub use wire::http::Dialect;
