//! One API error, defined once, read the same on every wire.
//!
//! errwire translates API errors between
//!
//! - **gRPC**: a status code, a message, and the rich details of `google.rpc.Status`, and
//! - **HTTP**: a status and the JSON body `{"kind": "task_not_found", "message": "..."}`,
//!
//! in both directions, without losing what the other side said. Each error has a [`Kind`], such as `task_not_found`, which
//! travels in gRPC as the reason of an `ErrorInfo` ([AIP-193](https://google.aip.dev/193)). A [`Catalog`] says what each
//! kind means. The [`Translator`] holds the rules; between the wires an error is one neutral value, [`Error`].
//!
//! Three types hold it together:
//!
//! - A **[`Catalog`]** is what an error means: its code, its status, its message, whether a retry helps, and whether callers
//!   outside may read it. The built-in one is enough to begin with; kinds of your own come from `#[derive(Kinds)]`, a `.proto` or a
//!   YAML file, and [`Catalog::joined`] puts several together.
//! - A **[`Policy`]** is how your house writes errors: your domain, the challenge of a 401, the size that peers take, which
//!   metadata may leave. Its defaults are safe.
//! - A **[`Translator`]** is a catalog and a policy, made once and cloned everywhere. It reads and writes both wires; layers,
//!   adapters and the service ask it, and so can you.
//!
//! The audience of a response, [`Audience::Internal`] or [`Audience::Public`], is chosen where it is written, never by the caller.
//!
//! # From gRPC to HTTP
//!
//! ```
//! use errwire::{Audience, Error, WriteHttpOptions, Translator, kinds};
//!
//! let translator = Translator::default();
//! let error = Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist.");
//! let status = translator.write_grpc(&error);
//! assert_eq!(status.to_trailers().grpc_status, "5");
//!
//! let received = translator.read_grpc(status);
//! let (response, _report) = translator.write_http_with(&received, &WriteHttpOptions::new(Audience::Public));
//! assert_eq!(response.status(), 404);
//! assert_eq!(response.body(), r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#);
//! ```
//!
//! # From HTTP to gRPC
//!
//! The body may be of many [dialects](Dialect), and the sender may not be the API at all:
//!
//! ```
//! use bytes::Bytes;
//! use errwire::{Code, Translator, kinds};
//! use http::Response;
//!
//! let translator = Translator::default();
//! let problem = Response::builder()
//!     .status(404)
//!     .header("content-type", "application/problem+json")
//!     .body(Bytes::from_static(br#"{"title": "No such task", "code": "TaskNotFound"}"#))?;
//! let error = translator.read_http(&problem)?;
//! assert!(error.kind() == kinds::TASK_NOT_FOUND);
//! assert_eq!(translator.write_grpc(&error).code, Code::NotFound);
//!
//! // No API says that the task does not exist here: the page of a proxy has no kind of an application.
//! let page = Response::builder().status(404).body(Bytes::from_static(b"<h1>404 Not Found</h1>"))?;
//! let error = translator.read_http(&page)?;
//! assert!(error.kind() == kinds::UNIMPLEMENTED);
//! assert_eq!((error.code(), error.status().as_u16()), (Code::Unimplemented, 404));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to go from here
//!
//! - [`Error`] and [`kinds`]: making errors, and matching on them.
//! - [`Translator`], [`Policy`] and [`Report`]: the four directions, what they are set to, and why they decided so.
//! - [`catalog`]: kinds of your own; `build` and [`include_errors!`]: the same as Rust.
//! - [`wire`]: the syntax alone, such as [`wire::grpc::Trailers`] and [`wire::http::read`].
//! - `Kinds` (feature `derive`): an error enum as a catalog, there and back.
//! - [`OrKind`]: a kind for what failed; [`testing`]: assertions, and a catalog file that stays fresh.
//! - `layer`: interceptors for gRPC and HTTP, servers and clients.
//! - `remote`: following the catalog of a server, live.
//! - `service` and `server`: the gRPC service, on its own or as a part of yours.
//!
//! # Features
//!
//! | feature | brings |
//! |---|---|
//! | none | the translator, the wires, the built-in catalog; opens no socket and needs no runtime |
//! | `catalog-files` | catalogs from descriptor sets, and the tools for catalogs: check, compare, generate; `yaml`, `proto` and `remote` bring it |
//! | `yaml` | catalogs from YAML files |
//! | `proto` | catalogs from annotated enums in `.proto` files, without an installed `protoc` |
//! | `charset` | bodies in any `charset` are read, not UTF-8, UTF-16 and ISO-8859-1 alone |
//! | `brotli` | bodies under `content-encoding: br` are read |
//! | `zstd` | bodies under `content-encoding: zstd` are read |
//! | `build` | the module `build`, for build scripts: kinds of your own as Rust; brings `yaml` and `proto` |
//! | `tonic` | conversions between [`Error`] and `tonic::Status` |
//! | `axum` | [`Error`] as a response of axum |
//! | `derive` | [`Kinds`](derive@Kinds): an error enum as a catalog |
//! | `reqwest` | reqwest's responses and failures as errors: `response.error_for_kind().await?` |
//! | `layer` | the module `layer`; needs tokio's timer, brings `tonic` without its transport |
//! | `tower` | layers for HTTP know tower's own timeouts and load shedding; brings `layer` |
//! | `tracing` | an observer for layers that writes an event for each error; brings `layer` |
//! | `metrics` | an observer for layers that counts errors; brings `layer` |
//! | `remote` | the module `remote`, which follows the catalog of a server; brings `tonic` with its transport for clients |
//! | `server` | the modules `service` and `server`; brings `layer`, `remote`, `tracing`, `yaml` and a transport |
//! | `cli` | the command; brings `server`, `yaml` and `proto`; on by default, with `axum` and `derive`, so libraries switch defaults off |
//!
//! # Versions that fit
//!
//! | crate | version |
//! |---|---|
//! | tonic, tonic-types | 0.14 |
//! | prost | 0.14 |
//! | axum, axum-core | 0.8, 0.5 |
//! | http, http-body | 1 |
//! | tower, tower-layer, tower-service | 0.5, 0.3, 0.3 |
//! | reqwest | 0.13 |
//! | Rust | 1.88 or later |
//!
//! # What it does not do
//!
//! It forwards no calls and retries none: it says what a caller may do. It translates no success. It writes the dialects
//! `kind_message`, `problem`, `google` and `connect`, and only reads the others. An [`Error`] has no OK and no status
//! outside 400 to 599.

