//! Which responses over HTTP are errors.

use http::{HeaderMap, StatusCode, header};

use crate::wire::{grpc::GRPC_STATUS, protocol::Protocol};

/// Whether the status says so, or the response is a Trailers-Only one of gRPC and `grpc-status` does
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>).
pub(super) fn is_error(status: StatusCode, headers: &HeaderMap) -> bool {
    status.as_u16() >= 400
        || (status.is_success()
            && headers.get(GRPC_STATUS).is_some_and(|value| value != "0")
            && answered(headers).is_any_grpc())
}

/// What a response is of, by its media type.
pub(super) fn answered(headers: &HeaderMap) -> Protocol {
    headers.get(header::CONTENT_TYPE).map_or(Protocol::Http, Protocol::of_media)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_an_error() {
        let rows = [
            (101, None, None, false),
            (200, None, None, false),
            (304, None, None, false),
            (399, None, None, false),
            (400, None, None, true),
            (599, None, None, true),
            (999, None, None, true),
            (200, Some("application/grpc"), None, false),
            (200, Some("application/grpc"), Some("0"), false),
            (200, Some("application/grpc"), Some("5"), true),
            (200, Some("Application/gRPC"), Some("5"), true),
            (200, Some("application/grpc+proto"), Some("x"), true),
            (200, Some("application/json"), Some("5"), false),
            (200, Some("application/grpcx"), Some("5"), false),
        ];
        for (status, content_type, grpc_status, expected) in rows {
            let mut headers = HeaderMap::new();
            if let Some(value) = content_type {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(value));
            }
            if let Some(value) = grpc_status {
                headers.insert(GRPC_STATUS, HeaderValue::from_static(value));
            }
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(is_error(status, &headers), expected, "{status} {headers:?}");
        }
    }
}
