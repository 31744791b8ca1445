//! What an error is: kind, code, status, message and details. Knows no wire and no catalog.

pub mod kinds;
pub mod rpc;

mod code;
mod detail;
mod detail_type;
mod entry;
mod error;
mod error_ref;
mod field;
mod json;
mod kind;
mod language_tag;
mod name;
mod part;
mod status;
mod template;
mod text;
#[cfg(feature = "catalog-files")]
mod unsafe_text;

pub use code::{Code, InvalidCode};
pub use detail::{Detail, Details};
pub use entry::{Audience, Deprecation, KindEntry, Retry, StaticDeprecation, StaticKindEntry, Visibility};
pub use error::{BoxError, Error, OrKind, Result};
pub use error_ref::ErrorRef;
pub use kind::{InvalidKind, Kind};
pub use status::{HttpStatus, InvalidHttpStatus};
pub use template::MessageTemplate;

pub(crate) use detail_type::{DetailType, DetailView, ERROR_INFO, standard_details};
pub(crate) use error::ReadError;
pub(crate) use error_ref::Known;
#[cfg(feature = "remote")]
pub(crate) use field::Broken;
pub(crate) use field::{
    ErrorInfoView, Field, Fields, Sink, close, field_len, is_utf8, message_len, open, put_field, put_varint, skip_key,
    take_delimited, take_varint, texts,
};
#[cfg(feature = "server")]
pub(crate) use field::{close_long, open_long};
pub(crate) use json::{Depth, JsonString, JsonText, is_plain, plain_len, put_json, put_json_bytes};
pub(crate) use kinds::{code_for_status, http_kind, kind_for_code, kind_for_message, kind_for_status};
pub(crate) use language_tag::LanguageTag;
#[cfg(feature = "remote")]
pub(crate) use name::shown;
pub(crate) use name::{
    MAX_LEN as MAX_KIND_LEN, fold, is_foldable, is_kind, is_of_words, is_reason, kind_of_reason, lower_case, named,
};
pub(crate) use part::Part;
#[cfg(feature = "tonic")]
pub(crate) use part::{Parts, Views};
#[cfg(feature = "catalog-files")]
pub(crate) use template::is_name as is_metadata_key;
pub(crate) use text::Text;
#[cfg(feature = "catalog-files")]
pub(crate) use unsafe_text::{is_refused_in_catalog, is_unsafe_in_terminal, is_web_or_relative};
