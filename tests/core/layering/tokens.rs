//! As much of Rust's grammar as it takes to tell a path from a comment or a string.

/// Names, `::` and punctuation, without comments, literals and lifetimes.
pub(crate) fn tokens(source: &str) -> Vec<String> {
    let mut rest = source;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        if let Some(skipped) = comment(rest).or_else(|| literal(rest)) {
            rest = &rest[skipped..];
            continue;
        }
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("::") { 2 } else { name.max(first.len_utf8()) };
        if !first.is_whitespace() {
            tokens.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    tokens
}

/// The same tokens without `#[...]` and `#![...]`.
pub(crate) fn without_attributes(tokens: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let opens = |at: usize| tokens.get(at).is_some_and(|token| token == "[");
        let starts = token == "#" && (opens(at + 1) || tokens.get(at + 1).is_some_and(|t| t == "!") && opens(at + 2));
        let inside_mark = token == "!" && at > 0 && tokens[at - 1] == "#" && opens(at + 1);
        match token.as_str() {
            "[" if depth > 0 || at > 0 && matches!(tokens[at - 1].as_str(), "#" | "!") => depth += 1,
            "]" if depth > 0 => depth -= 1,
            _ if depth > 0 || starts || inside_mark => {}
            _ => kept.push(token.clone()),
        }
    }
    kept
}

/// The length of the comment that `rest` starts with.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if depth == 0 {
            return None;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    (at > 0).then_some(at)
}

/// The length of the string, character or lifetime that `rest` starts with.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let body = rest.strip_prefix(prefix).map(|body| body.trim_start_matches('#'));
        body.is_some_and(|body| body.starts_with('"'))
    });
    if let Some(prefix) = prefix {
        let body = &rest[prefix.len()..];
        if prefix.ends_with('r') {
            let hashes = body.len() - body.trim_start_matches('#').len();
            let end = format!("\"{}", "#".repeat(hashes));
            let open = prefix.len() + hashes + 1;
            return Some(rest[open..].find(&end).map_or(rest.len(), |at| open + at + end.len()));
        }
        return body.starts_with('"').then(|| prefix.len() + quoted(body, '"'));
    }
    let quote = rest.strip_prefix('b').unwrap_or(rest);
    let body = quote.strip_prefix('\'')?;
    let offset = rest.len() - quote.len();
    let mut characters = body.chars();
    let first = characters.next();
    if first == Some('\\') || characters.next() == Some('\'') {
        return Some(offset + quoted(quote, '\''));
    }
    let name = body.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(body.len());
    Some(offset + 1 + name)
}

/// The length of what stands between two `quote`s, with both of them.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + quote.len_utf8(),
            _ => {}
        }
    }
    text.len()
}
