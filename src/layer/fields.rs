//! Header and trailer fields next to a status: which of them are passed on.

// docs/rules.md: R-BUDGET-4

use http::{HeaderMap, HeaderName, header};

use crate::{model::Audience, translate::Policy};

/// The names of the fields of a status.
pub(super) const STATUS: [&str; 3] = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/// HTTP/2 forbids them, and a peer that finds one discards the whole message, the error with it
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2>). A block that ends a call has no body for a `content-length`.
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
pub(super) fn may_hold_details(name: &HeaderName) -> bool {
    name.as_str() == STATUS[2] || name.as_str().starts_with("google.rpc.")
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
    let gone: Vec<HeaderName> = headers.keys().filter(|name| is_gone(name)).cloned().collect();
    for name in &gone {
        headers.remove(name);
    }
    gone.into_iter().map(|name| name.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn block(names: &[&'static str]) -> HeaderMap {
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
    fn http_2_forbids_some() {
        for audience in [Audience::Internal, Audience::Public] {
            let mut headers = block(&[&FORBIDDEN[..], &["grpc-status", "x-shard"]].concat());
            clean_success(&mut headers, audience);
            assert_eq!(left(&headers), ["grpc-status", "x-shard"]);
        }
    }

    #[test]
    fn some_are_not_for_the_public() {
        let all = [&PRIVATE[..], &["grpc-status", "x-shard"]].concat();
        let mut headers = block(&all);
        assert!(clean_error(&mut headers, Audience::Internal, &Policy::default()).is_empty());
        assert_eq!(headers.len(), all.len());
        assert_eq!(clean_error(&mut headers, Audience::Public, &Policy::default()).len(), PRIVATE.len());
        assert_eq!(left(&headers), ["grpc-status", "x-shard"]);
    }

    #[test]
    fn a_policy_may_name_the_only_ones() {
        let policy = Policy { public_fields: Some(vec!["X-Trace".into()]), ..Policy::default() };
        let mut headers = block(&["content-type", "google.rpc.help-bin", "grpc-status", "x-shard", "x-trace"]);
        withhold(&mut headers, &policy);
        assert_eq!(left(&headers), ["content-type", "grpc-status", "x-trace"]);
    }
}
