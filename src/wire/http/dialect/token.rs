//! What a text may be: an identifier, the class of an exception, the number of one event.

// docs/rules.md: R-GENERAL-2

use super::{
    message, roles,
    words::{Word, ends_with},
};
use crate::model::{is_foldable, is_kind, is_of_words, is_reason};

/// What a URI says of an error; any other text as it is.
pub(super) fn bare(text: &str) -> &str {
    if has_scheme(text) || text.starts_with("urn:") { last_segment(text).unwrap_or_default() } else { text }
}

/// Where `://` is. To search for three bytes costs less than to prepare the search for a text.
fn scheme_len(text: &str) -> Option<usize> {
    text.as_bytes().windows(3).position(|three| three == b"://")
}

/// Whether a text is a URL, or has one in it.
pub(super) fn has_scheme(text: &str) -> bool {
    scheme_len(text).is_some()
}

/// Whether the name of a wrapper may be an identifier: of several words, or the phrase of a status, and nothing that only says
/// that there is an error.
pub(super) fn is_named_wrapper(name: &str) -> bool {
    const ENDS: [&str; 11] =
        ["message", "response", "result", "error", "errors", "info", "details", "data", "status", "body", "envelope"];
    let is_generic = Word::of(name).is(roles::WRAPPERS) || ENDS.iter().any(|end| ends_with(name, end));
    is_token(name)
        && !is_generic
        && !is_exception_class(name)
        && (is_compound(name) || PHRASES.iter().any(|phrase| phrase.eq_ignore_ascii_case(name)))
}

/// Whether an identifier has several words, as no text for people that is one word long.
pub(super) fn is_compound(text: &str) -> bool {
    is_token(text) && is_of_words(text)
}

