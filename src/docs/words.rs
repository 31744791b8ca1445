//! Facts of a kind in words, and what a client should do about an error.

use std::borrow::Cow;

use crate::model::{Code, Error, HttpStatus, Kind, KindEntry, Retry, Visibility};

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
fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public: all callers may read the message",
        Visibility::Internal => "internal: callers outside get the default message",
    }
}

/// The facts of a kind, each under a term.
pub(crate) fn facts<'a>(entry: &'a KindEntry, domain: &'a str) -> Vec<(&'static str, Cow<'a, str>)> {
    let mut facts: Vec<(&str, Cow<'a, str>)> = vec![
        ("HTTP status", status(entry.status).into()),
        ("gRPC code", format!("{} ({})", entry.code, entry.code.number()).into()),
        ("reason", (*entry.reason).into()),
        ("domain", domain.into()),
        ("retry", retry(entry.retry).into()),
        ("visibility", visibility(entry.visibility).into()),
    ];
    facts.extend(entry.owner.as_deref().map(|owner| ("owner", owner.into())));
    facts.extend(entry.help_url.as_deref().map(|url| ("help", url.into())));
    facts
}

/// A term as it begins a line: `Reason`, and `gRPC code` as it is.
pub(crate) fn capitalized(term: &str) -> String {
    let mut term = term.to_owned();
    if !term.starts_with("gRPC")
        && let Some(first) = term.get_mut(..1)
    {
        first.make_ascii_uppercase();
    }
    term
}

/// What is said of a kind on its way out; `None` of any other.
pub(crate) fn deprecation(entry: &KindEntry) -> Option<String> {
    let deprecated = entry.deprecated.as_ref()?;
    Some(match &*deprecated.since {
        "" => "Deprecated.".to_owned(),
        since => format!("Deprecated since {since}."),
    })
}

/// The meaning of each status by the API reference.
const STATUSES: [(u16, &str); 11] = [
    (
        400,
        "The request was invalid. This is usually caused by a missing required parameter or invalid value. `kind` and \
         `message` help identify the issue.",
    ),
    (401, "Authentication is required. Include an API key in the `Authorization` header."),
    (402, "A payment issue exists on the account. Visit billing to resolve."),
    (403, "The API key is valid but does not have access to the requested resource or action."),
    (404, "The requested resource was not found. Verify the resource ID."),
    (405, "The HTTP method is not supported for this endpoint."),
    (408, "The request took too long to complete."),
    (429, "Rate limit exceeded. Reduce the frequency of requests."),
    (
        500,
        "An unexpected error occurred on our side. If you encounter this error, please contact support and we will look \
         into it immediately.",
    ),
    (502, "An invalid response was received from a downstream server."),
    (503, "The server is temporarily unable to handle requests. Please try again later."),
];

/// The guidance of the API reference for a status; empty if there is none.
pub(crate) fn of_status(status: HttpStatus) -> &'static str {
    STATUSES.iter().find(|(number, _)| status == *number).map_or("", |(_, guidance)| guidance)
}

/// The fields of a body with their meaning by the API reference.
pub(crate) const FIELDS: [(&str, &str); 2] =
    [("kind", "A specific error identifier in snake_case"), ("message", "Actionable guidance for the user")];

/// What a program should do about the kind.
pub(crate) fn of_kind(entry: &KindEntry) -> Cow<'static, str> {
    match entry.retry {
        // The caller has nothing to correct.
        Retry::Never if matches!(entry.code, Code::Unknown | Code::Internal | Code::DataLoss) => {
            "Do not retry automatically. Show the message, and report the error.".into()
        }
        Retry::Never => {
            "Do not retry automatically. Show the message, or fix what it names and send the corrected request.".into()
        }
        Retry::AfterBackoff => "Send the request again if it is safe to repeat: after the delay of `Retry-After` or \
                                `RetryInfo` if there is one, else with exponential backoff and jitter."
            .into(),
        Retry::AfterDelay(delay) => format!(
            "Send the request again if it is safe to repeat, {} s later or after the delay of `Retry-After` or \
             `RetryInfo`.",
            delay.as_secs_f64()
        )
        .into(),
    }
}

/// An error of this kind, with something in each placeholder.
pub(crate) fn example(kind: &Kind) -> Error {
    let error = Error::new(kind.clone());
    let Some(entry) = kind.entry() else { return error };
    let names: Vec<String> = entry.message.placeholders().map(str::to_owned).collect();
    names.into_iter().fold(error, |error, name| {
        let value = format!("example-{}", name.replace('_', "-"));
        error.with_metadata(name, value)
    })
}
