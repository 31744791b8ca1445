//! The log of a running server: JSON lines on standard error.

use std::io;

use tracing::Level;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Our own events from INFO on, those of the libraries from WARN on. Every value is written by a JSON serializer, so that
/// nothing which a peer sends can forge a line.
pub(super) fn init() {
    let levels = Targets::new().with_default(Level::WARN).with_target("errwire", Level::INFO);
    let lines = fmt::layer().json().flatten_event(true).with_writer(io::stderr);
    // Who embeds the command may have a log already.
    let _ = tracing_subscriber::registry().with(levels).with(lines).try_init();
}
