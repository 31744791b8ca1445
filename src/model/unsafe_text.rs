//! Characters that do more than they show.

/// Whether a terminal, or a viewer of a log, could act on this character or be misled by it: control characters, what else ends
/// a line in some viewers, and what changes the direction of text
/// ([UAX #9, 2](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters)).
pub(crate) fn is_unsafe_in_terminal(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{061c}' | '\u{200e}' | '\u{200f}') || turns_text(c)
}

/// Whether no text of a catalog may have this character. Line ends and tabs are fine, and so are the marks that Arabic and
/// Hebrew need; what overrides or embeds a direction can make a text look like another one.
pub(crate) fn is_refused_in_catalog(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || turns_text(c)
}

fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether an address is of the web, or has no scheme at all. What is before the first colon is a scheme to browsers, which pass
/// over blanks and control characters (<https://url.spec.whatwg.org/#concept-basic-url-parser>).
pub(crate) fn is_web_or_relative(url: &str) -> bool {
    let plain: String = url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let Some((scheme, _)) = plain.split_once(':') else { return true };
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") || scheme.contains(['/', '?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_text_from_what_acts() {
        for c in ['\0', '\r', '\u{1b}', '\u{7f}', '\u{80}', '\u{9b}', '\u{9f}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert!(is_unsafe_in_terminal(c) && is_refused_in_catalog(c), "{c:?}");
        }
        for c in ['\n', '\t', '\u{200f}', '\u{2028}'] {
            assert!(is_unsafe_in_terminal(c) && !is_refused_in_catalog(c), "{c:?}");
        }
        for c in ['a', 'ä', '日', '🙂', '\u{200d}', ' ', '\u{a0}', 'א'] {
            assert!(!is_unsafe_in_terminal(c) && !is_refused_in_catalog(c), "{c:?}");
        }
    }

    #[test]
    fn tells_addresses_from_code() {
        for url in ["https://a.example/x:y", "HTTP://a", "docs/errors.md", "/errors#a:b", "?a:b", ""] {
            assert!(is_web_or_relative(url), "{url:?}");
        }
        for url in
            ["javascript:alert(1)", " JaVa\tScript:x", "\u{1}javascript:x", "data:text/html,x", "file:///etc", "a:b"]
        {
            assert!(!is_web_or_relative(url), "{url:?}");
        }
    }
}
