//! Requests as the translator wants them.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{enums, invalid_argument::rejected, pb};
use crate::{
    model::{Detail, Error, rpc, shown},
    translate::{ReadOptions, WriteHttpOptions},
    wire::grpc::{Received, Trailers},
};

/// An HTTP response as the translator reads it.
pub(super) struct Response {
    pub(super) status: u32,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

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

pub(super) fn response(response: pb::HttpResponse) -> Result<Response, Error> {
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
    Ok(Response { status, headers: header_map(headers)?, body })
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
    let parse = ReadOptions::new().with_table(enums::table(table)?);
    Ok(if domain.is_empty() { parse } else { parse.with_domain(domain) })
}

// docs/rules.md: R-SERVICE-3
pub(super) fn render_options(options: Option<pb::RenderOptions>) -> Result<WriteHttpOptions, Error> {
    let pb::RenderOptions { audience, dialect, include_details, accept_language, accept } = options.unwrap_or_default();
    let mut render = WriteHttpOptions::new(enums::audience(audience)?);
    render.dialect = enums::dialect_to_write(dialect)?;
    render.include_details = include_details;
    render.accept_language = Some(accept_language).filter(|value| !value.is_empty());
    render.accept = Some(accept).filter(|value| !value.is_empty());
    Ok(render)
}

pub(super) fn detail(any: prost_types::Any) -> Detail {
    Detail::new(any.type_url, any.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> pb::Header {
        pb::Header { name: name.into(), value: value.into() }
    }

    fn field<T>(result: Result<T, Error>) -> Option<String> {
        result.err().map(|error| error.field_violations()[0].field.clone())
    }

    #[test]
    fn names_the_malformed_field() {
        let of = |status, headers| field(response(pb::HttpResponse { status, headers, body: None }));
        let good = || header("content-type", "text/plain");
        assert_eq!(of(0, vec![]).as_deref(), Some("response.status"));
        assert_eq!(of(99, vec![]).as_deref(), Some("response.status"));
        assert_eq!(of(100, vec![]), None);
        assert_eq!(of(u32::MAX, vec![]), None);
        assert_eq!(of(404, vec![good(), good(), header("", "")]).as_deref(), Some("response.headers[2].name"));
        assert_eq!(of(404, vec![header("a b", "")]).as_deref(), Some("response.headers[0].name"));
        assert_eq!(of(404, vec![good(), header("x", "a\r\nb: c")]).as_deref(), Some("response.headers[1].value"));
        assert_eq!(of(404, vec![header("X-Ä", "")]).as_deref(), Some("response.headers[0].name"));
        assert_eq!(of(404, vec![header("x", "größer")]), None);
        assert_eq!(of(404, vec![good(); 8_193]).as_deref(), Some("response.headers"));

        let options = |audience, dialect| pb::RenderOptions { audience, dialect, ..Default::default() };
        assert_eq!(field(render_options(Some(options(7, 0)))).as_deref(), Some("options.audience"));
        assert_eq!(field(render_options(Some(options(-1, 0)))).as_deref(), Some("options.audience"));
        assert_eq!(field(render_options(Some(options(2, 99)))).as_deref(), Some("options.dialect"));
        assert_eq!(field(render_options(Some(options(2, 12)))).as_deref(), Some("options.dialect"));
        let table = |table| pb::ParseOptions { table, ..Default::default() };
        assert_eq!(field(parse_options(Some(table(4)))).as_deref(), Some("options.table"));
        assert_eq!(field(received(None)).as_deref(), Some("source"));
    }

    #[test]
    fn keeps_every_header_that_is_one() {
        let headers = (0..8_192).map(|n| header(&format!("x-{n}"), "1")).collect();
        assert_eq!(header_map(headers).unwrap().len(), 8_192);
        let map = header_map(vec![header("Allow", "GET"), header("allow", "PUT")]).unwrap();
        assert_eq!(map.get_all("allow").iter().collect::<Vec<_>>(), ["GET", "PUT"]);
    }

    #[test]
    fn defaults() {
        assert_eq!(render_options(None).unwrap(), WriteHttpOptions::default());
        assert_eq!(parse_options(None).unwrap(), ReadOptions::default());
    }
}
