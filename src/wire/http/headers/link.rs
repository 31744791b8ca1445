//! `Link` with `rel="help"`: <https://www.rfc-editor.org/rfc/rfc8288>.

use http::{HeaderMap, HeaderValue, header::LINK};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::fields::{MAX_TEXT, push_quoted};

/// More links than any error needs: a bound on the work that a header costs.
const MAX_LINKS: usize = 32;

/// What may stand unencoded in a `title*`: <https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1>.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Title (or an empty text) and URL of each link with the relation type `help`, in order; at most 32.
///
/// What follows a syntax error in a field is left out, and so are links with an `anchor`, since they are about another
/// resource.
pub fn help_links(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for value in headers.get_all(LINK) {
        let value = String::from_utf8_lossy(value.as_bytes());
        let mut rest = &*value;
        while let Some((link, after)) = Link::parse(rest) {
            rest = after;
            if link.is_help() && found.len() < MAX_LINKS {
                let url = link.target.to_owned();
                found.push((link.title(), url));
            }
        }
    }
    found
}

/// Adds `<url>; rel="help"`, with a title if there is one. A URL that is empty or has characters that no URL has is not
/// written, nor is a title with control characters. Of a longer title only the first 128 characters go.
pub fn with_help_link(headers: &mut HeaderMap, title: &str, url: &str) {
    if let Some(link) = help_link(title, url) {
        headers.append(LINK, link);
    }
}

/// The value that [`with_help_link`] adds.
pub(crate) fn help_link(title: &str, url: &str) -> Option<HeaderValue> {
    if url.is_empty() || !url.bytes().all(is_url_byte) {
        return None;
    }
    let title = title.char_indices().nth(MAX_TEXT).map_or(title, |(end, _)| &title[..end]);
    let mut value = String::with_capacity(url.len() + title.len() + 32);
    value.extend(["<", url, ">; rel=\"help\""]);
    push_title(&mut value, title);
    HeaderValue::try_from(value).ok()
}

/// <https://www.rfc-editor.org/rfc/rfc3986#section-2>
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'%')
        || matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

fn push_title(value: &mut String, title: &str) {
    if title.is_empty() || title.chars().any(char::is_control) {
        // No title at all.
    } else if title.is_ascii() {
        value.push_str("; title=");
        push_quoted(value, title);
    } else {
        value.push_str("; title*=UTF-8''");
        value.extend(utf8_percent_encode(title, ATTRIBUTE));
    }
}

#[derive(Debug, Default)]
struct Link<'a> {
    target: &'a str,
    /// The first of each: <https://www.rfc-editor.org/rfc/rfc8288#section-3.3>.
    rel: Option<String>,
    title: Option<String>,
    title_star: Option<String>,
    has_anchor: bool,
}

impl<'a> Link<'a> {
    /// The first link of a list, and what follows it: <https://www.rfc-editor.org/rfc/rfc8288#appendix-B.2>.
    fn parse(text: &'a str) -> Option<(Self, &'a str)> {
        let text = text.trim_start_matches([' ', '\t', ',']);
        let (target, mut rest) = text.strip_prefix('<')?.split_once('>')?;
        let mut link = Self { target: target.trim(), ..Self::default() };
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            if rest.is_empty() || rest.starts_with(',') {
                return Some((link, rest));
            }
            rest = rest.strip_prefix(';')?.trim_start_matches([' ', '\t']);
            let end = rest.find([';', ',', '=', ' ', '\t']).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_start_matches([' ', '\t']);
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                (value, rest) = parameter_value(after.trim_start_matches([' ', '\t']))?;
            }
            link.set(name, value);
        }
    }

    fn set(&mut self, name: &str, value: String) {
        match name.to_ascii_lowercase().as_str() {
            "rel" => self.rel = self.rel.take().or(Some(value)),
            "title" => self.title = self.title.take().or(Some(value)),
            "title*" => self.title_star = self.title_star.take().or(extended(&value)),
            "anchor" => self.has_anchor = true,
            _ => {}
        }
    }

    fn is_help(&self) -> bool {
        let rel = self.rel.as_deref().unwrap_or_default();
        !self.has_anchor
            && !self.target.is_empty()
            && rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("help"))
    }

    fn title(self) -> String {
        self.title_star.or(self.title).unwrap_or_default()
    }
}

/// A token or a quoted string, and what follows it. `None` if the quotes do not end.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            char => value.push(char),
        }
    }
    None
}

