//! `WWW-Authenticate`: the error in it ([RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)), and what of its challenges
//! goes on.

use std::borrow::Cow;

use http::{HeaderMap, header::WWW_AUTHENTICATE};

use super::fields::{MAX_RESTORED, field_size, push_quoted, value};

/// The parameters of a challenge that name an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::wire::http) struct Challenge {
    /// `invalid_token`
    pub(in crate::wire::http) error: String,
    /// The text for developers.
    pub(in crate::wire::http) description: Option<String>,
}

impl Challenge {
    /// The first challenge that names an error, of the schemes that define the parameter: `Bearer`, and `DPoP`
    /// ([RFC 9449, 7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)).
    pub(in crate::wire::http) fn of(headers: &HeaderMap) -> Option<Self> {
        headers.get_all(WWW_AUTHENTICATE).iter().find_map(|value| {
            let value = value.as_bytes();
            Self::parse(&String::from_utf8_lossy(&value[..value.len().min(MAX_LEN)]))
        })
    }

    /// Reads one field, which may hold challenges of several schemes: commas stand between challenges, and between the
    /// parameters of each.
    fn parse(field: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        let mut description = None;
        let mut is_ours = false;
        for (scheme, param) in Parts(field) {
            if let Some(scheme) = scheme {
                if found.is_some() {
                    break;
                }
                is_ours = ["bearer", "dpop"].iter().any(|ours| scheme.eq_ignore_ascii_case(ours));
                description = None;
            }
            let Some((name, value)) = param else { continue };
            match name.to_ascii_lowercase().as_str() {
                "error" if is_ours => {
                    found.get_or_insert_with(|| Self { error: value.into_owned(), description: None });
                }
                "error_description" if is_ours => description = Some(value.into_owned()),
                _ => {}
            }
        }
        found.filter(|challenge| !challenge.error.is_empty()).map(|challenge| Self { description, ..challenge })
    }
}

/// What anybody may see of challenges: the schemes, and their parameters `realm`, `error` and `scope`.
fn public_part(field: &str) -> String {
    let mut shown = String::new();
    let mut is_first = true;
    for (scheme, param) in Parts(field) {
        if let Some(scheme) =
            scheme.filter(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
        {
            shown.extend([if shown.is_empty() { "" } else { ", " }, scheme]);
            is_first = true;
        }
        let Some((name, value)) = param.filter(|_| !shown.is_empty()) else { continue };
        if ["realm", "error", "scope"].iter().any(|shown| name.eq_ignore_ascii_case(shown)) {
            shown.extend([if is_first { " " } else { ", " }, name, "="]);
            is_first = false;
            push_quoted(&mut shown, &value);
        }
    }
    shown
}

/// How much of a challenge goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenges {
    /// As they came.
    Whole,
    /// Scheme, `realm`, `error` and `scope`.
    Public,
}

/// Puts challenges that travelled back, in the place of those that are there. What cannot be written is left out: a detail
/// must not choose what else a response says.
pub(crate) fn restore_www_authenticate<'a>(
    headers: &mut HeaderMap,
    lines: impl Iterator<Item = &'a str>,
    challenges: Challenges,
) {
    let shown = |line: &'a str| match challenges {
        Challenges::Whole => Cow::Borrowed(line),
        Challenges::Public => Cow::Owned(public_part(line)),
    };
    let (mut room, mut is_first) = (MAX_RESTORED, true);
    for value in lines.filter_map(|line| value(&shown(line))) {
        let size = field_size(&WWW_AUTHENTICATE, &value);
        if size > room {
            continue;
        }
        room -= size;
        if std::mem::take(&mut is_first) {
            headers.insert(WWW_AUTHENTICATE, value);
        } else {
            headers.append(WWW_AUTHENTICATE, value);
        }
    }
}

/// How much of a field is read.
const MAX_LEN: usize = 8 * 1024;

/// The parts of a field, between the commas outside quotes: each begins with the scheme of a challenge, or has a parameter, or both.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = (Option<&'a str>, Option<(&'a str, Cow<'a, str>)>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (mut is_quoted, mut is_escaped, mut has_value) = (false, false, false);
        let mut end = None;
        for (at, c) in self.0.char_indices() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = is_quoted,
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => end = Some((at, at + 1)),
                '=' if !is_quoted => has_value = true,
                // Some forget the comma between two parameters.
                ' ' if !is_quoted && has_value && begins_parameter(&self.0[at..]) => end = Some((at, at)),
                _ => {}
            }
            if end.is_some() {
                break;
            }
        }
        let (item, rest) = end.map_or((self.0, ""), |(end, next)| (&self.0[..end], &self.0[next..]));
        self.0 = rest.trim_start_matches(' ');
        let (scheme, param) = split_scheme(item.trim());
        Some((scheme, param.split_once('=').map(|(name, value)| (name.trim(), unquote(value.trim())))))
    }
}

