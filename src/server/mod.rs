//! Assembling the services and running them.
//!
//! The caller binds, and decides when to stop:
//!
//! ```no_run
//! use errwire::{Translator, server::{App, serve}};
//!
//! # async fn run() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let stop = async { std::future::pending().await };
//! serve(listener, App::new(Translator::default()), stop).await
//! # }
//! ```

mod app;
mod health;
mod reflection;
mod serve;

pub use app::App;
pub use serve::serve;
