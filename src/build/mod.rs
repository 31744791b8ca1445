//! Support for build scripts: kinds of your own as Rust.
//!
//! Kinds come from annotated enums in `.proto` files or descriptor sets, or from YAML; see [`catalog`](crate::catalog). In
//! `Cargo.toml`, errwire is a dependency, without features if you like, and a build dependency with the feature `build`:
//!
//! ```toml
//! [dependencies]
//! errwire = { version = "0.1", default-features = false }
//!
//! [build-dependencies]
//! errwire = { version = "0.1", default-features = false, features = ["build"] }
//! ```
//!
//! `build.rs`, which is compiled and not run here, since it belongs to a build:
//!
//! ```no_run
//! fn main() -> Result<(), errwire::build::BuildError> {
//!     errwire::build::Builder::new().with_catalog("proto/tasks/v1/errors.proto").compile("errors")
//! }
//! ```
//!
//! `src/lib.rs`:
//!
//! ```text
//! pub mod errors {
//!     errwire::include_errors!("errors");
//! }
//! ```
//!
//! For a kind `task_not_found` with the message `Task {task_id} does not exist.`, the module then has
//!
//! | item | is |
//! |---|---|
//! | `errors::TASK_NOT_FOUND` | the [`Kind`](crate::Kind), with its whole entry |
//! | `errors::task_not_found(task_id)` | a function that makes the [`Error`](crate::Error); each placeholder of the message is an argument, any `Display`, and travels as metadata |
//! | `errors::Kind` | an enum for an exhaustive `match`: `Kind::TaskNotFound`, and `Kind::Other` for all that the catalog does not have ([`with_builtin_kinds`](Builder::with_builtin_kinds): but for the built-in ones); `Kind::from(&error)` |
//! | `errors::catalog()` | the [`Catalog`](crate::Catalog), for a [`Translator`](crate::Translator) and the layers |
//!
//! All have documentation. What is generated needs nothing but errwire without features, causes no warnings, and is the same
//! for the same files.
//!
//! The annotations are in [`include_dir`], for whatever compiles the services next to the errors.

mod builder;

pub use builder::{BuildError, Builder, include_dir};
