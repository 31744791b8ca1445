//! Requests as arguments of the translator, an `ErrorRecord` as an error, and the enums of the proto and the library.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{errors::rejected, pb};
use crate::{
    catalog::Catalog,
    model::{
        Audience, Code, Detail, Error, HttpStatus, Kind, code_for_status, fold, is_kind, kind_for_code,
        kind_for_status, rpc, shown,
    },
    translate::{Basis, ReadOptions, Report, Rule, StatusTable, WriteHttpOptions},
    wire::{
        grpc::{Received, Trailers},
        http::Dialect,
    },
};

/// The gRPC error of a request, and the field that holds its code.
pub(super) fn received(source: Option<pb::grpc_to_http_request::Source>) -> Result<(Received, &'static str), Error> {
    use pb::grpc_to_http_request::Source;

    match source {
        Some(Source::Status(rpc::Status { code, message, details })) => {
            let details = details.into_iter().map(detail).collect();
            Ok((Received::from_message(code, message.into(), details), "status.code"))
        }
        Some(Source::Trailers(trailers)) => {
            let trailers = Trailers {
                grpc_status: trailers.grpc_status.into(),
                grpc_message: trailers.grpc_message,
                grpc_status_details_bin: trailers.grpc_status_details_bin,
            };
            Ok((Received::from_trailers(&trailers), "trailers.grpc_status"))
        }
        None => Err(rejected("source", "is missing: send `status` or `trailers`")),
    }
}

/// The status, the header fields and the body of an HTTP response.
pub(super) fn response(response: pb::HttpResponse) -> Result<(u32, HeaderMap, Bytes), Error> {
    let pb::HttpResponse { status, headers, body } = response;
    if status < 100 {
        let why = format!("{status} is not an HTTP status: send the status of the error response, 400 or more");
        return Err(rejected("response.status", why));
    }
    let body = match body {
        Some(pb::http_response::Body::Text(text)) => text.into(),
        Some(pb::http_response::Body::Raw(raw)) => raw,
        None => Bytes::new(),
    };
    Ok((status, header_map(headers)?, body))
}

fn header_map(headers: Vec<pb::Header>) -> Result<HeaderMap, Error> {
    // `HeaderMap` panics past this many names; no server sends a hundredth of it.
    const MOST: usize = 8_192;
    if headers.len() > MOST {
        let why = format!("{} header fields are too many; send at most {MOST}", headers.len());
        return Err(rejected("response.headers", why));
    }
    let mut map = HeaderMap::with_capacity(headers.len());
    for (at, pb::Header { name, value }) in headers.into_iter().enumerate() {
        let field = |member| format!("response.headers[{at}].{member}");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
            let why = format!("`{}` is not a header name: use letters, digits and !#$%&'*+-.^_`|~", shown(&name));
            rejected(field("name"), why)
        })?;
        let value = HeaderValue::try_from(value).map_err(|_| {
            rejected(field("value"), "a header value has no control characters: take out line breaks and NULs")
        })?;
        map.append(name, value);
    }
    Ok(map)
}

pub(super) fn parse_options(options: Option<pb::ParseOptions>) -> Result<ReadOptions, Error> {
    let pb::ParseOptions { table, domain } = options.unwrap_or_default();
    let parse = ReadOptions::new().with_table(table_of(table)?);
    Ok(if domain.is_empty() { parse } else { parse.with_domain(domain) })
}

// docs/rules.md: R-SERVICE-3
pub(super) fn render_options(options: Option<pb::RenderOptions>) -> Result<WriteHttpOptions, Error> {
    let pb::RenderOptions { audience, dialect, include_details, accept_language, accept } = options.unwrap_or_default();
    let mut render = WriteHttpOptions::new(audience_of(audience)?);
    render.dialect = dialect_to_write(dialect)?;
    render.include_details = include_details;
    render.accept_language = Some(accept_language).filter(|value| !value.is_empty());
    render.accept = Some(accept).filter(|value| !value.is_empty());
    Ok(render)
}

pub(super) fn detail(any: prost_types::Any) -> Detail {
    Detail::new(any.type_url, any.value)
}

/// Reads a record. Missing fields come from the catalog's entry of the kind, or follow from the other fields.
///
/// The message is taken as it is, an empty one too, since an error that came over a wire may have an empty one.
pub(super) fn read(catalog: &Catalog, record: pb::ErrorRecord) -> Result<(Error, Report), Error> {
    let given_code = code(record.code)?;
    let given_status = status(record.status)?;
    let (kind, kind_rule) = kind(catalog, &record.kind, given_code, given_status)?;
    let entry = kind.entry();

    let (code, code_rule) = match (given_code, entry, given_status) {
        (Some(code), _, _) => (code, Rule::Given),
        (None, Some(entry), _) => (entry.code, Rule::Catalog),
        (None, None, Some(status)) => (code_for_status(status), Rule::StatusFallback),
        (None, None, None) => (Code::Unknown, Rule::CodeFallback),
    };
    let (status, status_rule) = match (given_status, entry) {
        (Some(status), _) => (status, Rule::Given),
        (None, Some(entry)) => (entry.status, Rule::Catalog),
        (None, None) => (code.http_status(), Rule::CodeFallback),
    };

    let details = record.details.into_iter().map(detail).collect();
    let error = Error::from_parts(kind, code, status, Some(record.message.into()), details);
    let report = Report {
        kind_rule: Some(kind_rule),
        code_rule: Some(code_rule),
        status_rule: Some(status_rule),
        ..Report::default()
    };
    Ok((error, report))
}

