//! The built-in kinds, generated from `proto/errwire/v1/kinds.proto`.
//!
//! The first eleven are those of the public API reference and are a fixed contract; the others give every gRPC code
//! and every common HTTP status a kind of its own.
//!
//! ```
//! use errwire::{Code, Error, kinds};
//!
//! let error = Error::new(kinds::TASK_NOT_FOUND);
//! assert_eq!(error.code(), Code::NotFound);
//! assert_eq!(error.status().as_u16(), 404);
//! assert!(error.kind() == kinds::TASK_NOT_FOUND);
//! ```

// docs/rules.md: R-KIND-1, R-KIND-2

use super::{Code, Kind, KindEntry, Retry, StaticKindEntry};

include!("generated/kinds.rs");
