//! Asking the library.

use std::net::SocketAddr;

use errwire::{Error, kinds};
use http::Request;
use http_body_util::{BodyExt, Empty};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tower::ServiceExt;

use super::super::layers::{self, Downstream};

/// Asks the library for the formats of sources.
#[derive(Clone)]
pub(crate) struct Probe {
    client: Downstream,
    library: SocketAddr,
}

#[derive(Deserialize)]
struct Answer {
    format: String,
}

impl Probe {
    pub(crate) fn new(library: SocketAddr) -> Self {
        Self { client: layers::http_client(), library }
    }

    /// The format of the media at this URL.
    pub(crate) async fn format(&self, source_url: &str) -> Result<String, Error> {
        let url = utf8_percent_encode(source_url, NON_ALPHANUMERIC);
        let request = Request::get(format!("http://{}/format?url={url}", self.library)).body(Empty::new());
        let request = request.map_err(|why| Error::new(kinds::INTERNAL_ERROR).with_source(why))?;
        let response = self.client.clone().oneshot(request).await.map_err(explain)?;
        let body = response.into_body().collect().await?.to_bytes();
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|why| Error::new(kinds::BAD_GATEWAY).with_source(why))?;
        Ok(answer.format)
    }
}

/// What is the caller's mistake, and not ours. Other errors go on as they came.
fn explain(error: Error) -> Error {
    match error.kind().as_str() {
        "source_not_found" => Error::new(kinds::REQUEST_INVALID)
            .with_message("There is nothing at the source URL. Verify the URL of the source.")
            .with_field_violation("source_url", "leads to nothing")
            .with_source(error),
        _ => error,
    }
}
