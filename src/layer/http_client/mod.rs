//! The errors of an HTTP service, for its caller.
//!
//! [`HttpClientLayer`] wraps an HTTP client that is a tower service, such as hyper-util's. To the caller,
//!
//! - a 4xx or 5xx is an [`Error`](crate::Error), in whatever dialect it was written: a body that is recognised shows an
//!   API, anything else a proxy in between, whose 404 is not about the resource
//!   ([`with_table`](HttpClientLayer::with_table) decides otherwise);
//! - a connection that failed is one too: UNAVAILABLE, with what failed as its source, and never a code that only an
//!   application may use ([gRFC A54](https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md));
//! - everything else passes as it is. A body that breaks off fails with an `Error`.
//!
//! Of the body of an error 64 KiB are read at most, for two seconds at most, which needs a tokio runtime; then the stream
//! is reset.
//!
//! With defaults:
//!
//! ```
//! use bytes::Bytes;
//! use errwire::{kinds, layer::HttpClientLayer};
//! use http_body_util::Empty;
//! use hyper_util::{client::legacy::Client, rt::TokioExecutor};
//! use tower::{Service, ServiceBuilder, ServiceExt};
//!
//! # async fn example() -> errwire::Result<()> {
//! let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
//! let mut client = ServiceBuilder::new().layer(HttpClientLayer::default()).service(client);
//!
//! let request = http::Request::new(Empty::new());
//! match client.ready().await?.call(request).await {
//!     Err(error) if error.kind() == kinds::TASK_NOT_FOUND => println!("no such task"),
//!     Err(error) => return Err(error),
//!     Ok(response) => println!("{}", response.status()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! For a service that is known to be reached without a proxy, with a catalog of one's own:
//!
//! ```
//! use errwire::{Catalog, StatusTable, Translator, layer::HttpClientLayer};
//!
//! let layer = HttpClientLayer::new(Translator::new(Catalog::builtin())).with_table(StatusTable::Origin);
//! ```

mod response;
mod service;

pub use response::{ResponseBody, ResponseFuture};
pub use service::{HttpClient, HttpClientLayer};
