//! What happened, for a person.

use std::fmt::{self, Debug};

use tracing::field::Field;
use tracing_subscriber::{
    field::MakeExt,
    fmt::{
        FormatFields,
        format::{Writer, debug_fn},
    },
};

/// The message, and each field as `name=value`. A value that could be taken for more than one is in quotes, so that no
/// value can forge a field.
pub(super) fn fields() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    debug_fn(field).delimited(" ")
}

fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" if is_quoted(&value) || !value.contains(['=', '"']) => writer.write_str(&value),
        "message" => write!(writer, "{value:?}"),
        name if is_quoted(&value) || is_word(&value) => write!(writer, "{name}={value}"),
        name => write!(writer, "{name}={value:?}"),
    }
}

/// Whether this is one text in quotes, as `Debug` writes it.
fn is_quoted(value: &str) -> bool {
    let Some(inside) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else { return false };
    let mut is_escaped = false;
    for c in inside.chars() {
        if c == '"' && !is_escaped {
            return false;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    !is_escaped
}

fn is_word(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "._:/+-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_in_quotes() {
        for quoted in [r#""""#, r#""a b""#, r#""a\"b""#, r#""a\\""#] {
            assert!(is_quoted(quoted), "{quoted}");
        }
        for other in ["", "\"", "a", r#""a" b="c""#, r#""a\""#, r#""a\\"b""#] {
            assert!(!is_quoted(other), "{other}");
        }
    }
}
