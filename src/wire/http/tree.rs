//! From the bytes of a body to a tree: by content first, by label second.

// docs/rules.md: R-BODY-1

use std::borrow::Cow;

use bytestring::ByteString;
use http::HeaderValue;

use super::{
    body::Media,
    json::{Json, Member, Object, without_mark},
    xml,
};

/// What the bytes of a body are.
pub(super) enum Tree<'a> {
    /// Objects, lists and texts.
    Read { json: Json<'a>, format: Format, notes: Vec<String> },
    /// Promised or begun as JSON, and not readable to its end: its first members, if any.
    Cut { json: Json<'a> },
    /// Anything else.
    Text,
}

/// How a tree was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
    Form,
}

/// What some servers write in front of JSON, so that a page cannot load it as a script.
const XSSI_PREFIXES: [&str; 9] =
    [")]}',", ")]}'", "while(1);", "while (1);", "for(;;);", "for (;;);", "{} &&", "{}&&", "&&&START&&&"];

/// What begins each value of a JSON sequence ([RFC 7464](https://www.rfc-editor.org/rfc/rfc7464#section-2.1)).
const RECORD_SEPARATOR: char = '\u{1e}';

impl<'a> Tree<'a> {
    /// Reads a text. `is_start` says that it is the beginning of a longer one.
    pub(super) fn of(text: &'a str, media: Media, is_start: bool) -> Self {
        let text = without_prefix(text);
        match text.as_bytes().first() {
            Some(b'{' | b'[') => Self::of_json(text, media, is_start),
            Some(b'<') if media.is_json() || xml::is_html(text) => Self::Text,
            Some(b'<') => xml::parse(text).map_or(Self::Text, |json| Self::read(json, Format::Xml)),
            Some(_) if media == Media::Form => {
                let pairs = form_pairs(text);
                Self::read(Json::Object(Object::new(pairs, &mut Vec::new())), Format::Form)
            }
            Some(_) if media.is_json() && !is_start => match Json::parse(text) {
                Some(parsed) if !parsed.is_cut && parsed.rest.trim().is_empty() => {
                    Self::read(parsed.json, Format::Json)
                }
                _ => Self::Text,
            },
            _ => Self::Text,
        }
    }

    fn read(json: Json<'a>, format: Format) -> Self {
        Self::Read { json, format, notes: Vec::new() }
    }

    fn of_json(text: &'a str, media: Media, is_start: bool) -> Self {
        let cut = |json| if media.is_json() || is_start { Self::Cut { json } } else { Self::Text };
        let Some(parsed) = Json::parse(text) else {
            return cut(Json::Object(Object::new(Vec::new(), &mut Vec::new())));
        };
        // One value a line (NDJSON), or one after the other: the first is the error.
        let rest = parsed.rest.trim_start();
        let is_sequence = rest.is_empty() || rest.starts_with(['{', '[']);
        if parsed.is_cut || !is_sequence {
            return cut(parsed.json);
        }
        let mut notes: Vec<_> = parsed
            .conflicts
            .iter()
            .map(|name| format!("the member `{name}` stands twice with different values and was not read"))
            .collect();
        if !rest.is_empty() {
            notes.push("only the first value of the body was read".to_owned());
        }
        Self::Read { json: parsed.json, format: Format::Json, notes }
    }
}

/// Without what says nothing in front: a mark, blanks, a separator, or what keeps a page from loading JSON.
pub(super) fn without_prefix(text: &str) -> &str {
    let text = without_mark(text).trim_start().trim_start_matches(RECORD_SEPARATOR);
    // Most bodies show at once that they have none.
    if text.starts_with("{\"") {
        return text;
    }
    XSSI_PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text).trim_start()
}

/// Whether the first bytes show that a body is HTML.
pub(super) fn begins_as_page(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 2] = [b"<!doctype", b"<html"];
    let bytes = bytes.trim_ascii_start();
    MARKS.iter().any(|mark| bytes.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// The body as text: UTF-16, the `charset` of its content type or its XML declaration (<https://encoding.spec.whatwg.org>), or UTF-8.
/// What begins as JSON or XML, and is none of these, is read as most servers mean it. `None` if it is not text.
pub(super) fn decode(bytes: &bytes::Bytes, content_type: Option<&HeaderValue>) -> Option<ByteString> {
    if let Some((is_little, start)) = utf_16_order(bytes) {
        return utf_16(bytes.get(start..)?, is_little);
    }
    // Nothing but UTF-8 reads as UTF-8 by chance, unless it is as good as ASCII.
    if let Ok(text) = ByteString::try_from(bytes.clone()) {
        return Some(text);
    }
    let label = content_type.and_then(|value| charset(value.to_str().ok()?)).or_else(|| xml_encoding(bytes));
    let is_structured = bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"<?xml");
    label.and_then(|label| declared(label, bytes)).or_else(|| declared("windows-1252", bytes).filter(|_| is_structured))
}

