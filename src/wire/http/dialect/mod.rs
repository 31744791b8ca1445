//! One file for each shape of an HTTP error body.

mod connect;
mod details;
mod envelope;
mod finder;
mod finder_facts;
mod google;
mod graphql;
mod grpc_gateway;
mod identifier;
mod json_api;
mod jsonrpc;
mod kind_message;
mod kratos;
mod message;
mod oauth2;
mod order;
mod problem;
mod roles;
mod shape;
mod twirp;
mod violations;

pub use shape::Dialect;

pub(super) use finder_facts::from_errortype;
pub(super) use oauth2::from_challenge;
pub(super) use order::read;
