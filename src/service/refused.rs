//! Requests that are too large.

use http::HeaderValue;
use tonic::{Code, Status, body::Body};

use crate::{Error, kinds};

/// tonic refuses a message above its limit, 4 MiB, with OUT_OF_RANGE, where gRPC says RESOURCE_EXHAUSTED
/// (<https://github.com/grpc/grpc/blob/master/doc/statuscodes.md>). Our handlers never answer OUT_OF_RANGE themselves, so
/// the code alone tells.
pub(super) fn status(status: Status) -> Status {
    if status.code() == Code::OutOfRange { too_large() } else { status }
}

/// The same for an answer that is written already.
pub(crate) fn say_too_large(response: http::Response<Body>) -> http::Response<Body> {
    // 11 is OUT_OF_RANGE.
    if response.headers().get("grpc-status") == Some(&HeaderValue::from_static("11")) {
        return too_large().into_http();
    }
    response
}

fn too_large() -> Status {
    Error::new(kinds::CONTENT_TOO_LARGE).with_message("A message may have 4 MiB at most. Send a smaller one.").into()
}
