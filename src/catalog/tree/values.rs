//! The values of keys: words, domains, languages, statuses, codes and delays.

use std::time::Duration;

use super::Fields;
use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Notation, Place, Quoted, nearest},
    model::{Code, HttpStatus, LanguageTag, Retry, Visibility, fold, is_web_or_relative},
    yaml::Field,
};

pub(super) fn visibility(field: Field<'_, '_>, findings: &mut Findings) -> Option<Visibility> {
    match one_of(field, &["public", "internal"], findings)? {
        "public" => Some(Visibility::Public),
        _ => Some(Visibility::Internal),
    }
}

/// One of a few words.
fn one_of(field: Field<'_, '_>, words: &[&'static str], findings: &mut Findings) -> Option<&'static str> {
    let text = field.text(findings)?;
    let word = words.iter().copied().find(|word| *word == text);
    if word.is_none() {
        let folded = fold(text);
        let remedy = match nearest(folded.as_deref().unwrap_or(text), words.iter().copied()) {
            Some(near) => format!("Write {near}"),
            None => format!("Write {}", words.join(" or ")),
        };
        let message = format!("`{}` cannot be {}", field.name, Quoted(text));
        findings.report(Rule::UnknownValue, field.place(), message, remedy);
    }
    word
}

/// The most characters of a domain name, [RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4).
const LONGEST_DOMAIN: usize = 253;

/// A domain that can be one.
pub(in crate::catalog) fn domain<'n>(field: Field<'n, '_>, findings: &mut Findings) -> Option<&'n str> {
    let domain = field.text_or_empty(findings)?;
    let length = domain.chars().count();
    let message = if length == 0 {
        "The domain is empty".to_owned()
    } else if length > LONGEST_DOMAIN {
        format!("The domain has {length} characters")
    } else if domain.chars().any(char::is_control) {
        "The domain has a control character".to_owned()
    } else {
        return Some(domain);
    };
    let remedy = "Use the name of your API, such as api.example.com, of at most 253 characters";
    findings.report(Rule::InvalidDomain, field.place(), message, remedy);
    None
}

/// The most seconds that a
/// [`google.protobuf.Duration`](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/duration.proto)
/// takes: about 10,000 years.
const MOST: u64 = 315_576_000_000;

/// Reads `30s`, `1.5s` (up to nine digits, as protobuf's JSON form), `500ms`, `2m` and `1h`.
pub(crate) fn parse_delay(text: &str) -> Option<Duration> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.strip_suffix(unit)?;
    let delay = match (unit, number.split_once('.')) {
        ("ms", None) => Duration::from_millis(whole(number)?),
        ("s", None) => Duration::from_secs(whole(number)?),
        ("s", Some((seconds, fraction))) => Duration::new(whole(seconds)?, nanoseconds(fraction)?),
        ("m", None) => Duration::from_secs(whole(number)?.checked_mul(60)?),
        ("h", None) => Duration::from_secs(whole(number)?.checked_mul(60 * 60)?),
        _ => return None,
    };
    (delay <= Duration::from_secs(MOST)).then_some(delay)
}

fn whole(digits: &str) -> Option<u64> {
    digits.parse().ok()
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let scale = u32::try_from(fraction.len()).ok().filter(|len| *len <= 9)?;
    Some(fraction.parse::<u32>().ok()? * 10_u32.pow(9 - scale))
}

pub(super) fn status(field: Field<'_, '_>, findings: &mut Findings) -> Option<HttpStatus> {
    let text = field.number(findings)?;
    // Three digits, and no `0404` or `0x194`, which other YAML readers take for other numbers.
    let digits = Some(text).filter(|text| text.len() == 3);
    let status = digits.and_then(|digits| digits.parse().ok()).and_then(|number| HttpStatus::new(number).ok());
    if status.is_none() {
        let message = format!("{} is not the HTTP status of an error", Quoted(text));
        findings.report(Rule::StatusOutOfRange, field.place(), message, "Use a number from 400 to 599");
    }
    status
}

pub(super) fn code(field: Field<'_, '_>, findings: &mut Findings) -> Option<Code> {
    let text = field.text(findings)?;
    if let Some(code) = Code::ALL.into_iter().find(|code| code.name() == text) {
        return Some(code);
    }
    if text.eq_ignore_ascii_case("OK") {
        let message = "No error has the code OK".to_owned();
        findings.report(Rule::CodeOk, field.place(), message, "Use the code of the failure, such as NOT_FOUND");
        return None;
    }
    let upper = text.to_ascii_uppercase().replace(['-', ' '], "_");
    let near = Code::from_name(&upper).map(Code::name);
    let near = near.or_else(|| nearest(&upper, Code::ALL.into_iter().map(Code::name)));
    let remedy = match near {
        Some(near) => format!("Write {near}"),
        None => "Use a name of google.rpc.Code, such as NOT_FOUND".to_owned(),
    };
    findings.report(Rule::UnknownCode, field.place(), format!("{} is not a gRPC code", Quoted(text)), remedy);
    None
}

pub(super) fn retry(fields: &Fields<'_, '_>, findings: &mut Findings) -> Retry {
    let retry = fields.get("retry");
    let word = retry.and_then(|field| one_of(field, &["never", "after_backoff", "after_delay"], findings));
    let delay_field = fields.get("retry_delay");
    let delay = delay_field.and_then(|field| delay_of(field, findings));
    let words = Words::of(findings.notation());
    match (retry, word, delay_field) {
        (Some(retry), Some("after_delay"), None) => {
            let message = format!("`{}` has no `retry_delay`", words.after_delay);
            findings.report(
                Rule::MissingKey,
                retry.place(),
                message,
                format!("Add `{}`, or another delay", words.delay),
            );
        }
        (None, _, Some(field)) => {
            let remedy = format!("Add `{}`, or remove the delay", words.after_delay);
            findings.report(Rule::MissingKey, field.key.place, unused(words), remedy);
        }
        (Some(_), Some("never" | "after_backoff"), Some(field)) => {
            let remedy = format!("Write `{}`, or remove the delay", words.after_delay);
            findings.report(Rule::UnusedDelay, field.key.place, unused(words), remedy);
        }
        _ => {}
    }
    match (word, delay) {
        (Some("after_backoff"), _) => Retry::AfterBackoff,
        (Some("after_delay"), Some(delay)) => Retry::AfterDelay(delay),
        _ => Retry::Never,
    }
}

fn unused(words: &Words) -> String {
    format!("`retry_delay` is used only with `{}`", words.after_delay)
}

/// What a remedy writes differently in the two forms.
struct Words {
    after_delay: &'static str,
    delay: &'static str,
    delays: &'static str,
}

impl Words {
    const fn of(notation: Notation) -> &'static Self {
        match notation {
            Notation::Yaml => &Self {
                after_delay: "retry: after_delay",
                delay: "retry_delay: 30s",
                delays: "Write it as 30s, 1.5s, 500ms, 2m or 1h",
            },
            Notation::Proto => &Self {
                after_delay: "retry: RETRY_AFTER_DELAY",
                delay: "retry_delay: {seconds: 30}",
                delays: "Write it as `{seconds: 30}`, from 0 to 315,576,000,000 seconds",
            },
        }
    }
}

