//! Text and HTML as short plain text without control characters.

use quick_xml::escape::resolve_predefined_entity;

/// How many bytes of text are kept.
const MAX_LEN: usize = 2 * 1024;

/// The text of a page: no tags, scripts, styles, comments, control or bidirectional characters; blanks collapsed;
/// at most 2 KiB. Bytes that are not UTF-8 become U+FFFD.
pub(super) fn plain(page: &[u8]) -> String {
    let mut plain = Plain::default();
    let mut rest = page;
    while let Some((&first, after)) = rest.split_first() {
        if plain.0.len() >= MAX_LEN {
            break;
        }
        rest = match first {
            b'<' if after.first().is_some_and(|c| c.is_ascii_alphabetic() || b"/!?".contains(c)) => {
                plain.push(' ');
                skip_markup(rest)
            }
            b'&' => match entity(rest) {
                Some((c, after)) => {
                    plain.push(c);
                    after
                }
                None => {
                    plain.push('&');
                    after
                }
            },
            _ => {
                let len = rest.iter().skip(1).position(|c| matches!(c, b'<' | b'&')).map_or(rest.len(), |at| at + 1);
                // Longer runs than fit are of no use, and a cut character ends past the bound.
                let (run, after) = rest.split_at(len.min(MAX_LEN + 4));
                String::from_utf8_lossy(run).chars().for_each(|c| plain.push(c));
                if run.len() < len { &[] } else { after }
            }
        };
    }
    plain.finish()
}

/// What follows a tag, a comment, or an element whose content is not text. What never ends takes the rest along.
fn skip_markup(page: &[u8]) -> &[u8] {
    if page.starts_with(b"<!--") {
        return after(page, b"-->");
    }
    for (open, close) in [(&b"<script"[..], &b"</script"[..]), (b"<style", b"</style")] {
        let is_name_over = page.get(open.len()).is_none_or(|c| !c.is_ascii_alphanumeric() && *c != b'-');
        if is_name_over && page.len() >= open.len() && page[..open.len()].eq_ignore_ascii_case(open) {
            return after(after(page, close), b">");
        }
    }
    // A `>` inside a quoted attribute ends nothing.
    let mut quote = None;
    let mut previous = b' ';
    for (at, &c) in page.iter().enumerate() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(c),
            (None, b'>') => return &page[at + 1..],
            _ => {}
        }
        if !c.is_ascii_whitespace() {
            previous = c;
        }
    }
    &[]
}

fn after<'a>(page: &'a [u8], end: &[u8]) -> &'a [u8] {
    let at = page.windows(end.len()).position(|window| window.eq_ignore_ascii_case(end));
    at.map_or(&[], |at| &page[at + end.len()..])
}

/// The character at the start of `page` that is written as `&name;` or `&#number;`.
fn entity(page: &[u8]) -> Option<(char, &[u8])> {
    let end = page.iter().take(12).position(|c| *c == b';')?;
    let name = std::str::from_utf8(&page[1..end]).ok()?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
        None => match name {
            "nbsp" => ' ',
            "ndash" => '–',
            "mdash" => '—',
            "hellip" => '…',
            "lsquo" => '‘',
            "rsquo" => '’',
            "ldquo" => '“',
            "rdquo" => '”',
            "copy" => '©',
            name => resolve_predefined_entity(name)?.chars().next()?,
        },
    };
    Some((c, &page[end + 1..]))
}

#[derive(Default)]
struct Plain(String);

impl Plain {
    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            if !self.0.is_empty() && !self.0.ends_with(' ') {
                self.0.push(' ');
            }
        } else if !is_invisible(c) && self.0.len() < MAX_LEN {
            self.0.push(c);
        }
    }

    fn finish(mut self) -> String {
        let mut len = self.0.len().min(MAX_LEN);
        while !self.0.is_char_boundary(len) {
            len -= 1;
        }
        self.0.truncate(len);
        self.0.truncate(self.0.trim_end().len());
        self.0
    }
}

/// Control characters, what turns the direction of text (<https://www.unicode.org/reports/tr9/>), byte order marks and
/// the invisible tag characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips() {
        let rows: [(&[u8], &str); 20] = [
            (b"", ""),
            (b"  upstream \r\n\t connect error  ", "upstream connect error"),
            (
                b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>\
                  </center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n</html>\r\n",
                "502 Bad Gateway 502 Bad Gateway nginx/1.25.3",
            ),
            (b"<!DOCTYPE html><style>p{color:red}</style><p>a</p><SCRIPT>if(1<2){}</Script >b", "a b"),
            (b"<!-- <p>secret</p> -->x", "x"),
            (b"a<!-- never closed", "a"),
            (b"a<script>never closed", "a"),
            (b"a<p class=", "a"),
            (br#"<a title="x>y" href='>'>link</a>"#, "link"),
            (b"<p>it's</p><p>fine</p>", "it's fine"),
            (b"1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            (b"&lt;b&gt; &amp;amp; &quot;q&quot; &#39;s&#x27; a&nbsp;b", "<b> &amp; \"q\" 's' a b"),
            (b"&unknown; &#xd800; &#99999999999; &", "&unknown; &#xd800; &#99999999999; &"),
            (b"a&#0;b&#27;[31mc&#x202e;d", "ab[31mcd"),
            (b"\x1b[31mred\x07\x00", "[31mred"),
            ("a\u{202e}b\u{2066}c\u{feff}d\u{e0041}".as_bytes(), "abcd"),
            (b"bro\xffken \xe2\x82", "bro\u{fffd}ken \u{fffd}"),
            ("größe".as_bytes(), "größe"),
            (b"<", "<"),
            (b"<scripty>a</scripty>", "a"),
        ];
        for (page, expected) in rows {
            assert_eq!(plain(page), expected, "{}", String::from_utf8_lossy(page));
        }
    }

    #[test]
    fn bounds() {
        assert_eq!(plain("x".repeat(10_000).as_bytes()), "x".repeat(2048));
        assert_eq!(plain("€".repeat(10_000).as_bytes()).len(), 2046);
        assert_eq!(plain("a ".repeat(10_000).as_bytes()).len(), 2047);
        for hostile in ["<", "&", "<!", "<a ", "<script", "&#", "\u{feff}", "<!--", "</", "<a=\""] {
            assert!(plain(hostile.repeat(16_000).as_bytes()).len() <= 2048, "{hostile}");
        }
    }
}
