//! Pasted errors, as curl, HTTPie, wget, grpcurl, evans or a gRPC client prints them.

// docs/rules.md: R-CLI-3

mod clients;
mod curl;
mod grpcurl;
mod json;
mod literal;
mod read;
mod rust;
mod status;
mod text_format;

pub(crate) use read::{Pasted, read};
