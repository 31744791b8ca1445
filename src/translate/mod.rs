//! The rules: what an error is on one wire, given what it was on another.

mod audience;
mod budget;
mod changes;
mod facts;
mod from_grpc;
mod from_http;
mod kind;
mod live;
mod localize;
mod options;
mod policy;
mod report;
mod status;
mod table;
mod to_grpc;
mod to_http;
mod translator;

pub use changes::CatalogChanges;
pub use options::{GrpcOptions, ParseOptions, RenderOptions, Table};
pub use policy::Policy;
pub use report::{Basis, NotAnError, Report, Rule};
pub use translator::Translator;
