//! Header and trailer fields next to an error: which of them are passed on, and which an HTTP error replaces.

// docs/rules.md: R-BUDGET-4, R-PUBLIC-5, R-PUBLIC-6, R-PUBLIC-7

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{self, ALLOW, LINK, VARY, WWW_AUTHENTICATE},
};

use crate::{model::Audience, translate::Policy, wire::http::headers};

/// The names of the three fields of a status.
pub(super) const STATUS: [&str; 3] = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/// HTTP/2 forbids them, and a peer that finds one discards the whole message, the error with it
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2>). Trailers, and the headers of Trailers-Only, have no body for a
/// `content-length`.
fn is_forbidden(name: &HeaderName) -> bool {
    // The length rules out most names.
    match name.as_str().len() {
        7 => *name == header::UPGRADE,
        10 => matches!(name.as_str(), "connection" | "keep-alive"),
        14 => *name == header::CONTENT_LENGTH,
        16 => name.as_str() == "proxy-connection",
        17 => *name == header::TRANSFER_ENCODING,
        _ => false,
    }
}

/// A detail in a trailer of its own, as Google's servers send it: `google.rpc.debuginfo-bin`.
fn is_detail(name: &HeaderName) -> bool {
    name.as_str().starts_with("google.rpc.") && name.as_str().ends_with("-bin")
}

/// Whether a field may hold details of an error, in a response that is not one.
pub(super) fn may_hold_details(name: &str) -> bool {
    name == STATUS[2] || name.starts_with("google.rpc.")
}

/// Cookies, credentials, and fields that name a server or say how it is built, which a handler passes on together with the error
/// of its upstream (<https://owasp.org/www-project-secure-headers/#prevent-information-disclosure-via-http-headers>).
fn is_private(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "authorization"
            | "cookie"
            | "server"
            | "server-timing"
            | "set-cookie"
            | "set-cookie2"
            | "via"
            | "x-api-key"
            | "x-backend-server"
            | "x-beserver"
            | "x-diaginfo"
            | "x-feserver"
            | "x-served-by"
            | "x-sourcefiles"
            | "x-varnish"
    ) || ["proxy-", "x-aspnet", "x-debug-", "x-envoy-", "x-powered-"].iter().any(|start| name.starts_with(start))
}

/// The fields that a response needs, whatever a policy names: media type, framing and CORS.
fn is_needed(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name, "content-type" | "content-length" | "date" | "grpc-encoding" | "grpc-accept-encoding" | "vary")
        || name.starts_with("access-control-")
        || STATUS.contains(&name)
}

/// Cleans the trailers of a success. Allocates if there is something to remove.
pub(super) fn clean_success(headers: &mut HeaderMap, audience: Audience) {
    remove(headers, |name| is_forbidden(name) || audience == Audience::Public && is_detail(name));
}

/// Cleans the trailers of an error, and names what was withheld from the audience.
pub(super) fn clean_error(headers: &mut HeaderMap, audience: Audience, policy: &Policy) -> Vec<String> {
    remove(headers, is_forbidden);
    if audience == Audience::Public { withhold(headers, policy) } else { Vec::new() }
}

/// Removes the fields next to an error that the public may not see, and names them.
pub(super) fn withhold(headers: &mut HeaderMap, policy: &Policy) -> Vec<String> {
    remove(headers, |name| {
        is_detail(name)
            || match &policy.public_fields {
                Some(only) => !is_needed(name) && !only.iter().any(|other| name.as_str().eq_ignore_ascii_case(other)),
                None => is_private(name),
            }
    })
}

/// Removes details of an error that a plain response carries, from a response to the public.
pub(super) fn withhold_details(headers: &mut HeaderMap) {
    remove(headers, |name| is_detail(name) || name.as_str() == STATUS[2]);
}

fn remove(headers: &mut HeaderMap, is_gone: impl Fn(&HeaderName) -> bool) -> Vec<String> {
    headers::remove(headers, is_gone).into_iter().map(|name| name.as_str().to_owned()).collect()
}

/// Whether a field describes gRPC's framing of the replaced body, or repeats what the new one says.
fn is_of_grpc(name: &HeaderName) -> bool {
    STATUS.contains(&name.as_str()) || matches!(name.as_str(), "grpc-encoding" | "grpc-accept-encoding")
}

/// Puts the fields of an error in place of those that described the replaced body. All others stay: cookies, CORS, and what the
/// service said about itself.
pub(super) fn merge(present: &mut HeaderMap, written: HeaderMap, status: StatusCode) {
    headers::replace_body(present, status);
    headers::remove(present, is_of_grpc);
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

    fn fields(names: &[&'static str]) -> HeaderMap {
        names.iter().map(|name| (HeaderName::from_static(name), HeaderValue::from_static("x"))).collect()
    }

    fn left(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    const FORBIDDEN: [&str; 6] =
        ["connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];
    const PRIVATE: [&str; 15] = [
        "authorization",
        "google.rpc.debuginfo-bin",
        "proxy-authenticate",
        "server",
        "server-timing",
        "set-cookie",
        "via",
        "x-api-key",
        "x-aspnetmvc-version",
        "x-backend-server",
        // Symfony: the message of the exception, and the file that it is in.
        "x-debug-exception",
        "x-debug-exception-file",
        "x-envoy-upstream-service-time",
        "x-powered-by",
        "x-sourcefiles",
    ];

    #[test]
    fn fields_that_http_2_forbids_are_removed() {
        for audience in [Audience::Internal, Audience::Public] {
            let mut headers = fields(&[&FORBIDDEN[..], &["grpc-status", "x-shard"]].concat());
            clean_success(&mut headers, audience);
            assert_eq!(left(&headers), ["grpc-status", "x-shard"]);
        }
    }

    #[test]
    fn private_fields_are_withheld_from_the_public() {
        let all = [&PRIVATE[..], &["grpc-status", "x-shard"]].concat();
        let mut headers = fields(&all);
        assert!(clean_error(&mut headers, Audience::Internal, &Policy::default()).is_empty());
        assert_eq!(headers.len(), all.len());
        assert_eq!(clean_error(&mut headers, Audience::Public, &Policy::default()).len(), PRIVATE.len());
        assert_eq!(left(&headers), ["grpc-status", "x-shard"]);
    }

    #[test]
    fn a_policy_may_list_the_public_fields() {
        let policy = Policy { public_fields: Some(vec!["X-Trace".into()]), ..Policy::default() };
        let mut headers = fields(&["content-type", "google.rpc.help-bin", "grpc-status", "x-shard", "x-trace"]);
        withhold(&mut headers, &policy);
        assert_eq!(left(&headers), ["content-type", "grpc-status", "x-trace"]);
    }

    fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn an_error_replaces_the_fields_of_the_body_alone() {
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
    fn every_line_of_a_new_field_is_added() {
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
