//! One API error, defined once, read the same on every wire.

pub mod catalog;
mod model;
pub mod translate;
pub mod wire;

pub use catalog::Catalog;
pub use model::{
    Audience, BoxError, Code, Deprecation, Detail, Details, Entry, Error, HttpStatus, InvalidCode, InvalidHttpStatus,
    InvalidKind, Kind, Retry, Template, Visibility, kinds, rpc,
};
pub use translate::{GrpcOptions, NotAnError, ParseOptions, Policy, RenderOptions, Report, Table, Translator};
pub use wire::http::Dialect;
