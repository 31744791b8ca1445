//! `Error` → HTTP.

mod fields;

use bytes::Bytes;
use http::{HeaderValue, Response, header};

use super::{
    Report, WriteHttpOptions,
    audience::View,
    kind::{Lookup, help_url_of},
    localize::{localized, own_translations},
    write_grpc,
};
use crate::{
    model::{Audience, DetailView, ErrorRef, Text, rpc},
    wire::http::{self as wire, Dialect, ErrorFields, List, headers::with_content_language},
};

/// Says what was decided if there is a report.
// docs/rules.md: R-WRITE-HTTP-4, R-WRITE-HTTP-5
pub(super) fn write(
    lookup: &Lookup<'_>,
    error: &ErrorRef<'_>,
    options: &WriteHttpOptions,
    report: Option<&mut Report>,
) -> Response<Bytes> {
    let current = lookup.catalog.current(error.kind());
    let view = View::new(lookup, error, current, options.audience);
    let dialect = dialect(options);

    let own = own_translations(&view);
    let localized = options.accept_language.as_deref().and_then(|accepted| localized(&view, &own, accepted));
    let mut message = match &localized {
        Some(localized) => Text::Borrowed(&localized.text),
        None => view.message(),
    };
    if localized.is_none() && message.is_empty() {
        message = view.default_message();
    }
    // No other dialect has a place for it.
    let help_url = match dialect {
        Dialect::Problem => help_url_of(current.entry(), lookup.policy.pages_url.as_deref()),
        _ => None,
    };
    let facts = ErrorFields {
        kind: error.kind().as_str(),
        code: error.code(),
        status: error.status(),
        message: &message,
        help_url: help_url.as_deref(),
    };
    let mut response = fields::of_every_error(&view);
    *response.body_mut() = body(&view, options, dialect, &facts);
    *response.status_mut() = error.status().into();
    let headers = response.headers_mut();
    if dialect == Dialect::Problem {
        headers.insert(header::CONTENT_TYPE, const { HeaderValue::from_static("application/problem+json") });
    }
    let language = match &localized {
        Some(localized) => Some(&*localized.language),
        // The error's own words may be a translation, whoever asked for it.
        None => own.iter().find(|[_, own]| *own == &*message).map(|[locale, _]| *locale),
    };
    if let Some(tag) = language {
        with_content_language(headers, tag);
    }
    if options.dialect.is_none() && options.accept.is_some() {
        headers.append(header::VARY, const { HeaderValue::from_static("accept") });
    }
    if options.accept_language.is_some() {
        headers.append(header::VARY, const { HeaderValue::from_static("accept-language") });
    }
    // What comes of details fits the budget: links are the first to go, and `grpc-status-details-bin` is cut after them.
    fields::write(headers, &view);
    let mut trimmed = Vec::new();
    if options.audience == Audience::Internal {
        let field = write_grpc::details_field(&view, fields::size(headers), &mut trimmed).map(Bytes::from);
        fields::set_details(headers, field.and_then(|field| HeaderValue::from_maybe_shared(field).ok()));
    }
    fields::write_links(headers, error, lookup.policy.budget);
    if let Some(report) = report {
        (report.dialect, report.redacted, report.trimmed) = (Some(dialect), view.redacted(), trimmed);
    }
    response
}

/// The dialect that was chosen, else the one that the caller accepts. Others than these four are only read.
// docs/rules.md: R-WRITE-HTTP-3
fn dialect(options: &WriteHttpOptions) -> Dialect {
    match (options.dialect, &options.accept) {
        (Some(chosen @ (Dialect::Problem | Dialect::Google | Dialect::Connect)), _) => chosen,
        (None, Some(accept)) => wire::dialect(accept),
        _ => Dialect::KindMessage,
    }
}

/// The body, with the details that were asked for.
// docs/rules.md: R-WRITE-HTTP-1, R-WRITE-HTTP-2
fn body(view: &View<'_>, options: &WriteHttpOptions, dialect: Dialect, fields: &ErrorFields<'_>) -> Bytes {
    let names_kind = matches!(dialect, Dialect::Google | Dialect::Connect);
    // Those that the audience may see if they were asked for, and what names the kind where no other member does.
    let chosen = || {
        let mut details = write_grpc::details(view);
        if !options.include_details {
            details.retain(|detail| detail.is::<rpc::ErrorInfo>());
        }
        details
    };
    // Names, quotes and braces are about half of it.
    let room = |detail: DetailView<'_>| detail.type_url().len() + 2 * detail.value().len() + 16;
    let len = || view.error.views().map(room).sum::<usize>() + 64;
    let write = |out: &mut Vec<u8>| match options.include_details {
        true => write_grpc::put_details(view, out),
        false => view.lookup.policy.registry.write_details(&chosen(), out),
    };
    let list = (options.include_details || names_kind).then_some(List { len: len(), write: &write });
    wire::write(dialect, fields, list, chosen)
}