// Only docs.rs builds with this; it shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "axum", feature = "derive", feature = "reqwest", feature = "tonic"))]
mod adapter;
#[cfg(feature = "build")]
pub mod build;
pub mod catalog;
#[cfg(feature = "cli")]
mod cli;
pub mod diagnostic;
#[cfg(feature = "server")]
#[cfg_attr(
    not(feature = "cli"),
    allow(dead_code, unused_imports, reason = "the command alone writes whole references")
)]
mod docs;
#[cfg(feature = "layer")]
pub mod layer;
mod model;
#[cfg(feature = "remote")]
pub mod pb;
#[cfg(feature = "remote")]
pub mod remote;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod service;
pub mod testing;
pub mod translate;
pub mod wire;
#[cfg(feature = "catalog-files")]
mod yaml;

#[cfg(feature = "derive")]
pub use adapter::KindMismatch;
#[cfg(feature = "tonic")]
pub use adapter::StatusExt;
#[cfg(feature = "reqwest")]
pub use adapter::{RequestExt, ResponseExt};
pub use catalog::Catalog;
/// For the binary of this package alone.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use cli::run as __run;
#[cfg(feature = "derive")]
pub use errwire_derive::Kinds;
pub use model::{
    Audience, BoxError, Code, Deprecation, Detail, Details, Error, ErrorRef, HttpStatus, InvalidCode,
    InvalidHttpStatus, InvalidKind, Kind, KindEntry, MessageTemplate, OrKind, Result, Retry, StaticDeprecation,
    StaticKindEntry, Visibility, kinds, rpc,
};
pub use translate::{
    CatalogChanges, NotAnError, Policy, ReadOptions, Report, StatusTable, Translator, WriteGrpcOptions,
    WriteHttpOptions,
};
pub use wire::http::Dialect;

/// What the code of `#[derive(Kinds)]` names.
#[cfg(feature = "derive")]
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "axum")]
    pub use axum_core;
    #[cfg(feature = "tonic")]
    pub use tonic;

    pub use crate::adapter::{FromMetadata, Values, mismatch, replaces};
}

/// The examples of the pages for people are compiled too.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/catalogs.md")]
#[doc = include_str!("../docs/derive.md")]
#[doc = include_str!("../docs/live-catalogs.md")]
#[cfg_attr(all(feature = "axum", feature = "metrics", feature = "tower"), doc = include_str!("../docs/guide.md"))]
pub struct Pages;
