//! The messages, clients and servers of `proto/errwire/v1`. The types of `google.rpc` are in [`crate::rpc`].
#![allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    rustdoc::bare_urls,
    rustdoc::invalid_html_tags
)]

include!(concat!(env!("OUT_DIR"), "/errwire.v1.rs"));

/// The messages and the server of `proto/grpc/health/v1`.
#[cfg(feature = "server")]
pub(crate) mod health {
    #![allow(dead_code)]

    include!(concat!(env!("OUT_DIR"), "/grpc.health.v1.rs"));
}
