//! One file for each shape of an HTTP error body.

mod aws;
mod connect;
mod details;
mod envelope;
mod google;
mod graphql;
mod grpc_gateway;
mod identifier;
mod json_api;
mod kind_message;
mod kratos;
mod kubernetes;
mod message;
mod oauth2;
mod order;
mod problem;
mod shape;
mod spring;
mod twirp;
mod violations;

pub use shape::Dialect;

pub(super) use aws::from_errortype;
pub(super) use oauth2::from_challenge;
pub(super) use order::read;
