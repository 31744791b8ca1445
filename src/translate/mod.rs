//! The rules: what an error is on one wire, given what it was on another.

mod audience;
mod budget;
mod catalog_changes;
mod header_details;
mod kind;
mod localize;
mod options;
mod read_grpc;
mod read_http;
mod report;
mod shared_catalog;
mod status;
mod translator;
mod write_grpc;
mod write_http;

pub use catalog_changes::CatalogChanges;
pub use options::{Policy, ReadOptions, StatusTable, WriteGrpcOptions, WriteHttpOptions};
pub use report::{Basis, NotAnError, Report, Rule};
pub use translator::Translator;

#[cfg(feature = "server")]
pub(crate) use translator::Now;