/// `UTF-8''na%C3%AFve`: <https://www.rfc-editor.org/rfc/rfc8187#section-3.2>. Other character sets are not read.
fn extended(text: &str) -> Option<String> {
    let (charset, rest) = text.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    let text = percent_decode_str(encoded).decode_utf8().ok().filter(|_| charset.eq_ignore_ascii_case("utf-8"))?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Vec<(String, String)> {
        help_links(&values.iter().map(|value| (LINK, HeaderValue::from_bytes(value.as_bytes()).unwrap())).collect())
    }

    /// <https://www.rfc-editor.org/rfc/rfc8288#section-3.5> and variations.
    #[test]
    fn what_is_read() {
        type Row<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);
        let rows: [Row<'_>; 22] = [
            ("quoted", &[r#"<https://a.test/h>; rel="help""#], &[("", "https://a.test/h")]),
            ("token", &["<https://a.test/h>;rel=help"], &[("", "https://a.test/h")]),
            ("case", &["<h>; REL=Help"], &[("", "h")]),
            ("among others", &[r#"<h>; rel="start help http://example.net/relation/other""#], &[("", "h")]),
            ("another", &[r#"<h>; rel="previous"; title="previous chapter""#], &[]),
            ("prefix", &[r#"<h>; rel="helpful""#], &[]),
            ("no rel", &["<h>"], &[]),
            ("title", &[r#"<h>; title="How to"; rel=help"#], &[("How to", "h")]),
            ("escapes", &[r#"<h>; rel=help; title="a \"b\" \\ c""#], &[(r#"a "b" \ c"#, "h")]),
            ("commas and semicolons", &[r#"<h,;>; rel=help; title="a, <b>; c""#], &[("a, <b>; c", "h,;")]),
            (
                "extended title wins",
                &[r#"<h>; rel=help; title="x"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel"#],
                &[("nächstes Kapitel", "h")],
            ),
            ("other charset", &[r#"<h>; rel=help; title="x"; title*=iso-8859-1''%E4"#], &[("x", "h")]),
            ("first rel counts", &[r#"<h>; rel=next; rel=help"#], &[]),
            ("anchor", &[r##"<h>; rel=help; anchor="#foo""##], &[]),
            ("list", &["<a>; rel=help, <b>; rel=next, <c>; rel=help; title=C"], &[("", "a"), ("C", "c")]),
            ("two lines", &["<a>; rel=help", "<b>; rel=help"], &[("", "a"), ("", "b")]),
            ("blanks", &[" , <a> ; rel = help ,, <b>;rel=help"], &[("", "a"), ("", "b")]),
            ("no value", &["<a>; crossorigin; rel=help"], &[("", "a")]),
            ("empty", &["", "<>; rel=help"], &[]),
            ("no end", &["<a", r#"<b>; rel="help"#, r#"<c>; rel=help; title="x\"#], &[]),
            ("rest is kept out", &["<a>; rel=help, b, <c>; rel=help"], &[("", "a")]),
            ("not ASCII", &["<a>; rel=help; title=\"ä\""], &[("ä", "a")]),
        ];
        for (name, values, expected) in rows {
            let expected: Vec<_> = expected.iter().map(|&(title, url)| (title.to_owned(), url.to_owned())).collect();
            assert_eq!(read(values), expected, "{name}");
        }
    }

    #[test]
    fn work_is_bounded() {
        assert_eq!(read(&["<a>; rel=help,".repeat(1_000).as_str()]).len(), 32);
        for hostile in ["<", "<>;", "\"", "<a>;=", "<a>;\\", ";,;,", "<a>;rel=\""] {
            let _ = read(&[hostile.repeat(4_000).as_str()]);
        }
    }

    #[test]
    fn a_long_title_is_cut() {
        for (title, cut) in [("x".repeat(1_000), "x".repeat(128)), ("ä".repeat(129), "ä".repeat(128))] {
            let mut headers = HeaderMap::new();
            with_help_link(&mut headers, &title, "h");
            assert_eq!(help_links(&headers), [(cut, "h".to_owned())]);
        }
    }

    #[test]
    fn what_is_written() {
        let rows = [
            ("bare", "", "https://a.test/h?x=1#y", Some(r#"<https://a.test/h?x=1#y>; rel="help""#)),
            ("title", "How to", "https://a.test", Some(r#"<https://a.test>; rel="help"; title="How to""#)),
            ("quotes", r#"a "b" \ c"#, "h", Some(r#"<h>; rel="help"; title="a \"b\" \\ c""#)),
            ("not ASCII", "nächstes", "h", Some("<h>; rel=\"help\"; title*=UTF-8''n%C3%A4chstes")),
            ("title breaks out", "x\r\nSet-Cookie: a=b", "h", Some(r#"<h>; rel="help""#)),
            ("URL breaks out", "", "https://a.test/\r\nSet-Cookie: a=b", None),
            ("URL ends early", "", "https://a.test/>; rel=\"stylesheet", None),
            ("blank", "", "https://a.test/a b", None),
            ("URL is not ASCII", "", "https://a.test/ä", None),
            ("no URL", "x", "", None),
        ];
        for (name, title, url, expected) in rows {
            let mut headers = HeaderMap::new();
            with_help_link(&mut headers, title, url);
            assert_eq!(headers.get(LINK).map(|value| value.to_str().unwrap()), expected, "{name}");
            if expected.is_some() && !title.contains('\r') {
                assert_eq!(help_links(&headers), [(title.to_owned(), url.to_owned())], "{name}");
            }
        }
    }
}
