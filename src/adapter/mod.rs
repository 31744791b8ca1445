//! Conversions to and from the types of other crates, and of a user's own.

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "derive")]
mod kinds;
#[cfg(feature = "tonic")]
mod tonic;

#[cfg(feature = "derive")]
pub use self::kinds::{FromMetadata, KindMismatch, Values, mismatch, replaces};
#[cfg(feature = "tonic")]
pub use self::tonic::StatusExt;
