//! Asking the library.

use std::net::SocketAddr;

use errwire::{Error, kinds};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::layers::HttpClient;

/// Asks the library for the formats of sources.
#[derive(Clone)]
pub(crate) struct Probe {
    client: HttpClient,
    library: SocketAddr,
}

#[derive(Deserialize)]
struct Answer {
    format: String,
}

impl Probe {
    pub(crate) fn new(library: SocketAddr) -> Self {
        Self { client: HttpClient::default(), library }
    }

    /// The format of the media at this URL.
    pub(crate) async fn format(&self, source_url: &str) -> Result<String, Error> {
        let url = utf8_percent_encode(source_url, NON_ALPHANUMERIC);
        let answer = self.client.get(&format!("http://{}/format?url={url}", self.library)).await;
        let body = answer.map_err(|error| match error.kind().as_str() {
            // The caller's mistake, and not ours.
            "source_not_found" => Error::new(kinds::REQUEST_INVALID)
                .with_message("There is nothing at the source URL. Verify the URL of the source.")
                .with_field_violation("source_url", "leads to nothing")
                .with_source(error),
            _ => error,
        })?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|why| Error::new(kinds::BAD_GATEWAY).with_source(why))?;
        Ok(answer.format)
    }
}
