//! Generated errors, catalogs, responses and bytes.
#![allow(dead_code, unused_imports, reason = "each test uses a part")]

mod errors;
mod hostile;
mod responses;

pub(crate) use errors::{code, detail, entries, error, kind, message, status, wire_status};
pub(crate) use hostile::{body_bytes, header_map, trailers};
pub(crate) use responses::{kind_message, response};
