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

mod app;
mod catalogs;
mod health;
mod reflection;
mod serve;
mod unary;

pub use app::App;
pub use catalogs::{CatalogFiles, CatalogFollower, CatalogReload, CatalogStatus, CatalogWatch};
pub use serve::serve;
