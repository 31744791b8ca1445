//! Results as responses.

use std::borrow::Cow;

use bytes::Bytes;

use super::pb;
use crate::{
    catalog::Method,
    model::{Detail, Error, Kind, KindEntry, Retry, Visibility, rpc},
    translate::{Report, Translator},
    wire::grpc::{Status, Trailers},
};

pub(super) fn record(error: &Error) -> pb::ErrorRecord {
    pb::ErrorRecord {
        kind: error.kind().as_str().to_owned(),
        message: error.message().into_owned(),
        code: error.code().number(),
        status: error.status().as_u16().into(),
        details: error.details().iter().map(any).collect(),
    }
}

pub(super) fn status(status: &Status) -> rpc::Status {
    rpc::Status {
        code: status.code.number(),
        message: status.message.to_string(),
        details: status.details.iter().map(any).collect(),
    }
}

pub(super) fn trailers(trailers: Trailers) -> pb::GrpcTrailers {
    let Trailers { grpc_status, grpc_message, grpc_status_details_bin } = trailers;
    pb::GrpcTrailers { grpc_status: grpc_status.into_owned(), grpc_message, grpc_status_details_bin }
}

pub(super) fn response(response: http::Response<Bytes>) -> pb::HttpResponse {
    let (parts, body) = response.into_parts();
    // Nearly all are UTF-8, and to look for just that is faster.
    let text = |value: &[u8]| match str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(value).into_owned(),
    };
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| pb::Header {
        name: name.as_str().to_owned(),
        value: text(value.as_bytes()),
    };
    pb::HttpResponse {
        status: parts.status.as_u16().into(),
        headers: parts.headers.iter().map(header).collect(),
        body: self::body(body),
    }
}

// docs/rules.md: R-SERVICE-4
fn body(body: Bytes) -> Option<pb::http_response::Body> {
    if body.is_empty() {
        return None;
    }
    // Bytes that nobody else holds become a vector, and back, without a copy.
    Some(match String::from_utf8(body.into()) {
        Ok(text) => pb::http_response::Body::Text(text),
        Err(raw) => pb::http_response::Body::Raw(raw.into_bytes().into()),
    })
}

/// What was decided on the way in and on the way out, as one report.
pub(super) fn report(read: Report, written: Report) -> pb::Report {
    let origin = |origin: Option<Cow<'_, str>>| origin.map(Cow::into_owned).unwrap_or_default();
    pb::Report {
        dialect: read.dialect.or(written.dialect).map_or(0, |dialect| pb::Dialect::from(dialect).into()),
        kind_rule: read.kind_rule.map_or(0, |rule| pb::Rule::from(rule).into()),
        code_rule: read.code_rule.map_or(0, |rule| pb::Rule::from(rule).into()),
        status_rule: read.status_rule.map_or(0, |rule| pb::Rule::from(rule).into()),
        evidence: read.basis.map_or(0, |basis| pb::Evidence::from(basis).into()),
        trimmed: [read.trimmed, written.trimmed].concat(),
        redacted: [read.redacted, written.redacted].concat(),
        mismatch: read.mismatch || written.mismatch,
        notes: [read.notes, written.notes].concat(),
        kind_from: origin(read.origins.kind),
        code_from: origin(read.origins.code),
        message_from: origin(read.origins.message),
        delay_from: origin(read.origins.delay),
        violations_from: origin(read.origins.violations),
    }
}

/// What callers are told of a kind: what the catalog says, and where its page is if the catalog does not say.
pub(crate) fn kind(translator: &Translator, kind: &Kind) -> pb::Kind {
    let help_url = translator.help_url_of(kind).unwrap_or_default().into_owned();
    pb::Kind { help_url, ..kept(translator, kind) }
}

/// What the catalog says of a kind, as the message of the same name; empty but for the name if it has none.
pub(super) fn kept(translator: &Translator, kind: &Kind) -> pb::Kind {
    match kind.entry() {
        Some(entry) => self::entry(entry, translator.domain_of(kind)),
        None => pb::Kind { kind: kind.as_str().to_owned(), ..Default::default() },
    }
}

