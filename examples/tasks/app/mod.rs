//! A tonic service, an HTTP facade that calls it over gRPC, a media library that it calls over HTTP, and a client.
//!
//! | module | is |
//! |---|---|
//! | `product` | keys, tasks, runs, automations, formats: fails with `errwire::Error` and knows no wire |
//! | `service` | the product over gRPC |
//! | `facade` | the same over HTTP and JSON, by calling the service |
//! | `media` | the downstream HTTP server, and how the product asks it |
//! | `client` | the command line that calls the service |
//! | `layers` | where each layer of errwire goes |

mod args;
mod client;
mod facade;
mod layers;
mod media;
pub(crate) mod pb;
mod product;
mod serve;
mod service;

#[allow(unused_imports, reason = "the tests use more than the command line does")]
pub(crate) use {
    args::{Args, Call, Command},
    client::{call, connect, describe},
    facade::router as facade_of,
    layers::Errors,
    serve::{Addresses, App},
};
