//! Which pages of other origins may call.

use std::time::Duration;

use http::{HeaderName, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer, ExposeHeaders};

use super::config::Origin;

/// What a page has to read to understand an error. Without them a browser only says that the call failed.
const EXPOSED: [HeaderName; 8] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    HeaderName::from_static("errwire-kind"),
    HeaderName::from_static("x-request-id"),
    header::RETRY_AFTER,
    header::CONTENT_LANGUAGE,
    header::LINK,
];

/// Pages of these origins may call; `*` stands for any. Nothing here is bound to a user, so no credentials are allowed.
pub(super) fn cors(origins: &[Origin]) -> Option<CorsLayer> {
    let allowed = match origins {
        [] => return None,
        origins if origins.contains(&Origin::ANY) => AllowOrigin::any(),
        origins => AllowOrigin::list(origins.iter().map(Origin::value).cloned()),
    };
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST])
            // Metadata has any name.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(ExposeHeaders::list(EXPOSED))
            // What browsers allow at most (https://fetch.spec.whatwg.org/#cors-preflight-cache).
            .max_age(Duration::from_secs(7_200)),
    )
}
