//! What each kind means: the built-in kinds, and a user's own.
//!
//! A user's kinds come from files: annotated enums in descriptor sets with the feature `catalog-files`, in `.proto` files with
//! `proto`, and YAML with `yaml`. All have the same rules. [`Loader`] reads them and checks them, [`generate`] turns one form
//! into the other, and [`diff`] tells what a change breaks.
//!
//! ```
//! # #[cfg(feature = "yaml")] {
//! use errwire::Catalog;
//!
//! let text = r#"
//! domain: api.example.com
//! kinds:
//!   quota_exhausted:
//!     status: 429
//!     code: RESOURCE_EXHAUSTED
//!     message: "The project has used its {limit} tasks of today. Try again tomorrow."
//! "#;
//! let catalog = Catalog::from_yaml("tasks.yaml", text)?;
//! assert_eq!(catalog.get("quota_exhausted").and_then(|kind| kind.entry().map(|entry| entry.status.as_u16())), Some(429));
//!
//! let problems = Catalog::from_yaml("tasks.yaml", &text.replace("429", "200")).unwrap_err();
//! assert_eq!(
//!     problems.to_string(),
//!     "tasks.yaml:5:13: `200` is not the HTTP status of an error. Use a number from 400 to 599."
//! );
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[expect(clippy::module_inception, reason = "the file is named after the type that it owns")]
mod catalog;
#[cfg(feature = "catalog-files")]
mod check;
#[cfg(feature = "catalog-files")]
mod diff;
#[cfg(feature = "catalog-files")]
mod generate;
#[cfg(feature = "catalog-files")]
mod join;
#[cfg(feature = "catalog-files")]
mod load;
mod method;
mod name_hash;
#[cfg(feature = "catalog-files")]
mod open;
#[cfg(feature = "catalog-files")]
mod proto;
mod route;
#[cfg(feature = "catalog-files")]
mod rule;
#[cfg(all(test, feature = "catalog-files"))]
mod tests;
#[cfg(feature = "catalog-files")]
mod tree;
mod version;
#[cfg(feature = "yaml")]
mod yaml;

pub use catalog::Catalog;
#[cfg(feature = "catalog-files")]
pub use check::Checked;
#[cfg(feature = "catalog-files")]
pub use diff::{Change, ChangeRule, Effect, diff};
#[cfg(feature = "catalog-files")]
pub use generate::{Form, Generated, generate};
#[cfg(feature = "catalog-files")]
pub use load::Loader;
pub use method::Method;
pub use route::HttpRoute;
#[cfg(feature = "catalog-files")]
pub use rule::{Problem, Problems, Rule};

#[cfg(feature = "server")]
pub(crate) use generate::{YamlScalar, fence, link, prose};
#[cfg(feature = "remote")]
pub(crate) use method::is_method_name;
#[cfg(feature = "server")]
pub(crate) use method::{IMPLIED, is_implied};
#[cfg(feature = "remote")]
pub(crate) use open::open_file;
#[cfg(feature = "server")]
pub(crate) use open::read_file;
#[cfg(feature = "server")]
pub(crate) use proto::{Escapes, quoted};
#[cfg(feature = "server")]
pub(crate) use route::with_variables;
#[cfg(feature = "server")]
pub(crate) use rule::and_unreadable;
#[cfg(feature = "server")]
pub(crate) use tree::parse_delay;