fn entry(entry: &KindEntry, domain: &str) -> pb::Kind {
    let (retry, retry_delay) = match entry.retry {
        Retry::Never => (pb::Retry::Never, None),
        Retry::AfterBackoff => (pb::Retry::AfterBackoff, None),
        Retry::AfterDelay(delay) => (pb::Retry::AfterDelay, prost_types::Duration::try_from(delay).ok()),
    };
    let visibility = |visibility| match visibility {
        Visibility::Public => pb::Visibility::Public.into(),
        Visibility::Internal => pb::Visibility::Internal.into(),
    };
    let metadata_key = |(key, of): &(Cow<'static, str>, Visibility)| {
        (key.to_string(), pb::MetadataKeyOptions { visibility: visibility(*of) })
    };
    let text = |text: &Option<Cow<'static, str>>| text.as_deref().unwrap_or_default().to_owned();
    pb::Kind {
        kind: entry.kind.to_string(),
        reason: entry.reason.to_string(),
        domain: domain.to_owned(),
        status: entry.status.as_u16().into(),
        code: entry.code.number(),
        message: entry.message.to_string(),
        description: entry.description.to_string(),
        help_url: text(&entry.help_url),
        retry: retry.into(),
        retry_delay,
        visibility: visibility(entry.visibility),
        localized: entry.localized.iter().map(|(tag, text)| (tag.to_string(), text.to_string())).collect(),
        deprecated: entry.deprecated.as_ref().map(|deprecation| pb::Deprecation {
            since: deprecation.since.to_string(),
            replaced_by: text(&deprecation.replaced_by),
        }),
        owner: text(&entry.owner),
        metadata: entry.metadata.iter().map(metadata_key).collect(),
        language: entry.language.to_string(),
    }
}

/// What a catalog says of a method.
pub(super) fn method(method: &Method) -> pb::Method {
    let routes = method.routes().iter().map(|route| pb::Route {
        verb: route.verb().to_owned(),
        template: route.template().to_owned(),
        has_body: route.has_body(),
    });
    pb::Method {
        method: method.name().to_owned(),
        kinds: method.kinds().map(str::to_owned).collect(),
        declared: method.is_declared(),
        routes: routes.collect(),
    }
}

fn any(detail: &Detail) -> prost_types::Any {
    prost_types::Any { type_url: detail.type_url().to_owned(), value: detail.value().to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds;

    #[test]
    fn a_body_is_text_when_it_is_utf_8() {
        use pb::http_response::Body;

        assert_eq!(body(Bytes::new()), None);
        assert_eq!(body(Bytes::from_static("ä".as_bytes())), Some(Body::Text("ä".into())));
        assert_eq!(body(Bytes::from_static(b"\xff")), Some(Body::Raw(Bytes::from_static(b"\xff"))));
    }

    #[test]
    fn a_kind_has_the_fields_of_its_entry() {
        let message = kind(&Translator::default(), &kinds::RATE_LIMITED);
        assert_eq!((message.kind.as_str(), message.reason.as_str()), ("rate_limited", "RATE_LIMITED"));
        assert_eq!((message.status, message.code()), (429, rpc::Code::ResourceExhausted));
        assert_eq!((message.retry(), message.visibility()), (pb::Retry::AfterBackoff, pb::Visibility::Public));
        assert_eq!(message.domain, "errwire.dev");
    }

    #[test]
    #[cfg(feature = "cli")]
    fn internal_keys_come_back() {
        let mut entry = kinds::RATE_LIMITED.entry().cloned().unwrap();
        entry.metadata = vec![("shard".into(), Visibility::Internal), ("zone".into(), Visibility::Public)].into();
        let sent = self::entry(&entry, "errwire.dev");
        assert_eq!(crate::remote::entry(sent, crate::remote::Unknown::Refused), Ok(entry));
    }

    #[test]
    #[cfg(feature = "cli")]
    fn every_built_in_kind_comes_back() {
        let translator = Translator::default();
        for original in translator.catalog().iter() {
            let back = crate::remote::entry(kind(&translator, original), crate::remote::Unknown::Refused);
            assert_eq!(back.as_ref().ok(), original.entry(), "{original}");
        }
    }
}