/// Whether a text is ` name="...`: a parameter, and no challenge, whose scheme comes first.
fn begins_parameter(text: &str) -> bool {
    let Some((name, value)) = text.trim_start().split_once('=') else { return false };
    value.starts_with('"')
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// `Bearer realm="x"` is a scheme and its first parameter, `realm = "x"` a parameter, `Basic` a scheme.
fn split_scheme(item: &str) -> (Option<&str>, &str) {
    let is_token = |word: &str| !word.is_empty() && !word.contains(['=', '"']);
    match item.split_once([' ', '\t']) {
        Some((word, rest)) if is_token(word) && !rest.trim_start().starts_with('=') => (Some(word), rest.trim()),
        None if is_token(item) => (Some(item), ""),
        _ => (None, item),
    }
}

fn unquote(value: &str) -> Cow<'_, str> {
    let Some(inner) = value.strip_prefix('"') else { return Cow::Borrowed(value) };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn reads() {
        let rows = [
            // https://www.rfc-editor.org/rfc/rfc6750#section-3
            (
                r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
                Some(("invalid_token", Some("The access token expired"))),
            ),
            (r#"Bearer realm="example""#, None),
            ("Bearer", None),
            (r#"bearer error=insufficient_scope"#, Some(("insufficient_scope", None))),
            (r#"Basic realm="a, b", Bearer error = "invalid_token""#, Some(("invalid_token", None))),
            (
                r#"Bearer error_description="a \"b\", c" , error="invalid_request", Basic error_description="no""#,
                Some(("invalid_request", Some(r#"a "b", c"#))),
            ),
            (r#"DPoP error="use_dpop_nonce", error_description="x""#, Some(("use_dpop_nonce", Some("x")))),
            (r#"Basic error="invalid_token""#, None),
            (r#"Negotiate abc==, Bearer error="invalid_token""#, Some(("invalid_token", None))),
            (r#"Bearer error="""#, None),
            (r#"Bearer error="cut"#, Some(("cut", None))),
            (
                r#"Bearer error="invalid_token", error_description="it says \"#,
                Some(("invalid_token", Some("it says "))),
            ),
            (",,, ,Bearer ,error=a", Some(("a", None))),
            ("=,==,\"", None),
        ];
        for (field, expected) in rows {
            let found = Challenge::parse(field);
            let found = found.as_ref().map(|found| (found.error.as_str(), found.description.as_deref()));
            assert_eq!(found, expected, "{field}");
        }
    }

    #[test]
    fn shows_a_part_to_the_public() {
        let rows = [
            ("Bearer", "Bearer"),
            (
                r#"Bearer realm="a, b", error=invalid_token, error_description="rack 7""#,
                r#"Bearer realm="a, b", error="invalid_token""#,
            ),
            (r#"Bearer as_uri="https://10.0.0.7", scope="read write""#, r#"Bearer scope="read write""#),
            ("Negotiate YII7==, Basic realm=\"x \\\"y\\\"\"", "Negotiate, Basic realm=\"x \\\"y\\\"\""),
            (r#"DPoP algs="ES256", Digest REALM=z, nonce="n""#, r#"DPoP, Digest REALM="z""#),
            ("realm=\"of no scheme\"", ""),
            ("", ""),
        ];
        for (field, shown) in rows {
            assert_eq!(public_part(field), shown, "{field}");
        }
    }

    #[test]
    fn looks_at_every_field() {
        let mut headers = HeaderMap::new();
        headers.append(WWW_AUTHENTICATE, "Negotiate".parse().unwrap());
        headers.append(WWW_AUTHENTICATE, "Bearer error=invalid_token".parse().unwrap());
        assert_eq!(Challenge::of(&headers).unwrap().error, "invalid_token");
    }

    #[test]
    fn challenges_come_back_in_the_place_of_ours() {
        let lines = ["Bearer realm=\"a\", as_uri=\"https://10.0.0.7\"", "x\r\ny", "Basic"];
        let rows = [
            (Challenges::Whole, ["Bearer realm=\"a\", as_uri=\"https://10.0.0.7\"", "Basic"]),
            (Challenges::Public, ["Bearer realm=\"a\"", "Basic"]),
        ];
        for (challenges, expected) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            restore_www_authenticate(&mut headers, lines.into_iter(), challenges);
            assert_eq!(headers.get_all(WWW_AUTHENTICATE).iter().collect::<Vec<_>>(), expected);
        }
        let mut headers = HeaderMap::new();
        restore_www_authenticate(&mut headers, std::iter::repeat_n("Basic realm=\"x\"", 100_000), Challenges::Whole);
        assert_eq!(headers.len(), 2_048 / ("www-authenticate".len() + 15 + 32));
    }
}
