//! Fields that are taken over as they are, and those that travel in a `google.rpc.HttpResponse` detail.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ALLOW, CONTENT_LANGUAGE, WWW_AUTHENTICATE},
};

use crate::model::rpc::HttpHeader;

/// `x-request-id`
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id and the longest title that a header says: what is longer serves nobody.
pub(super) const MAX_TEXT: usize = 128;

/// How much of an `Allow` and of all challenges travels on: more than any server says.
pub(super) const MAX_RESTORED: usize = 2_048;

/// The names of the fields that say something of the error itself, in lower case.
pub(in crate::wire::http) const CARRIED: [&str; 6] =
    ["allow", "content-language", "link", "retry-after", "www-authenticate", "x-request-id"];

/// Those fields of a response, line by line. A line that is not UTF-8 is left out.
pub(crate) fn carried(headers: &HeaderMap) -> Vec<HttpHeader> {
    let lines = CARRIED.iter().flat_map(|&name| headers.get_all(name).into_iter().map(move |value| (name, value)));
    let lines = lines.filter_map(|(name, value)| Some((name, std::str::from_utf8(value.as_bytes()).ok()?)));
    lines.map(|(name, value)| HttpHeader { key: name.to_owned(), value: value.to_owned() }).collect()
}

/// Those of [`CARRIED`] that no other detail stands for.
pub(crate) const ALONE: [&str; 2] = ["allow", "www-authenticate"];

/// How many bytes a field takes in a block, as HTTP/2 counts them
/// ([RFC 9113, section 6.5.2](https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2)).
pub(crate) fn field_size(name: &HeaderName, value: &HeaderValue) -> usize {
    name.as_str().len() + value.len() + 32
}

/// A text as a field value, without blanks around it; `None` if it is empty or has anything but printable ASCII.
pub fn value(text: &str) -> Option<HeaderValue> {
    let text = text.trim_matches([' ', '\t']);
    if text.is_empty() || !text.is_ascii() { None } else { HeaderValue::from_str(text).ok() }
}

/// Sets `WWW-Authenticate` (<https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1>), unless the challenge cannot be written.
pub(crate) fn with_www_authenticate(headers: &mut HeaderMap, challenge: &str) {
    set(headers, WWW_AUTHENTICATE, value(challenge));
}

/// Puts the methods of an `Allow` that travelled back (<https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1>), if there are any.
/// What is not a method is left out, and so are others than the first hundred or so.
pub(crate) fn restore_allow<'a>(headers: &mut HeaderMap, lines: impl Iterator<Item = &'a str>) {
    let methods = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|method| is_token(method));
    let mut room = MAX_RESTORED;
    let fits = |method: &&str| {
        room = room.saturating_sub(method.len() + 2);
        room > 0
    };
    let methods: Vec<&str> = methods.take_while(fits).collect();
    if !methods.is_empty() {
        set(headers, ALLOW, HeaderValue::from_str(&methods.join(", ")).ok());
    }
}

/// The language of the body: <https://www.rfc-editor.org/rfc/rfc9110#section-8.5>. `None` if it has several.
pub fn content_language(headers: &HeaderMap) -> Option<&str> {
    let mut tags = texts(headers, CONTENT_LANGUAGE).flat_map(|value| value.split(',')).map(str::trim);
    let tag = tags.find(|tag| !tag.is_empty())?;
    (is_language(tag) && tags.all(str::is_empty)).then_some(tag)
}

/// Sets `Content-Language`, unless the tag is none.
pub fn with_content_language(headers: &mut HeaderMap, tag: &str) {
    set(headers, CONTENT_LANGUAGE, value(tag).filter(|_| is_language(tag)));
}

/// The id of the request.
pub fn request_id(headers: &HeaderMap) -> Option<&str> {
    texts(headers, X_REQUEST_ID).next()
}

/// Sets `x-request-id`, unless the id cannot be written. Of a longer id only the first 128 characters go.
pub fn with_request_id(headers: &mut HeaderMap, id: &str) {
    let value = value(id).map(|id| match id.as_bytes().get(..MAX_TEXT) {
        // A part of a valid value is one.
        Some(start) if id.len() > MAX_TEXT => HeaderValue::from_bytes(start).unwrap_or(id),
        _ => id,
    });
    set(headers, X_REQUEST_ID, value);
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        headers.insert(name, value);
    }
}

/// The lines of a field that are printable ASCII and not empty.
fn texts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let texts = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    texts.map(|text| text.trim_matches([' ', '\t'])).filter(|text| !text.is_empty())
}

