//! Assembling the services and running them.
//!
//! The caller binds, and decides when to stop:
//!
//! ```
//! use errwire::{Translator, server::{App, serve}};
//!
//! # #[tokio::main]
//! # async fn main() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let stop = async { /* wait for a signal */ };
//! serve(listener, App::new(Translator::default()), stop).await
//! # }
//! ```
//!
//! [`Server`] does what `errwire serve` does: it listens wherever its [configuration](config) says, with TLS and an admin
//! listener.
//!
//! ```
//! use errwire::server::{Server, config::Sources};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut sources = Sources::default();
//! sources.add_flag("listen", vec!["127.0.0.1:0".to_owned()]);
//! sources.add_flag("admin_listen", vec!["off".to_owned()]);
//! let server = Server::bind(sources.resolve()?.into()).await?;
//! println!("listening on {}", server.address());
//! let stop = async { /* wait for a signal */ };
//! server.serve(stop).await?;
//! # Ok(())
//! # }
//! ```

pub mod config;

mod admin;
mod app;
mod catalogs;
mod errors;
mod lifecycle;
mod limits;
mod listen;
mod observe;
mod serve;
mod tls;
mod unary;

pub use app::App;
pub use catalogs::{CatalogFiles, CatalogFollower, CatalogStatus, CatalogWatch};
pub use lifecycle::Reload;
pub use serve::{BindError, Server, serve};
pub use tls::Identity;

#[cfg(feature = "cli")]
pub(crate) use listen::raise_descriptors;