/// <https://www.w3.org/TR/xml/#sec-TextDecl>
fn xml_encoding(bytes: &[u8]) -> Option<&str> {
    let end = bytes.iter().take(128).position(|byte| *byte == b'>')?;
    let declaration = str::from_utf8(&bytes[..end]).ok()?.strip_prefix("<?xml")?;
    let (_, value) = declaration.split_once("encoding=")?;
    value.split(['"', '\'']).nth(1)
}

/// In the encoding of this label (<https://encoding.spec.whatwg.org/#names-and-labels>).
#[cfg(feature = "charset")]
fn declared(label: &str, bytes: &[u8]) -> Option<ByteString> {
    let (text, _, is_broken) = encoding_rs::Encoding::for_label(label.as_bytes())?.decode(bytes);
    (!is_broken).then(|| text.into_owned().into())
}

/// ISO-8859-1, whose bytes are the first characters of Unicode; the others need the feature `charset`.
#[cfg(not(feature = "charset"))]
fn declared(label: &str, bytes: &[u8]) -> Option<ByteString> {
    let is_latin_1 =
        ["iso-8859-1", "latin1", "us-ascii", "windows-1252"].iter().any(|name| label.eq_ignore_ascii_case(name));
    is_latin_1.then(|| bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into())
}

fn utf_16(bytes: &[u8], is_little: bool) -> Option<ByteString> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| rest.is_empty()).map(Into::into)
}

/// Whether a body is in UTF-16 with its low bytes first, and where its text begins: behind a mark, or where the zeros of a `{` or `<` show it.
fn utf_16_order(bytes: &[u8]) -> Option<(bool, usize)> {
    match *bytes.get(..2)? {
        [0xff, 0xfe] => Some((true, 2)),
        [0xfe, 0xff] => Some((false, 2)),
        [b'{' | b'[' | b'<', 0] => Some((true, 0)),
        [0, b'{' | b'[' | b'<'] => Some((false, 0)),
        _ => None,
    }
}

fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// <https://url.spec.whatwg.org/#application/x-www-form-urlencoded>
fn form_pairs(text: &str) -> Vec<Member<'_>> {
    let plain = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = text.trim().split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (Cow::<str>::Owned(plain(name)).into(), Json::Text(Cow::Owned(plain(value))))).collect()
}

/// JSON inside of something else: an event, a call of a script, lines that an interpreter printed in front.
pub(super) struct Inner {
    pub(super) text: ByteString,
    /// Whether it is promised to be JSON.
    pub(super) is_event: bool,
    pub(super) note: Option<&'static str>,
}

/// `None` if the text is JSON itself, or holds none.
pub(super) fn inner(all: &ByteString) -> Option<Inner> {
    // Most bodies show at once that they are JSON.
    if all.starts_with("{\"") {
        return None;
    }
    let text = without_prefix(all);
    if text.starts_with(['{', '[', '"']) || text.starts_with('<') && xml::is_html(text) {
        return None;
    }
    // Most texts hold none.
    if !text.contains('{') && !text.contains('[') {
        return None;
    }
    if let Some(text) = event(all, text) {
        return Some(Inner { text, is_event: true, note: None });
    }
    let (text, note) = match argument(text) {
        Some(argument) => (argument, None),
        None => (behind_lines(text)?, Some("only the JSON at the end of the body was read")),
    };
    Some(Inner { text: all.slice_ref(text), is_event: false, note })
}

/// The data of the first event that holds an object
/// (<https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>).
fn event(all: &ByteString, text: &str) -> Option<ByteString> {
    let field = |line: &str| matches!(line.split(':').next(), Some("data" | "event" | "id" | "" | "retry"));
    if !text.lines().next().is_some_and(field) {
        return None;
    }
    let mut data = Vec::new();
    for line in text.lines().chain([""]) {
        if let Some(part) = line.strip_prefix("data:") {
            data.push(part.trim());
        } else if line.is_empty() {
            match &*data {
                [one] if one.starts_with('{') => return Some(all.slice_ref(one)),
                [first, ..] if first.starts_with('{') => return Some(data.join("\n").into()),
                _ => data.clear(),
            }
        }
    }
    None
}

/// `{}` of `/**/callback({});`, which a page loads as a script.
fn argument(text: &str) -> Option<&str> {
    let call = text.strip_prefix("/**/").unwrap_or(text).trim_start();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
    let arguments = call.trim_start_matches(is_name).trim_start().strip_prefix('(')?;
    let argument = arguments.trim_end().trim_end_matches(';').trim_end().strip_suffix(')')?.trim();
    (call.starts_with(is_name) && argument.starts_with(['{', '['])).then_some(argument)
}

/// An object or a list of them behind warnings of PHP, which prints them in front of what a program writes.
fn behind_lines(text: &str) -> Option<&str> {
    let at = text.find("\n{").into_iter().chain(text.find("\n[{")).min()?;
    let (warnings, rest) = text.split_at(at + 1);
    if !warnings.contains(" on line ") {
        return None;
    }
    let parsed = Json::parse(rest).filter(|parsed| !parsed.is_cut && parsed.rest.trim().is_empty())?;
    (!parsed.json.is_nothing()).then_some(rest)
}
