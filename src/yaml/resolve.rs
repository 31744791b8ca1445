//! What a plain scalar is.

use super::Scalar;

/// The type of a scalar without quotes, by the [core schema](https://yaml.org/spec/1.2.2/#1032-tag-resolution).
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float,
        _ if is_int(text) => Scalar::Int,
        _ if is_float(text) => Scalar::Float,
        _ => Scalar::Text,
    }
}

fn is_int(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |c| matches!(c, b'0'..=b'7'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, |c| c.is_ascii_hexdigit());
    }
    all(unsigned(text), |c| c.is_ascii_digit())
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, and infinity.
fn is_float(text: &str) -> bool {
    let text = unsigned(text);
    if matches!(text, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| all(text, |c| c.is_ascii_digit());
    (digits(whole) || whole.is_empty() && !fraction.is_empty())
        && (fraction.is_empty() || digits(fraction))
        && exponent.is_none_or(|exponent| digits(unsigned(exponent)))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(digits: &str, is_digit: fn(u8) -> bool) -> bool {
    !digits.is_empty() && digits.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of https://yaml.org/spec/1.2.2/#1032-tag-resolution, and what looks like them.
    #[test]
    fn resolves_as_the_core_schema() {
        let rows = [
            ("", Scalar::Null),
            ("null", Scalar::Null),
            ("~", Scalar::Null),
            ("nULL", Scalar::Text),
            ("true", Scalar::Bool(true)),
            ("False", Scalar::Bool(false)),
            ("yes", Scalar::Text),
            ("off", Scalar::Text),
            ("0", Scalar::Int),
            ("0o7", Scalar::Int),
            ("0x3A", Scalar::Int),
            ("-19", Scalar::Int),
            ("+12", Scalar::Int),
            ("0o8", Scalar::Text),
            ("1_000", Scalar::Text),
            ("0.", Scalar::Float),
            ("-0.0", Scalar::Float),
            (".5", Scalar::Float),
            ("+12e03", Scalar::Float),
            ("-2E+05", Scalar::Float),
            (".inf", Scalar::Float),
            ("-.Inf", Scalar::Float),
            (".NAN", Scalar::Float),
            (".", Scalar::Text),
            ("-", Scalar::Text),
            ("e3", Scalar::Text),
            ("1e", Scalar::Text),
            ("1.2.3", Scalar::Text),
            ("2026-11", Scalar::Text),
            ("30s", Scalar::Text),
            ("404 ", Scalar::Text),
        ];
        for (text, expected) in rows {
            assert_eq!(resolve(text), expected, "{text:?}");
        }
    }
}
