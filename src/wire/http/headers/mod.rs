//! The header fields that correspond to details, and those that are removed with the body.

mod body;
mod challenge;
mod fields;
mod link;
mod retry_after;

pub use body::replace_body;
pub use fields::{content_language, request_id, value, with_content_language, with_request_id};
pub use link::{help_links, with_help_link};
pub use retry_after::{MAX_RETRY_DELAY, retry_after, with_retry_after};

pub(crate) use body::of_every_error;
#[cfg(feature = "layer")]
pub(crate) use body::remove;
pub(crate) use challenge::{Challenges, restore_www_authenticate};
pub(crate) use fields::{ALONE, carried, field_size, restore_allow, with_www_authenticate};
pub(crate) use link::help_link;
pub(crate) use retry_after::named_retry_after;

pub(super) use challenge::Challenge;
#[cfg(test)]
pub(super) use fields::CARRIED;
