//! Facts of a kind in words.

use crate::model::{HttpStatus, KindEntry, Retry, Visibility};

/// `404 Not Found`.
pub(crate) fn status(status: HttpStatus) -> String {
    let phrase = match status.reason_phrase() {
        // Not registered; nginx gave it the name.
        "" if status == 499 => "Client Closed Request",
        phrase => phrase,
    };
    format!("{status} {phrase}").trim_end().to_owned()
}

/// The beginning of a text, on one line and without control characters.
pub(crate) fn excerpt(text: &str) -> String {
    const MOST: usize = 200;
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// When to retry.
pub(crate) fn retry(retry: Retry) -> String {
    match retry {
        Retry::Never => "never".to_owned(),
        Retry::AfterBackoff => "after backoff".to_owned(),
        Retry::AfterDelay(delay) => format!("after {} s", delay.as_secs_f64()),
    }
}

/// The audience of the message.
pub(crate) fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public: all callers may read the message",
        Visibility::Internal => "internal: callers outside get the default message",
    }
}

/// What is said of a kind on its way out; `None` of any other.
pub(crate) fn deprecation(entry: &KindEntry) -> Option<String> {
    let deprecated = entry.deprecated.as_ref()?;
    Some(match &*deprecated.since {
        "" => "Deprecated.".to_owned(),
        since => format!("Deprecated since {since}."),
    })
}
