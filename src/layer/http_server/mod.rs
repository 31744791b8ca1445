//! Errors on their way out of an HTTP server.
//!
//! [`HttpServerLayer`] wraps an axum router, or any HTTP service. It
//!
//! - turns every 4xx and 5xx into `{"kind", "message"}`: the fallback 404, a 405 with its `Allow`,
//!   the rejections of extractors, timeouts, limits, and the responses of other services;
//! - sends an HTTP caller of a gRPC service the HTTP form of its `grpc-status`;
//! - shows the caller what its audience may see ([`Public`](crate::Audience::Public) by default), in the
//!   language and the dialect that it accepts;
//! - turns a panic, in the call or in its future, into `internal_error`; one in the body of a success breaks the body off;
//! - never fails: an error of the service inside becomes a response, for a gRPC or gRPC-Web caller a status in its headers.
//!
//! Everything else passes as it is: successes, streams, upgrades, and gRPC responses to callers of gRPC, whose
//! errors belong to a [`GrpcServerLayer`](crate::layer::GrpcServerLayer) inside. Where there is none and the audience
//! is public, this layer treats such a response as that one would. It judges by the response: the headers of a request
//! decide in which protocol an error is written, and nothing else.
//!
//! A response that has an [`Error`](crate::Error) among its extensions, as those of `IntoResponse` have, is written from
//! that error, under the status of the response. Otherwise its body is read, 64 KiB and two seconds of it at most, which
//! needs a tokio runtime. What was written has the `Error` among its extensions again, with nothing withheld; the other
//! extensions of an error are removed for the public, since servers write some of them, such as the reason phrase.
//!
//! CORS and compression belong outside of this layer, timeouts and limits inside.
//!
//! With defaults:
//!
//! ```
//! use axum::{Router, routing::get};
//! use errwire::layer::HttpServerLayer;
//!
//! let app: Router = Router::new().route("/tasks", get(|| async { "[]" })).layer(HttpServerLayer::default());
//! ```
//!
//! For internal callers, with RFC 9457 for all, and a route whose errors another standard fixes:
//!
//! ```
//! use errwire::{Audience, Catalog, Dialect, Translator, layer::HttpServerLayer};
//!
//! let layer = HttpServerLayer::new(Translator::new(Catalog::builtin()))
//!     .with_audience(Audience::Internal)
//!     .with_dialect(Dialect::Problem)
//!     .with_details()
//!     // https://www.rfc-editor.org/rfc/rfc6749#section-5.2
//!     .exempt(|request| request.uri.path() == "/oauth/token");
//! ```

mod call;
mod response;
mod service;

pub use response::{ResponseBody, ResponseFuture};
pub use service::{HttpServer, HttpServerLayer};
