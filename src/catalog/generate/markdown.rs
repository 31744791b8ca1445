//! Text of a catalog in Markdown, where it stands for itself.

/// Text in which [nothing](https://spec.commonmark.org/0.31.2/#backslash-escapes) is markup, on one line.
pub(crate) fn prose(text: &str) -> String {
    let text = plain(text);
    let mut escaped = String::with_capacity(text.len());
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = ' ';
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let is_mark = match c {
            // Inside of a word it means nothing.
            '_' => !(is_inside(before) && rest.peek().is_some_and(|(_, next)| is_inside(*next))),
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~' | '!' | '^' | '$' => true,
            // At the start of a line these begin a list, a heading or a quote.
            '-' | '+' | '=' => at == 0,
            '.' | ')' => at > 0 && at == digits,
            // An address without angle brackets.
            ':' => text.get(at..).is_some_and(|rest| rest.starts_with("://")),
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// Text in a [code span](https://spec.commonmark.org/0.31.2/#code-spans); empty for none.
pub(super) fn code(text: &str) -> String {
    let text = plain(text);
    if text.is_empty() {
        return text;
    }
    let fence = fence(&text);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// An address of the web as a link; `None` of any other text.
pub(crate) fn link(url: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
    (url.starts_with("https://") && url.chars().all(is_plain)).then(|| format!("<{url}>"))
}

/// More backticks than stand anywhere in a text.
pub(crate) fn fence(text: &str) -> String {
    "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or(0) + 1)
}

/// Text on one line, without what cannot be seen: a comment with marks that turn the direction of the text is refused by the
/// compiler.
fn plain(text: &str) -> String {
    let shown: String = text.chars().map(|c| if is_shown(c) { c } else { ' ' }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character can be seen, or combines with one that can.
pub(super) fn is_shown(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // What is not printed is escaped; the letter in front is for marks that combine with it.
    let mut text = [b'a'; 5];
    let end = c.encode_utf8(&mut text[1..]).len() + 1;
    str::from_utf8(&text[..end]).is_ok_and(|text| text.escape_debug().count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let rows = [
            ("Task does not exist", "Task does not exist"),
            ("a\n\tb\r\n  c ", "a b c"),
            ("    indented", "indented"),
            ("`a` *b* _c_ [d] <e> & #f", "\\`a\\` \\*b\\* \\_c\\_ \\[d\\] \\<e\\> \\& \\#f"),
            ("- a - b", "\\- a - b"),
            ("1. first 2. second", "1\\. first 2. second"),
            ("see https://a.example", "see https\\://a.example"),
            ("größe e\u{301} \u{202e}x\u{200b}y", "größe e\u{301} x y"),
            ("*/ \\", "\\*/ \\\\"),
            ("Task {task_id} does not exist.", "Task {task_id} does not exist."),
            ("a | b", "a \\| b"),
            ("<script>", "\\<script\\>"),
            ("_soon_ *now* `x`", "\\_soon\\_ \\*now\\* \\`x\\`"),
            ("one\ntwo", "one two"),
            ("[a](b)", "\\[a\\](b)"),
        ];
        for (text, expected) in rows {
            assert_eq!(prose(text), expected, "{text:?}");
        }
    }

    #[test]
    fn code_stays_code() {
        let rows = [("a b", "`a b`"), ("a`b", "``a`b``"), ("``", "``` `` ```"), ("a\nb", "`a b`"), (" ", "")];
        for (text, expected) in rows {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }

    #[test]
    fn addresses_are_links() {
        assert_eq!(link("https://a.example/x?y=1").as_deref(), Some("<https://a.example/x?y=1>"));
        assert_eq!(link("https://a.example/>x"), None);
    }
}
