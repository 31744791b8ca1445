//! Pasted errors, as curl, grpcurl or a gRPC client prints them.

// docs/rules.md: R-CLI-3

mod curl;
mod printed;
mod read;
mod text_format;

pub(crate) use read::{Pasted, read};