fn code(number: i32) -> Result<Option<Code>, Error> {
    match number {
        0 => Ok(None),
        _ => Code::try_from(number).map(Some).map_err(|why| rejected("error.code", why.to_string())),
    }
}

fn status(number: u32) -> Result<Option<HttpStatus>, Error> {
    if number == 0 {
        return Ok(None);
    }
    let status = u16::try_from(number).ok().and_then(|number| HttpStatus::new(number).ok());
    let why = || rejected("error.status", format!("{number} is not an HTTP error status: use 400 to 599"));
    status.map(Some).ok_or_else(why)
}

fn kind(catalog: &Catalog, name: &str, code: Option<Code>, status: Option<HttpStatus>) -> Result<(Kind, Rule), Error> {
    if !name.is_empty() {
        return named(catalog, name).map(|kind| (kind, Rule::Given));
    }
    let by_status = |status| (kind_for_status(status).clone(), Rule::StatusFallback);
    let by_code = |code| (kind_for_code(code).clone(), Rule::CodeFallback);
    match (code, status) {
        (Some(code), Some(status)) if code_for_status(status) == code => Ok(by_status(status)),
        (Some(code), _) => Ok(by_code(code)),
        (None, Some(status)) => Ok(by_status(status)),
        (None, None) => Err(rejected("error.kind", "is missing: send a kind, a code or a status")),
    }
}

fn named(catalog: &Catalog, name: &str) -> Result<Kind, Error> {
    if let Some(kind) = catalog.get(name) {
        return Ok(kind);
    }
    if is_kind(name) {
        return Ok(Kind::foreign(name.as_bytes()));
    }
    let name_shown = shown(name);
    Err(rejected(
        "error.kind",
        match fold(name) {
            Some(folded) => format!("`{name_shown}` is not spelled as a kind: write `{folded}`"),
            None => format!(
                "`{name_shown}` is not a kind: use 3 to 63 characters of a-z, 0-9 and _, begin with a letter, and do not \
                 end with _"
            ),
        },
    ))
}

/// The audience of a request.
fn audience_of(number: i32) -> Result<Audience, Error> {
    match pb::Audience::try_from(number) {
        Ok(pb::Audience::Unspecified | pb::Audience::Internal) => Ok(Audience::Internal),
        Ok(pb::Audience::Public) => Ok(Audience::Public),
        Err(_) => Err(unknown("options.audience", number, "AUDIENCE_INTERNAL or AUDIENCE_PUBLIC")),
    }
}

/// The dialect of a request, among those that can be written.
fn dialect_to_write(number: i32) -> Result<Option<Dialect>, Error> {
    const WRITTEN: &str = "DIALECT_KIND_MESSAGE, DIALECT_PROBLEM, DIALECT_GOOGLE or DIALECT_CONNECT";
    match pb::Dialect::try_from(number) {
        Ok(pb::Dialect::Unspecified) => Ok(None),
        Ok(pb::Dialect::KindMessage) => Ok(Some(Dialect::KindMessage)),
        Ok(pb::Dialect::Problem) => Ok(Some(Dialect::Problem)),
        Ok(pb::Dialect::Google) => Ok(Some(Dialect::Google)),
        Ok(pb::Dialect::Connect) => Ok(Some(Dialect::Connect)),
        Ok(other) => Err(rejected(
            "options.dialect",
            format!("{} is read, but not written: send {WRITTEN}", other.as_str_name()),
        )),
        Err(_) => Err(unknown("options.dialect", number, WRITTEN)),
    }
}

/// The table of a request.
fn table_of(number: i32) -> Result<StatusTable, Error> {
    match pb::Table::try_from(number) {
        Ok(pb::Table::Unspecified | pb::Table::Auto) => Ok(StatusTable::Auto),
        Ok(pb::Table::Origin) => Ok(StatusTable::Origin),
        Ok(pb::Table::Intermediary) => Ok(StatusTable::Intermediary),
        Err(_) => Err(unknown("options.table", number, "TABLE_AUTO, TABLE_ORIGIN or TABLE_INTERMEDIARY")),
    }
}

fn unknown(field: &str, number: i32, expected: &str) -> Error {
    rejected(field, format!("the enum has no value {number}: send {expected}"))
}

/// Enums of the library as those of the proto, which have the same names.
macro_rules! same {
    ($($from:ident => $to:ident { $($name:ident)+ })+) => {
        $(impl From<$from> for pb::$to {
            fn from(from: $from) -> Self {
                match from {
                    $($from::$name => Self::$name,)+
                }
            }
        })+
    };
}

same! {
    Dialect => Dialect {
        KindMessage Problem Google Connect GrpcGateway Twirp Kratos Oauth2 Graphql JsonApi Jsonrpc Envelope Text StatusProto
    }
    Rule => Rule {
        Given GrpcStatus ErrorInfo ForeignErrorInfo Body StatusLine HttpResponse Catalog CodeFallback StatusFallback OriginTable
        IntermediaryTable Invalid
    }
    Basis => Evidence { Forced GrpcFields Strong Weak None }
}

#[cfg(test)]
mod tests;
