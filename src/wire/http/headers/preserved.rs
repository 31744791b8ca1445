//! The fields that travel in a `google.rpc.HttpResponse` detail.

use std::borrow::Cow;

use http::{HeaderMap, header::WWW_AUTHENTICATE};

use super::{
    super::challenge::public_part,
    fields::{field_size, is_token, value, with_allow},
};
use crate::model::rpc::HttpHeader;

/// The names of the fields that say something of the error itself, in lower case.
pub(crate) const CARRIED: [&str; 6] =
    ["allow", "content-language", "link", "retry-after", "www-authenticate", "x-request-id"];

/// Those fields of a response, line by line. A line that is not UTF-8 is left out.
pub(crate) fn carried(headers: &HeaderMap) -> Vec<HttpHeader> {
    let lines = CARRIED.iter().flat_map(|&name| headers.get_all(name).into_iter().map(move |value| (name, value)));
    let lines = lines.filter_map(|(name, value)| Some((name, std::str::from_utf8(value.as_bytes()).ok()?)));
    lines.map(|(name, value)| HttpHeader { key: name.to_owned(), value: value.to_owned() }).collect()
}

/// Those of [`CARRIED`] that no other detail stands for.
pub(crate) const ALONE: [&str; 2] = ["allow", "www-authenticate"];

/// How much of an `Allow` and of all challenges travels on: more than any server says.
const MAX_LEN: usize = 2_048;

/// How much of a challenge goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenges {
    /// As they came.
    Whole,
    /// Scheme, `realm`, `error` and `scope`.
    Public,
}

/// Puts the methods of an `Allow` that travelled back, if there are any. What is not a method is left out, and so are others
/// than the first hundred or so.
pub(crate) fn restore_allow<'a>(headers: &mut HeaderMap, lines: impl Iterator<Item = &'a str>) {
    let methods = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|method| is_token(method));
    let mut room = MAX_LEN;
    let fits = |method: &&str| {
        room = room.saturating_sub(method.len() + 2);
        room > 0
    };
    let methods: Vec<&str> = methods.take_while(fits).collect();
    if !methods.is_empty() {
        with_allow(headers, methods);
    }
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
    let (mut room, mut is_first) = (MAX_LEN, true);
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

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

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
}
