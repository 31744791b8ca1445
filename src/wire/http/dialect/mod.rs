//! One file for each shape of an HTTP error body.

mod connect;
mod envelope;
mod error_list;
mod field_violations;
mod finder;
mod google;
mod grpc_gateway;
mod identifier;
mod jsonrpc;
mod kind_message;
mod kratos;
mod members;
mod message;
mod oauth2;
mod order;
mod problem;
mod roles;
mod take;
mod token;
mod twirp;
mod violations;
mod words;
mod write;

pub(crate) use order::write;
pub(super) use token::shape;
pub(super) use words::Word;
pub(crate) use write::{ErrorFields, List};

pub(super) use kind_message::KindMessage;
pub(super) use order::read;