/// Writes a text in quotes: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4>.
pub(super) fn push_quoted(value: &mut String, text: &str) {
    value.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            value.push('\\');
        }
        value.push(c);
    }
    value.push('"');
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Near enough to <https://www.rfc-editor.org/rfc/rfc5646#section-2.1>: letters, digits and hyphens.
fn is_language(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= 64
        && text
            .split('-')
            .all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let bytes = values.iter().map(|value| HeaderValue::from_bytes(value.as_bytes()).unwrap());
        bytes.map(|value| (HeaderName::from_static(name), value)).collect()
    }

    #[test]
    fn values() {
        let rows = [
            ("plain", "a b", Some("a b")),
            ("blanks around", "\t a ", Some("a")),
            ("empty", " ", None),
            ("line break", "a\r\nb", None),
            ("line feed", "a\nb", None),
            ("zero", "a\0b", None),
            ("escape", "\u{1b}[31m", None),
            ("not ASCII", "ä", None),
        ];
        for (name, text, expected) in rows {
            assert_eq!(value(text).as_ref().map(|value| value.to_str().unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn challenges() {
        let lines = ["Basic realm=\"a, b\", Bearer", " Newauth title=\"x\" "];
        let mut headers = headers("www-authenticate", &lines);
        with_www_authenticate(&mut headers, "Bearer\r\nx: y");
        assert_eq!(headers.get_all(WWW_AUTHENTICATE).iter().collect::<Vec<_>>(), lines);
        with_www_authenticate(&mut headers, "Bearer");
        assert_eq!(headers.get_all(WWW_AUTHENTICATE).iter().collect::<Vec<_>>(), ["Bearer"]);
    }

    #[test]
    fn methods() {
        let mut headers = HeaderMap::new();
        restore_allow(&mut headers, ["x y", ","].into_iter());
        assert!(headers.is_empty());
        restore_allow(&mut headers, ["GET, HEAD,,PUT", "x y", "M-SEARCH"].into_iter());
        assert_eq!(headers[ALLOW], "GET, HEAD, PUT, M-SEARCH");
        restore_allow(&mut headers, ["GET", "x\r\ny", "", "PUT"].into_iter());
        assert_eq!(headers[ALLOW], "GET, PUT");
    }

    #[test]
    fn languages() {
        let rows: [(&str, &[&str], Option<&str>); 8] = [
            ("one", &["de-CH"], Some("de-CH")),
            ("longer", &["zh-Hant-TW"], Some("zh-Hant-TW")),
            ("two", &["mi, en"], None),
            ("two lines", &["mi", "en"], None),
            ("empty members", &[",de ,"], Some("de")),
            ("none", &[], None),
            ("garbage", &["??"], None),
            ("underscore", &["de_CH"], None),
        ];
        for (name, values, expected) in rows {
            assert_eq!(content_language(&headers("content-language", values)), expected, "{name}");
        }
        let mut headers = HeaderMap::new();
        with_content_language(&mut headers, "de\r\n");
        assert!(headers.is_empty());
        with_content_language(&mut headers, "de");
        assert_eq!(content_language(&headers), Some("de"));
    }

    #[test]
    fn request_ids() {
        assert_eq!(request_id(&headers("x-request-id", &["", " req-1 ", "req-2"])), Some("req-1"));
        let mut headers = HeaderMap::new();
        with_request_id(&mut headers, "a\nb");
        assert_eq!(request_id(&headers), None);
        with_request_id(&mut headers, "req-1");
        assert_eq!(request_id(&headers), Some("req-1"));
        with_request_id(&mut headers, &"x".repeat(60 * 1_024));
        assert_eq!(request_id(&headers).map(str::len), Some(128));
    }

    #[test]
    fn methods_are_tokens() {
        let mut headers = HeaderMap::new();
        restore_allow(&mut headers, ["GET, HEAD", "/internal path, x\r\nb: c,PUT"].into_iter());
        assert_eq!(headers["allow"], "GET, HEAD, PUT");
        restore_allow(&mut headers, std::iter::repeat_n("GET", 100_000));
        assert!(headers["allow"].len() < 2_048);
        let mut headers = HeaderMap::new();
        restore_allow(&mut headers, ["of nobody"].into_iter());
        assert!(headers.is_empty());
    }

    #[test]
    fn what_travels() {
        let lines = [
            ("allow", "GET"),
            ("link", "<a>; rel=help"),
            ("link", "<b>; rel=next"),
            ("retry-after", "3"),
            ("www-authenticate", "Bearer realm=\"a\""),
            ("www-authenticate", "Basic"),
            ("set-cookie", "a=b"),
        ];
        let line = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let headers: HeaderMap = lines.into_iter().map(line).collect();
        let fields = carried(&headers);
        let pairs: Vec<_> = fields.iter().map(|field| (&*field.key, &*field.value)).collect();
        assert_eq!(pairs, lines[..6]);
    }
}
