//! The standard details, `google.rpc.ErrorInfo` and its nine neighbours, without `DynamicMessage` and without a tree:
//! one walk over the bytes or over the JSON.
//!
//! Only what is usual is done here: bytes as generated code writes them, and JSON as we write it. All else (fields that
//! the descriptor lacks, in another order or given twice; `null`, numbers for texts, names as in the `.proto` file,
//! anything that is wrong) is refused, and goes the general way, which also knows what to say of it. So both ways never
//! disagree, and `tests/standard.rs` holds them to it.

mod codec;
mod known;
mod read;
mod shape;
mod write;

pub(crate) use known::has_only_known;
pub(crate) use read::StandardDetails;
pub(super) use read::detail as read;
pub(super) use write::detail as write;
