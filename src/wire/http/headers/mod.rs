//! The header fields that say of an error what its details say too, and those that must go when its body does.

mod body;
mod fields;
mod link;
mod preserved;
mod retry_after;
mod scan;

pub use body::replace_body;
pub use fields::{
    allow, content_language, request_id, value, with_allow, with_content_language, with_request_id,
    with_www_authenticate, www_authenticate,
};
pub use link::{help_links, with_help_link};
pub use retry_after::{MAX_RETRY_DELAY, retry_after, with_retry_after};

pub(crate) use preserved::{ALONE, carried, restore};
pub(crate) use scan::Survey;
