//! The rules: what an error is on one wire, given what it was on another.

mod options;
mod policy;
mod report;
mod translator;

pub use options::{GrpcOptions, ParseOptions, RenderOptions, Table};
pub use policy::Policy;
pub use report::{Basis, NotAnError, Report, Rule};
pub use translator::Translator;
