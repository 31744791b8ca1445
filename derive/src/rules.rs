//! What `errwire check` says of a catalog, as far as it can be said of an attribute. A test compares the two.

use std::time::Duration;

use proc_macro2::Span;
use syn::{Ident, LitInt, LitStr, Path, Result, spanned::Spanned as _};

use crate::suggestion::nearest;

/// The names of [`google/rpc/code.proto`](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto) without
/// `OK`, and the variants of `errwire::Code`. A test compares them with that.
const CODES: [(&str, &str); 16] = [
    ("CANCELLED", "Cancelled"),
    ("UNKNOWN", "Unknown"),
    ("INVALID_ARGUMENT", "InvalidArgument"),
    ("DEADLINE_EXCEEDED", "DeadlineExceeded"),
    ("NOT_FOUND", "NotFound"),
    ("ALREADY_EXISTS", "AlreadyExists"),
    ("PERMISSION_DENIED", "PermissionDenied"),
    ("RESOURCE_EXHAUSTED", "ResourceExhausted"),
    ("FAILED_PRECONDITION", "FailedPrecondition"),
    ("ABORTED", "Aborted"),
    ("OUT_OF_RANGE", "OutOfRange"),
    ("UNIMPLEMENTED", "Unimplemented"),
    ("INTERNAL", "Internal"),
    ("UNAVAILABLE", "Unavailable"),
    ("DATA_LOSS", "DataLoss"),
    ("UNAUTHENTICATED", "Unauthenticated"),
];

/// All that is wrong, so that it is reported at once.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The variant of `errwire::Code` with this name.
pub(crate) fn code(path: &Path) -> Result<Ident> {
    let text = path.segments.last().map(|part| part.ident.to_string()).unwrap_or_default();
    let known = CODES.iter().find(|(name, variant)| *name == text || *variant == text);
    if let Some((_, variant)) = known {
        return Ok(Ident::new(variant, path.span()));
    }
    if text.eq_ignore_ascii_case("OK") {
        let message = "No error has the code OK. Use the code of the failure, such as NOT_FOUND.";
        return Err(syn::Error::new(path.span(), message));
    }
    let remedy = match nearest(&text.to_ascii_uppercase(), CODES.iter().map(|(name, _)| *name)) {
        Some(near) => format!("Write {near}"),
        None => "Use a name of google.rpc.Code, such as NOT_FOUND".to_owned(),
    };
    Err(syn::Error::new(path.span(), format!("`{text}` is not a gRPC code. {remedy}.")))
}

/// 400 to 599.
pub(crate) fn status(number: &LitInt) -> Result<u16> {
    let status = number.base10_parse().ok().filter(|status| (400..=599).contains(status));
    status.ok_or_else(|| {
        let message = format!("`{number}` is not the HTTP status of an error. Use a number from 400 to 599.");
        syn::Error::new(number.span(), message)
    })
}

/// `[a-z][a-z0-9_]+[a-z0-9]`, at most 63.
pub(crate) fn kind(name: &str, span: Span) -> Result<()> {
    let is_part = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    let is_kind = (3..=63).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('_')
        && name.bytes().all(is_part);
    match is_kind {
        true => Ok(()),
        false => {
            let folded = snake(name);
            let remedy = match folded != name && kind(&folded, span).is_ok() {
                true => format!("Write `{folded}`"),
                false => {
                    "A kind is 3 to 63 characters of a-z, 0-9 and _, begins with a letter, and does not end with _"
                        .to_owned()
                }
            };
            Err(syn::Error::new(span, format!("`{name}` is not a kind. {remedy}.")))
        }
    }
}

/// `[a-z][a-zA-Z0-9-_]+`, at most 64.
pub(crate) fn key(name: &str, span: Span) -> Result<()> {
    let is_part = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let is_key = (2..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(is_part);
    match is_key {
        true => Ok(()),
        false => Err(syn::Error::new(
            span,
            format!(
                "`{name}` is not a key of metadata. Name it with 2 to 64 of a-z, A-Z, 0-9, _ and -, beginning with a-z."
            ),
        )),
    }
}

/// A tag of [BCP 47](https://www.rfc-editor.org/info/bcp47), as far as its form goes.
pub(crate) fn language(tag: &str, span: Span) -> Result<()> {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric());
    if tag.split('-').all(is_part) {
        return Ok(());
    }
    let message = format!("`{tag}` is not a language tag. Use a BCP 47 tag such as de, pt-BR or zh-Hant.");
    Err(syn::Error::new(span, message))
}

/// `30s`, `500ms`, `2m`, `1h`.
pub(crate) fn delay(text: &LitStr) -> Result<Duration> {
    let value = text.value();
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = value.strip_suffix(unit).unwrap_or_default();
    let whole = number.parse::<u64>().ok();
    let delay = match (unit, whole) {
        ("ms", Some(number)) => Some(Duration::from_millis(number)),
        ("s", Some(number)) => Some(Duration::from_secs(number)),
        ("m", Some(number)) => number.checked_mul(60).map(Duration::from_secs),
        ("h", Some(number)) => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    };
    delay.filter(|delay| delay.as_secs() <= 315_576_000_000).ok_or_else(|| {
        let message = format!("`{value}` is not a delay. Write it as 30s, 500ms, 2m or 1h.");
        syn::Error::new(text.span(), message)
    })
}

/// The names of the placeholders of a message.
pub(crate) fn placeholders(message: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in message.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && key(name, Span::call_site()).is_ok()
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// `TaskNotFound` becomes `task_not_found`, `HTTPError` `http_error`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && chars.get(at + 1).is_some_and(|next| next.is_lowercase())
            });
        if begins {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
