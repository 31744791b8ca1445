//! Pasted errors, as curl, HTTPie, wget, grpcurl, evans or a gRPC client prints them.

// docs/rules.md: R-CLI-3

mod clients;
mod codes;
mod curl;
mod json;
mod literal;
mod read;
mod said;
mod status;
mod text_format;
mod trace;

pub(crate) use read::{Pasted, read};
