//! The log of a running server: one line on standard error for each event, whatever a peer sends.

mod line;
mod text;

use tracing::Level;
use tracing_subscriber::{Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use self::line::{Line, in_json, in_text};
use crate::server::config::LogFormat;

/// Our own events from INFO on, those of the libraries from WARN on.
pub(super) fn init(format: LogFormat) {
    let levels = Targets::new().with_default(Level::WARN).with_target("errwire", Level::INFO);
    // A peer must not be able to send a colour, so there is none.
    let lines = fmt::layer().with_ansi(false);
    let lines = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_writer(|| Line::new(in_json)).boxed(),
        LogFormat::Text => lines.fmt_fields(text::fields()).with_writer(|| Line::new(in_text)).boxed(),
    };
    // A program that embeds the command may have a log already.
    let _ = tracing_subscriber::registry().with(levels).with(lines).try_init();
}
