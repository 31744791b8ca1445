//! What an error is: kind, code, status, message and details. Knows no wire and no catalog.

pub mod kinds;
pub mod rpc;

mod audience;
mod code;
mod detail;
mod entry;
mod error;
mod fallback;
mod field;
mod kind;
mod name;
mod status;
mod template;

pub use audience::Audience;
pub use code::{Code, InvalidCode};
pub use detail::{Detail, Details};
pub use entry::{Deprecation, Entry, Retry, Visibility};
pub use error::{BoxError, Error, Result};
pub use kind::{InvalidKind, Kind};
pub use status::{HttpStatus, InvalidHttpStatus};
pub use template::Template;

pub(crate) use detail::ERROR_INFO;
pub(crate) use entry::StaticEntry;
pub(crate) use fallback::{http_kind, kind_for_code, kind_for_status};
pub(crate) use field::{ErrorInfoView, Field, Fields, field_len, message_len, put_field, put_varint, texts};
#[cfg(any(feature = "remote", feature = "yaml"))]
pub(crate) use name::is_kind;
pub(crate) use name::{MAX_LEN as MAX_KIND_LEN, fold, is_reason, kind_of_reason};
