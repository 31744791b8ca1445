//! The fields that travel in a `google.rpc.HttpResponse` detail.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::model::rpc::HttpHeader;

/// The names of the fields that say something of the error itself, in lower case.
pub(crate) const CARRIED: [&str; 6] =
    ["allow", "content-language", "link", "retry-after", "www-authenticate", "x-request-id"];

/// Those fields of a response, line by line. A line that is no UTF-8 is left out.
pub(crate) fn carried(headers: &HeaderMap) -> Vec<HttpHeader> {
    let lines = CARRIED.iter().flat_map(|&name| headers.get_all(name).into_iter().map(move |value| (name, value)));
    let lines = lines.filter_map(|(name, value)| Some((name, std::str::from_utf8(value.as_bytes()).ok()?)));
    lines.map(|(name, value)| HttpHeader { key: name.to_owned(), value: value.to_owned() }).collect()
}

/// Those of [`CARRIED`] that no other detail stands for.
pub(crate) const ALONE: [&str; 2] = ["allow", "www-authenticate"];

/// Puts the fields of [`ALONE`] that travelled back, in the place of those that are there. Others, and values that
/// cannot be written, are left out: a detail must not choose what else a response says.
pub(crate) fn restore(headers: &mut HeaderMap, fields: &[HttpHeader]) {
    for name in ALONE {
        let lines = fields.iter().filter(|field| field.key.eq_ignore_ascii_case(name));
        for (index, value) in lines.filter_map(|field| HeaderValue::from_str(&field.value).ok()).enumerate() {
            let name = HeaderName::from_static(name);
            if index == 0 {
                headers.insert(name, value);
            } else {
                headers.append(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
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
        let mut restored = HeaderMap::new();
        restored.insert("www-authenticate", HeaderValue::from_static("Bearer"));
        restore(&mut restored, &fields);
        assert_eq!(restored, [lines[0], lines[4], lines[5]].into_iter().map(line).collect());
    }

    #[test]
    fn a_detail_cannot_inject() {
        let mut headers = HeaderMap::new();
        let field = |key: &str, value: &str| HttpHeader { key: key.to_owned(), value: value.to_owned() };
        restore(&mut headers, &[field("Set-Cookie", "a=b"), field("allow", "a\r\nb: c"), field("Allow", "GET")]);
        assert_eq!(carried(&headers), [field("allow", "GET")]);
        assert_eq!(headers.len(), 1);
    }
}