/// `OVER_QUERY_LIMIT`
pub(super) fn is_constant(text: &str) -> bool {
    is_compound(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// `oaeHfmOAx1iRLa0H`, `f07a0a50`, `ERRNO796977608T16`, `Ji-YEeijmUmiFB6mz_iIUA`: the number of one event.
pub(super) fn is_random(text: &str) -> bool {
    let after_digit = |pair: &[u8]| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic();
    let is_long_number = |eight: &[u8]| eight.iter().all(u8::is_ascii_digit);
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let is_mixed = || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    text.bytes().all(is_hex) && has(u8::is_ascii_digit)
        || text.len() >= 16 && is_mixed()
        || text.as_bytes().windows(2).filter(|pair| after_digit(pair)).count() >= 2
        || text.as_bytes().windows(8).any(is_long_number)
}

/// Whether a text is an identifier: no blanks, foldable, and none of those that say no more than that there is an error.
pub(super) fn is_token(text: &str) -> bool {
    // What is spelled as a kind or a reason has none of these, and is not a phrase.
    let is_spelled = is_kind(text) || is_reason(text);
    let marks = if is_spelled { 0 } else { text.bytes().fold(0, |all, byte| all | MARKS[usize::from(byte)]) };
    let is_generic = || if marks & DOT == 0 { Word::of(text).is(roles::GENERIC) } else { is_generic_token(text) };
    // `soap:Client`, `sql#apiErrorResponse`
    let is_qualified = || text.split_once(':').is_some_and(|(_, local)| is_generic_token(local)) || has_scheme(text);
    marks & BLANK == 0
        && (is_spelled || is_foldable(text) && !PHRASES.contains(&text))
        && !is_generic()
        && (marks & COLON == 0 || !is_qualified())
        && (marks & WIDE == 0 || !text.contains(char::is_whitespace))
        && !is_shape(text)
        && !is_uuid(text)
}

const BLANK: u8 = 1;
const COLON: u8 = 1 << 1;
/// What is left out of a name, or of a word that says no more than that there is an error, but not of both.
const DOT: u8 = 1 << 2;
/// A byte of a character that is not ASCII, and may be a blank.
const WIDE: u8 = 1 << 3;

/// What each byte of a text may be, so that one look at a text shows most of what it is not.
const MARKS: [u8; 256] = {
    let (mut marks, mut byte) = ([0; 256], 0);
    while byte < 256 {
        marks[byte] = match byte as u8 {
            b'\t'..=b'\r' | b' ' => BLANK,
            b':' => COLON | DOT,
            b'.' | b'$' => DOT,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    marks
};

/// `error`, `error.list`
fn is_generic_token(text: &str) -> bool {
    let letters = || text.bytes().filter(|byte| !matches!(byte, b'.' | b'_' | b'-'));
    let len = letters().count();
    let is = |generic: &str| letters().zip(generic.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b));
    roles::GENERIC.texts().iter().any(|generic| len == generic.len() && is(generic))
}

/// `:resterrorresponse`: what the body is, not what went wrong.
pub(super) fn is_shape(text: &str) -> bool {
    const SHAPE: &str = "errorresponse";
    text.len().checked_sub(SHAPE.len()).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(SHAPE))
}

/// The phrases of a status line that are one word: its number says that already.
const PHRASES: [&str; 5] = ["Unauthorized", "Forbidden", "Conflict", "Gone", "Locked"];

fn is_uuid(text: &str) -> bool {
    let hex = text.bytes().filter(|byte| *byte != b'-');
    text.len() >= 32 && hex.clone().count() == 32 && hex.clone().all(|byte| byte.is_ascii_hexdigit())
}

/// `out-of-credit` of `https://example.com/probs/out-of-credit` and of `urn:problem:out-of-credit`. `None` if the type
/// only says which standard defines the status.
pub(super) fn last_segment(uri: &str) -> Option<&str> {
    // Most have neither, which one look without an early exit shows in a few steps.
    let has_more = uri.bytes().fold(false, |any, byte| any | (byte == b'#') | (byte == b'?'));
    let (uri, fragment) = if has_more { uri.split_once('#').unwrap_or((uri, "")) } else { (uri, "") };
    let uri = if has_more { uri.split('?').next().unwrap_or_default() } else { uri };
    let (path, is_url) = match scheme_len(uri) {
        _ if uri == "about:blank" => return None,
        Some(at) => {
            let (host, path) = uri[at + 3..].split_once('/')?;
            if is_standards_body(host) {
                return None;
            }
            (path, true)
        }
        None => (uri, false),
    };
    let is_separator = |byte: &u8| *byte == b'/' || !is_url && *byte == b':';
    let last = |path: &'_ str| path.bytes().rposition(|byte| is_separator(&byte)).map_or(0, |at| at + 1);
    if !fragment.is_empty() {
        let folder = path.len() - path.bytes().rev().take_while(is_separator).count();
        let is_of_rfc = is_rfc(&path[last(&path[..folder])..folder]);
        let last_of_fragment = fragment.rsplit('/').next().unwrap_or_default();
        if message::is_generic(last_of_fragment) {
            return None;
        }
        if !is_of_rfc && is_token(last_of_fragment) {
            return Some(last_of_fragment);
        }
    }
    // A folder is a page about many errors, and so is a file.
    let segment = Some(&path[last(path)..]).filter(|segment| !segment.is_empty() && !segment.contains('.'))?;
    if is_rfc(segment) { None } else { Some(segment) }
}

fn is_standards_body(host: &str) -> bool {
    ["iana.org", "ietf.org", "rfc-editor.org", "w3.org"].iter().any(|body| {
        let subdomain = host.len().checked_sub(body.len()).and_then(|at| host.split_at_checked(at));
        subdomain.is_some_and(|(sub, end)| end.eq_ignore_ascii_case(body) && (sub.is_empty() || sub.ends_with('.')))
    })
}

/// `rfc9110.html`
fn is_rfc(segment: &str) -> bool {
    let number = segment.get(..3).filter(|start| start.eq_ignore_ascii_case("rfc")).map(|_| &segment[3..]);
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// `NullPointerException`, `builtins.ValueError`, `Sabre_DAV_Exception_NotFound`, `App\Exceptions\Handler`, `Foo::Bar`: how a program is written, not what
/// went wrong.
pub(super) fn is_exception_class(text: &str) -> bool {
    let is_camel = text.starts_with(|first: char| first.is_ascii_uppercase()) || text.contains('.');
    text.contains('\\') || text.contains("::") || is_camel && (text.contains("Exception") || text.ends_with("Error"))
}

/// `Foo` of `com.amazon#Foo:http://internal.amazon.com/coral/`.
pub(in crate::wire::http) fn shape(error: &str) -> &str {
    let error = error.split(':').next().unwrap_or_default();
    error.rsplit('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn phrases_of_one_word() {
        let all = (400..600).filter_map(|status| StatusCode::from_u16(status).ok()?.canonical_reason());
        assert_eq!(all.filter(|phrase| !phrase.contains(' ')).collect::<Vec<_>>(), PHRASES);
    }
}
