//! Following the catalog of a server: a [`Translator`](crate::Translator) in your process that knows what the kinds mean
//! as soon as the server does.
//!
//! A service that embeds the layers has the catalog that it was built or started with. [`Remote`] connects to an errwire
//! server, calls [`WatchCatalog`](crate::pb), and [swaps](crate::Translator::swap) each version into the translator, and so
//! into all layers that hold a clone of it. Translations never wait for it. (The examples are compiled and not run: there is no
//! such server here. `tests/server/remote.rs` has one.)
//!
//! ```no_run
//! use errwire::{Translator, layer::GrpcServerLayer, remote::Remote};
//! use tonic::transport::Endpoint;
//!
//! # #[tokio::main]
//! # async fn main() {
//! let translator = Translator::default();
//! let remote = Remote::builder(Endpoint::from_static("http://errwire.internal:50051")).start(translator.clone()).await;
//!
//! let layer = GrpcServerLayer::new(translator);
//! // ... serve, and keep `remote` as long as that.
//! # drop((remote, layer));
//! # }
//! ```
//!
//! The server may be away: when this process starts, and at any time later. Until the first version is there, the
//! translator has the catalog that it was made with, or the last good one if there is a file to keep it in. Then it has the
//! last version that the server sent:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use errwire::{Catalog, Translator, remote::Remote};
//! use tonic::transport::Endpoint;
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let translator = Translator::new(Catalog::builtin());
//! let remote = Remote::builder(Endpoint::from_shared(std::env::var("ERRWIRE_ADDR")?)?)
//!     .with_cache_file("/var/cache/tasks/errors.catalog")
//!     .with_backoff(Duration::from_millis(500), Duration::from_secs(30))
//!     .start(translator.clone())
//!     .await;
//!
//! // To wait a moment rather than start with an old catalog:
//! let _ = tokio::time::timeout(Duration::from_secs(2), remote.followed()).await;
//! println!("{:?}", remote.status());
//! # Ok(())
//! # }
//! ```
//!
//! A version that cannot be used, such as one with a status that is not an error's, or one that is too large, never replaces a
//! good one. Nothing that a server sends ends the follower: it counts a failure, and tries again. Only the catalog
//! comes from the server: the [`Policy`](crate::Policy) is the translator's own, so give both the same domain.

mod decode;
mod follow;
mod follower;
mod gather;
mod saved;

pub use follow::{CatalogSource, RemoteStatus};
pub use follower::{Builder, Remote};

pub(crate) use decode::Limits;
#[cfg(feature = "cli")]
pub(crate) use decode::{BadCatalog, entries, same_as_builtin};
#[cfg(feature = "cli")]
pub(crate) use gather::{Gather, watch_catalog};
#[cfg(feature = "server")]
pub(crate) use saved::SavedCatalog;
