//! The standard details, `google.rpc.ErrorInfo` and its nine neighbours, and the messages of the service, without
//! `DynamicMessage` and without a tree: one walk over the bytes or over the JSON.
//!
//! Only what is usual is done here: bytes as generated code writes them, and JSON with `@type` in front of the other members. All
//! else (fields that the descriptor lacks, in another order or given twice; texts for small numbers, anything that is wrong) is
//! refused, and goes the general way, which also knows what to say of it. So both ways never disagree, and
//! `tests/standard.rs` and `tests/own.rs` hold them to it.

mod members;
mod read;
mod shape;
mod write;

pub(crate) use read::StandardDetails;
pub(super) use read::{detail as read, message as read_message};
pub(crate) use shape::{ALL_FIELDS, has_only_known};
pub(super) use write::{detail as write, message as write_message};
