//! The messages of `google.rpc`: `Status`, the ten standard details of
//! [`error_details.proto`](https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto) and
//! [`HttpResponse`](https://github.com/googleapis/googleapis/blob/master/google/rpc/http.proto).
//!
//! ```
//! use errwire::{Detail, rpc};
//!
//! let detail = Detail::from(rpc::ResourceInfo { resource_name: "tasks/1".into(), ..Default::default() });
//! assert_eq!(detail.type_url(), "type.googleapis.com/google.rpc.ResourceInfo");
//! ```
#![allow(missing_docs, clippy::all, unreachable_pub, unused_qualifications)]

include!("generated/google.rpc.rs");

/// The descriptors of `errwire.v1`, `google.rpc` and what they import, with the options of the annotations.
pub(crate) const DESCRIPTORS: &[u8] = include_bytes!("generated/descriptors.bin");
