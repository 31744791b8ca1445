//! What a person has in hand: an error as curl, grpcurl or a gRPC client prints it.

// docs/rules.md: R-CLI-3

mod curl;
mod printed;
mod read;

pub(crate) use read::{Pasted, read};
