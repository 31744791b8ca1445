//! The configuration of a server.
//!
//! [`Config`] has a field for each setting. Its values come, in this order of strength, from the defaults, a YAML file, the
//! environment and flags; [`Sources`] merges them, and finds all problems at once:
//!
//! ```
//! use errwire::server::config::Sources;
//!
//! let mut sources = Sources::default();
//! sources.add_env([("ERRWIRE_MAX_CONNECTIONS".to_owned(), "none".to_owned())]);
//! sources.add_flag("idle_timeout", vec!["5m".to_owned()]);
//! assert_eq!(
//!     sources.resolve().unwrap_err().to_string(),
//!     "ERRWIRE_MAX_CONNECTIONS: `none` is not a number. Write a whole number from 1 to 4294967295."
//! );
//! ```

mod address;
mod resolve;
mod setting;
mod size;
mod sources;
mod table;
mod value;

pub use address::{AdminListen, Listen, Origin, PagesUrl, SocketMode};
pub use resolve::Resolved;
pub use setting::{Group, Place, Problem, Problems, Setting, SettingRule, Source};
pub use size::Size;
pub use sources::Sources;
pub use table::Config;
pub use value::LogFormat;
