//! `Error` → HTTP.

mod body;
mod fields;

use bytes::Bytes;
use bytestring::ByteString;
use http::{HeaderValue, Response, header};

use super::{
    Report, WriteGrpcOptions, WriteHttpOptions,
    audience::View,
    kind::{Lookup, help_url_of},
    localize::{Localized, localized},
    write_grpc,
};
use crate::{
    model::{Audience, Error, KindEntry, rpc},
    wire::{
        grpc::GRPC_STATUS_DETAILS_BIN,
        http::{self as wire, Dialect, ErrorFields, headers::with_content_language},
    },
};

pub(super) fn write(lookup: Lookup<'_>, error: &Error, options: &WriteHttpOptions) -> (Response<Bytes>, Report) {
    let current = lookup.current(error.kind());
    let view = View::new(lookup, error, current.entry(), options.audience);
    let dialect = dialect(options);
    let mut report = Report { dialect: Some(dialect), redacted: view.redacted(), ..Report::default() };

    let message = message(&view, error, current.entry(), options.accept_language.as_deref());
    // No other dialect has a place for it.
    let help_url = match dialect {
        Dialect::Problem => help_url_of(current.entry(), lookup.policy.pages_url.as_deref()),
        _ => None,
    };
    let facts = ErrorFields {
        kind: error.kind().as_str(),
        code: error.code(),
        status: error.status(),
        message: &message.text,
        help_url: help_url.as_deref(),
    };
    let (content_type, body) = body::write(lookup, error, options, dialect, &facts);

    let mut response = Response::new(body);
    *response.status_mut() = error.status().into();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, const { HeaderValue::from_static("nosniff") });
    if let Some(tag) = &message.language {
        with_content_language(headers, tag);
    }
    if options.dialect.is_none() && options.accept.is_some() {
        headers.append(header::VARY, const { HeaderValue::from_static("accept") });
    }
    if options.accept_language.is_some() {
        headers.append(header::VARY, const { HeaderValue::from_static("accept-language") });
    }
    fields::write(headers, lookup, error);
    if options.audience == Audience::Internal {
        let mut written = Report::default();
        let status = write_grpc::write(lookup, error, &WriteGrpcOptions::new(Audience::Internal), &mut written);
        report.trimmed = written.trimmed;
        if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(status.details_field())) {
            headers.insert(GRPC_STATUS_DETAILS_BIN, value);
        }
    }
    (response, report)
}

/// The dialect that was chosen, else the one that the caller accepts. Others than these four are only read.
fn dialect(options: &WriteHttpOptions) -> Dialect {
    match (options.dialect, &options.accept) {
        (Some(chosen @ (Dialect::Problem | Dialect::Google | Dialect::Connect)), _) => chosen,
        (None, Some(accept)) => wire::dialect(accept),
        _ => Dialect::KindMessage,
    }
}

struct Message {
    text: ByteString,
    language: Option<String>,
}

/// The message in a language that the caller asked for, else as it is, else the catalog's default.
fn message(view: &View<'_>, error: &Error, entry: Option<&KindEntry>, accept_language: Option<&str>) -> Message {
    let own = own_translation(view, error);
    let localized = accept_language.and_then(|accepted| localized(view, entry, own.as_ref(), accepted));
    if let Some(Localized { text, language }) = localized {
        return Message { text, language: Some(language) };
    }
    let text = view.message();
    if text.is_empty() {
        return Message { text: view.default_message(), language: None };
    }
    // The error's own words may be a translation, whoever asked for it.
    let language = own.filter(|own| own.message == *text).map(|own| own.locale);
    Message { text, language }
}

/// The error's own `LocalizedMessage`, as far as the audience may see it.
fn own_translation(view: &View<'_>, error: &Error) -> Option<rpc::LocalizedMessage> {
    if view.is_secret() { None } else { error.detail() }
}
