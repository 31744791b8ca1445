//! The errors of an HTTP service, for callers with reqwest.

use std::future::Future;

use bytes::{Bytes, BytesMut};
use reqwest::{RequestBuilder, Response};

use crate::{
    model::{Error, Result, kinds},
    translate::{ReadOptions, Translator},
};

/// As many bytes of an error are read; what comes behind them is not waited for.
const MAX_BODY: usize = 64 * 1024;

/// Reads a response of reqwest as an [`Error`]. (The example is compiled and not run: it calls an API.)
///
/// ```no_run
/// use errwire::{RequestExt, ResponseExt, kinds};
///
/// # async fn example() -> errwire::Result<()> {
/// let response = reqwest::get("https://api.example.com/v1/tasks/7").await?.error_for_kind().await;
/// match response {
///     Err(error) if error.kind() == kinds::TASK_NOT_FOUND => println!("no such task"),
///     other => println!("{}", other?.text().await?),
/// }
///
/// // The same in one call.
/// let client = reqwest::Client::new();
/// let response = client.get("https://api.example.com/v1/tasks/8").send_for_kind().await?;
/// # Ok(())
/// # }
/// ```
pub trait ResponseExt: sealed::Sealed + Sized {
    /// The response, unless its status is 400 or more: then the error that it says, in whatever dialect, by the built-in
    /// catalog. Of its body 64 KiB are read at most, for as long as the timeout of the client lets it.
    fn error_for_kind(self) -> impl Future<Output = Result<Response>> + Send {
        self.error_for_kind_with(Translator::builtin())
    }

    /// As [`error_for_kind`](Self::error_for_kind), by the catalog and the policy of this translator.
    fn error_for_kind_with(self, translator: &Translator) -> impl Future<Output = Result<Response>> + Send;
}

impl ResponseExt for Response {
    async fn error_for_kind_with(mut self, translator: &Translator) -> Result<Response> {
        let status = self.status();
        if !status.is_client_error() && !status.is_server_error() {
            return Ok(self);
        }
        let body = body(&mut self).await;
        match translator.read_http_with(status.as_u16().into(), self.headers(), &body, &ReadOptions::default()) {
            Ok((error, _)) => Err(error),
            // Only what is an error is read.
            Err(_) => Ok(self),
        }
    }
}

/// The beginning of the body. One that breaks off shows what came, and the status has to do if nothing did.
async fn body(response: &mut Response) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MAX_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == MAX_BODY {
            break;
        }
    }
    body.freeze()
}

/// Sends a request of reqwest for a success or an [`Error`]. See [`ResponseExt`].
pub trait RequestExt: sealed::Sealed + Sized {
    /// Sends it. No answer is an error too: [`DEADLINE_EXCEEDED`](kinds::DEADLINE_EXCEEDED) or
    /// [`SERVICE_UNAVAILABLE`](kinds::SERVICE_UNAVAILABLE).
    fn send_for_kind(self) -> impl Future<Output = Result<Response>> + Send {
        self.send_for_kind_with(Translator::builtin())
    }

    /// As [`send_for_kind`](Self::send_for_kind), by the catalog and the policy of this translator.
    fn send_for_kind_with(self, translator: &Translator) -> impl Future<Output = Result<Response>> + Send;
}

impl RequestExt for RequestBuilder {
    async fn send_for_kind_with(self, translator: &Translator) -> Result<Response> {
        self.send().await?.error_for_kind_with(translator).await
    }
}

/// What reqwest says where there is no response, or none that can be used, which is never the word of an application: the time
/// ran out, the body is not what was expected, the request cannot be sent at all, or else the service is not there. The error
/// of reqwest is the source.
impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            kinds::DEADLINE_EXCEEDED
        } else if error.is_builder() {
            kinds::INTERNAL_ERROR
        } else if error.is_decode() {
            kinds::BAD_GATEWAY
        } else {
            kinds::SERVICE_UNAVAILABLE
        };
        Self::new(kind).with_source(error)
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for reqwest::Response {}
    impl Sealed for reqwest::RequestBuilder {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &'static str) -> Response {
        let response = http::Response::builder().status(status).header("content-type", "application/json");
        Response::from(response.body(body).unwrap())
    }

    #[tokio::test]
    async fn reads_errors_and_lets_the_rest_pass() {
        let body = r#"{"kind": "task_not_found", "message": "Task tsk_1 does not exist."}"#;
        let error = response(404, body).error_for_kind().await.unwrap_err();
        assert!(*error.kind() == kinds::TASK_NOT_FOUND);
        assert_eq!(error.message(), "Task tsk_1 does not exist.");
        for status in [200, 204, 304] {
            assert_eq!(response(status, body).error_for_kind().await.unwrap().status(), status);
        }
        assert_eq!(response(200, body).error_for_kind().await.unwrap().text().await.unwrap(), body);
        let long: &'static str = "x".repeat(1_000_000).leak();
        assert_eq!(response(503, long).error_for_kind().await.unwrap_err().status(), 503);
    }

    #[tokio::test]
    async fn a_failure_without_a_response_is_an_error() {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        // Nobody listens on the port of another's socket that is gone.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = client.get(format!("http://127.0.0.1:{port}")).send_for_kind().await.unwrap_err();
        assert!(*error.kind() == kinds::SERVICE_UNAVAILABLE);
        assert!(std::error::Error::source(&error).is_some_and(|source| source.is::<reqwest::Error>()));
        let error = client.get("not an address").send_for_kind().await.unwrap_err();
        assert!(*error.kind() == kinds::INTERNAL_ERROR);
    }
}
