//! The header fields of an error, next to those that the service inside set.

// docs/rules.md: R-PUBLIC-5, R-PUBLIC-6, R-PUBLIC-7

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, LINK, VARY, WWW_AUTHENTICATE},
};

use crate::wire::{
    grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN},
    http::headers,
};

/// What describes gRPC's framing of a body that goes, or says again what the new one says.
const GRPC: [HeaderName; 5] = [
    GRPC_STATUS,
    GRPC_MESSAGE,
    GRPC_STATUS_DETAILS_BIN,
    HeaderName::from_static("grpc-encoding"),
    HeaderName::from_static("grpc-accept-encoding"),
];

/// Puts the fields of an error in the place of those that described the body that went. All others stay: cookies, CORS,
/// and what the service said about itself.
pub(super) fn merge(present: &mut HeaderMap, written: HeaderMap, status: StatusCode) {
    headers::replace_body(present, status);
    for name in GRPC {
        present.remove(name);
    }
    let had_help = !headers::help_links(present).is_empty();
    let mut replaced = None;
    let mut name = None;
    for (next, value) in written {
        // Further lines of a field come without its name.
        name = next.or(name);
        let Some(name) = &name else { continue };
        if *name == VARY {
            vary(present, value);
        } else if *name == LINK {
            // The error read its links here.
            if !had_help {
                present.append(LINK, value);
            }
        } else if replaced.as_ref() == Some(name) {
            present.append(name, value);
        } else if ![ALLOW, WWW_AUTHENTICATE].contains(name) || !present.contains_key(name) {
            present.insert(name, value);
            replaced = Some(name.clone());
        }
    }
}

/// Adds a name to `Vary`, once.
fn vary(present: &mut HeaderMap, name: HeaderValue) {
    let is_there = present.get_all(VARY).iter().filter_map(|line| line.to_str().ok()).any(|line| {
        let mut names = line.split(',').map(str::trim);
        names.any(|present| present == "*" || present.as_bytes().eq_ignore_ascii_case(name.as_bytes()))
    });
    if !is_there {
        present.append(VARY, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_stays_and_what_is_replaced() {
        let mut present = map(&[
            ("allow", "GET"),
            ("content-length", "5"),
            ("content-type", "text/plain"),
            ("grpc-status", "5"),
            ("link", "<https://a.example>; rel=\"help\""),
            ("set-cookie", "a=b"),
            ("vary", "Origin, Accept"),
            ("www-authenticate", "Basic"),
            ("www-authenticate", "Digest"),
            ("retry-after", "Wed, 21 Oct 2099 07:28:00 GMT"),
        ]);
        merge(
            &mut present,
            map(&[
                ("allow", "PUT"),
                ("content-type", "application/json"),
                ("link", "<https://a.example>; rel=\"help\""),
                ("retry-after", "7"),
                ("vary", "accept"),
                ("vary", "accept-language"),
                ("www-authenticate", "Bearer"),
            ]),
            StatusCode::BAD_REQUEST,
        );
        let expected = map(&[
            ("allow", "GET"),
            ("cache-control", "no-store"),
            ("content-type", "application/json"),
            ("link", "<https://a.example>; rel=\"help\""),
            ("retry-after", "7"),
            ("set-cookie", "a=b"),
            ("vary", "Origin, Accept"),
            ("vary", "accept-language"),
            ("www-authenticate", "Basic"),
            ("www-authenticate", "Digest"),
            ("x-content-type-options", "nosniff"),
        ]);
        assert_eq!(present, expected);
    }

    #[test]
    fn every_line_of_a_new_field_comes() {
        let mut present = map(&[]);
        merge(
            &mut present,
            map(&[("www-authenticate", "Basic"), ("www-authenticate", "Bearer"), ("link", "<b>")]),
            StatusCode::BAD_REQUEST,
        );
        let lines: Vec<_> = present.get_all(WWW_AUTHENTICATE).iter().collect();
        assert_eq!(lines, ["Basic", "Bearer"]);
        assert_eq!(present[LINK], "<b>");
    }
}