fn delay_of(field: Field<'_, '_>, findings: &mut Findings) -> Option<Duration> {
    let text = field.text_or_number(findings)?;
    let delay = parse_delay(text);
    if delay.is_none() {
        let message = format!("{} is not a delay", Quoted(text));
        let remedy = Words::of(findings.notation()).delays;
        findings.report(Rule::InvalidDelay, field.place(), message, remedy);
    }
    delay
}

/// An address with another scheme than those of the web could run code in a browser.
pub(super) fn help_url<'n>(field: Field<'n, '_>, findings: &mut Findings) -> Option<&'n str> {
    let url = field.text(findings)?;
    if is_web_or_relative(url) {
        return Some(url);
    }
    let message = format!("{} is not a web address", Quoted(url));
    findings.report(Rule::UnsafeHelpUrl, field.place(), message, "Begin it with https://");
    None
}

/// The language of all messages of a file that are not in `localized`; `None` if it does not state one that can be read.
pub(in crate::catalog) fn language_of_file(fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<String> {
    let field = fields.get("language")?;
    language(field.text(findings)?, field.place(), findings)
}

/// A language tag in its usual case, or a report of what is wrong with it.
pub(super) fn language(tag: &str, place: Place, findings: &mut Findings) -> Option<String> {
    let parsed = LanguageTag::parse(tag);
    // The parser also takes `de_AT`, which is not a tag.
    if let Some(parsed) = parsed.as_ref().filter(|_| !tag.contains('_')) {
        return Some(parsed.to_string());
    }
    let remedy = match parsed {
        Some(parsed) => format!("Write `{parsed}`"),
        None => "Use a BCP 47 tag such as de, pt-BR or zh-Hant".to_owned(),
    };
    findings.report(Rule::InvalidLanguage, place, format!("{} is not a language tag", Quoted(tag)), remedy);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_delays() {
        let rows = [
            ("30s", Some((30, 0))),
            ("0s", Some((0, 0))),
            ("1.5s", Some((1, 500_000_000))),
            ("1.000000001s", Some((1, 1))),
            ("0.999999999s", Some((0, 999_999_999))),
            ("500ms", Some((0, 500_000_000))),
            ("2m", Some((120, 0))),
            ("1h", Some((3600, 0))),
            ("315576000000s", Some((315_576_000_000, 0))),
            ("315576000001s", None),
            ("315576000000.1s", None),
            ("18446744073709551615m", None),
            ("18446744073709551616s", None),
            ("1.0000000001s", None),
            ("1.5m", None),
            ("1.s", None),
            (".5s", None),
            ("1.5.5s", None),
            ("-1s", None),
            ("+1s", None),
            ("30", None),
            ("s", None),
            ("30 s", None),
            ("30S", None),
            ("", None),
            ("soon", None),
        ];
        for (text, expected) in rows {
            assert_eq!(parse_delay(text), expected.map(|(s, ns)| Duration::new(s, ns)), "{text:?}");
        }
    }
}
