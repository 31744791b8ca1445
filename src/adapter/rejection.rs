//! Which field an extractor of axum rejected. It says so in words only.

#[cfg(feature = "layer")]
use crate::{model::Error, translate::Report, wire::http::Dialect};

/// What comes before the reason of a rejection (axum 0.7 and 0.8, `extract::rejection`). Behind it is a path, unless the
/// whole is meant: `tasks[3].url: invalid type: ...`.
const PREFIXES: [&str; 5] = [
    "Failed to deserialize the JSON body into the target type: ",
    "Failed to deserialize form body: ",
    "Failed to deserialize form: ",
    "Failed to deserialize query string: ",
    "Invalid URL: ",
];

/// How the reasons begin that serde and the standard library give. Only before one of these is a text believed to be a
/// path, since a user's own words may have a colon too.
const REASONS: [&str; 16] = [
    "cannot parse float from empty string",
    "cannot parse integer from empty string",
    "duplicate field `",
    "invalid digit found in string",
    "invalid float literal",
    "invalid length ",
    "invalid type: ",
    "invalid value: ",
    "missing field `",
    "number too large to fit in target type",
    "number too small to fit in target type",
    "number would be zero for non-zero type",
    "provided string was not `true` or `false`",
    "too many characters in string",
    "unknown field `",
    "unknown variant `",
];

/// Adds a `BadRequest` that names the field, where the message does.
#[cfg(feature = "layer")]
pub(crate) fn name_field(error: Error, report: &Report) -> Error {
    if report.dialect != Some(Dialect::Text) || !matches!(error.status().as_u16(), 400 | 422) {
        return error;
    }
    let message = error.message().into_owned();
    match field(&message) {
        Some((field, reason)) => error.with_field_violation(field, reason),
        None => error,
    }
}

/// The path of the field, and what is wrong with it.
pub(super) fn field(message: &str) -> Option<(String, &str)> {
    let reason = PREFIXES.iter().find_map(|prefix| message.strip_prefix(prefix))?;
    if let Some((_, rest)) = reason.split_once("Cannot parse `").filter(|(before, _)| before.is_empty()) {
        // A parameter of the path: the name is the router's, so it has no backtick.
        let (name, _) = rest.split_once("` with value `")?;
        return Some((name.to_owned(), reason));
    }
    let (path, reason) = match reason.split_once(": ") {
        Some((path, rest)) if is_path(path) && is_reason(rest) => (path, rest),
        _ if is_reason(reason) => ("", reason),
        _ => return None,
    };
    let missing = ["missing field `", "unknown field `", "duplicate field `"];
    let name = missing.iter().find_map(|start| reason.strip_prefix(start)?.split('`').next());
    match (path, name) {
        ("", None) => None,
        ("", Some(name)) => Some((name.to_owned(), reason)),
        // Of an unknown or duplicate field the path is that of the field itself, of a missing one that of its owner.
        (path, Some(name)) if is_last(path, name) => Some((path.to_owned(), reason)),
        (path, Some(name)) => Some((format!("{path}.{name}"), reason)),
        (path, None) => Some((path.to_owned(), reason)),
    }
}

fn is_last(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|owner| owner.is_empty() || owner.ends_with('.'))
}

/// `tasks[3].url`
fn is_path(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte))
}

fn is_reason(text: &str) -> bool {
    REASONS.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_field() {
        let json = "Failed to deserialize the JSON body into the target type: ";
        let query = "Failed to deserialize query string: ";
        let rows = [
            (json, "missing field `kind` at line 1 column 2", Some("kind")),
            (json, "task: missing field `url` at line 1 column 2", Some("task.url")),
            (json, "tasks[3].url: invalid type: integer `1`, expected a string at line 1", Some("tasks[3].url")),
            (json, "a: unknown field `a`, expected `b`", Some("a")),
            (json, "a.b: unknown field `b`, expected `c`", Some("a.b")),
            (json, "invalid type: map, expected u8 at line 1 column 0", None),
            (json, "oops: bad", None),
            (json, "my words: missing field `x`", None),
            (json, "", None),
            (query, "page: invalid digit found in string", Some("page")),
            (query, "missing field `page`", Some("page")),
            ("Invalid URL: ", "Cannot parse `id` with value `abc` to a `u32`", Some("id")),
            ("Invalid URL: ", "Cannot parse `id` with value `a: b`: UUID parsing failed", Some("id")),
            ("Invalid URL: ", "Cannot parse `abc` to a `u32`", None),
            ("Something else: ", "page: invalid digit found in string", None),
        ];
        for (prefix, reason, expected) in rows {
            let message = format!("{prefix}{reason}");
            assert_eq!(field(&message).map(|(field, _)| field).as_deref(), expected, "{message}");
        }
    }
}
