//! Conversions to and from the types of other crates, and of a user's own.

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "derive")]
mod kinds;
#[cfg(any(feature = "axum", feature = "layer"))]
mod rejection;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tonic")]
mod tonic;

#[cfg(feature = "derive")]
pub use self::kinds::{FromMetadata, KindMismatch, Values, mismatch, replaces};
#[cfg(feature = "reqwest")]
pub use self::reqwest::{RequestExt, ResponseExt};
#[cfg(feature = "tonic")]
pub use self::tonic::StatusExt;

#[cfg(feature = "layer")]
pub(crate) use self::rejection::name_field;
