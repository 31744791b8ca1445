use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    service::{
        ErrorMapping,
        pb::{grpc_to_http_request, http_response::Body, http_to_grpc_request, translate_request::Request},
    },
    translate::{Basis, Rule, Translator},
    wire::http::{Dialect, Origins},
};

fn any_detail() -> impl Strategy<Value = prost_types::Any> {
    ("[a-z./]{0,8}", vec(any::<u8>(), 0..200)).prop_map(|(type_url, value)| prost_types::Any { type_url, value })
}

fn any_request() -> impl Strategy<Value = Request> {
    let status = (1..17_i32, "\\PC{0,200}", vec(any_detail(), 0..3)).prop_map(|(code, message, details)| {
        let source = grpc_to_http_request::Source::Status(rpc::Status { code, message, details });
        Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(source), options: None })
    });
    let body = prop_oneof![
        "\\PC{0,300}".prop_map(|text| Some(Body::Text(text))),
        vec(any::<u8>(), 0..40).prop_map(|raw| Some(Body::Raw(raw.into()))),
        Just(None),
    ];
    let headers = vec(("[a-z]{1,8}", "[ -~ä]{0,20}").prop_map(|(name, value)| pb::Header { name, value }), 0..4);
    let response = (400..600_u32, headers, body).prop_map(|(status, headers, body)| {
        let source = http_to_grpc_request::Source::Response(pb::HttpResponse { status, headers, body });
        Request::HttpToGrpc(pb::HttpToGrpcRequest { source: Some(source), options: None })
    });
    prop_oneof![status, response]
}

// The messages as their builders make them, to compare the encoded ones with.

fn record(error: &Error) -> pb::ErrorRecord {
    pb::ErrorRecord {
        kind: error.kind().as_str().to_owned(),
        message: error.message().into_owned(),
        code: error.code().number(),
        status: error.status().as_u16().into(),
        details: error.details().iter().map(to_any).collect(),
    }
}

fn response(response: http::Response<Bytes>) -> pb::HttpResponse {
    let (parts, body) = response.into_parts();
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| pb::Header {
        name: name.as_str().to_owned(),
        value: text(value.as_bytes()),
    };
    pb::HttpResponse {
        status: parts.status.as_u16().into(),
        headers: parts.headers.iter().map(header).collect(),
        body: body_of(body),
    }
}

fn body_of(body: Bytes) -> Option<Body> {
    if body.is_empty() {
        return None;
    }
    Some(match String::from_utf8(body.into()) {
        Ok(text) => Body::Text(text),
        Err(raw) => Body::Raw(raw.into_bytes().into()),
    })
}

/// The reports of reading and of writing, as one.
fn report(read: Report, written: Report) -> pb::Report {
    let origins = *read.origins.unwrap_or_default();
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
        kind_from: origins.kind.unwrap_or_default().into_owned(),
        code_from: origins.code.unwrap_or_default().into_owned(),
        message_from: origins.message.unwrap_or_default().into_owned(),
        delay_from: origins.delay.unwrap_or_default().into_owned(),
        violations_from: origins.violations.unwrap_or_default().into_owned(),
    }
}

fn message(translation: Translation) -> translate_response::Response {
    let Translation { outcome, error, read, written } = translation;
    match outcome {
        Outcome::Http(response) => translate_response::Response::GrpcToHttp(pb::GrpcToHttpResponse {
            response: Some(self::response(response)),
            error: Some(record(&error)),
            report: Some(report(read, written)),
        }),
        Outcome::Grpc(status) => translate_response::Response::HttpToGrpc(pb::HttpToGrpcResponse {
            trailers: Some(trailers(status.to_trailers())),
            status: Some(self::status(&status)),
            error: Some(record(&error)),
            report: Some(report(read, written)),
        }),
    }
}

fn translate(request: Request) -> Translation {
    ErrorMapping::new(Translator::default()).translation(Some(request)).unwrap()
}

proptest! {
    #[test]
    fn a_translation_is_encoded_as_its_message(request in any_request(), id in "\\PC{0,9}") {
        let encoded = translate(request.clone()).encoded_item(&id);
        let built = message(translate(request.clone()));
        prop_assert_eq!(encoded, pb::TranslateResponse { id, response: Some(built.clone()) }.encode_to_vec());
        prop_assert_eq!(translate(request).response(), built);
    }

    #[test]
    fn header_and_body_are_encoded_as_their_message(
        header in vec((1_u8..).prop_filter("no control character", |byte| *byte >= b' ' && *byte != 0x7f), 0..9),
        body in vec(any::<u8>(), 0..9),
    ) {
        let made = http::Response::builder().status(404).header("x-a", &*header).body(Bytes::from(body)).unwrap();
        let mut encoded = Vec::new();
        put_response(&made, &mut encoded);
        prop_assert_eq!(encoded, response(made).encode_to_vec());
    }

    #[test]
    fn a_failure_a_translation_is_encoded_as_its_message(id in "\\PC{0,9}", message in "\\PC{0,200}") {
        let failure = rpc::Status { code: 3, message, details: Vec::new() };
        let mut encoded = Vec::new();
        put_failure(&id, &failure, &mut encoded);
        let response = Some(translate_response::Response::Failure(failure));
        prop_assert_eq!(encoded, pb::TranslateResponse { id, response }.encode_to_vec());
    }
}

#[test]
fn a_body_is_text_when_it_is_utf_8() {
    use pb::http_response::Body;

    let body = |bytes: &'static [u8]| {
        let mut encoded = Vec::new();
        put_response(&http::Response::new(Bytes::from_static(bytes)), &mut encoded);
        pb::HttpResponse::decode(&*encoded).unwrap().body
    };
    assert_eq!(body(b""), None);
    assert_eq!(body("ä".as_bytes()), Some(Body::Text("ä".into())));
    assert_eq!(body(b"\xff"), Some(Body::Raw(Bytes::from_static(b"\xff"))));
}

#[test]
fn a_report_is_encoded_as_its_message() {
    let texts = |text: &str| vec![String::new(), text.repeat(200)];
    let origins =
        Origins { code: Some("".into()), delay: Some("delay".into()), ..Origins::new(Some("kind"), None, None) };
    let rules = Report { kind_rule: Some(Rule::Given), status_rule: Some(Rule::Invalid), ..Report::default() };
    let read = Report {
        dialect: Some(Dialect::Problem),
        trimmed: texts("t"),
        notes: texts("n"),
        origins: Some(origins.into()),
        ..rules
    };
    let written = Report { dialect: Some(Dialect::Google), redacted: texts("r"), mismatch: true, ..Report::default() };
    let weak = Report { basis: Some(Basis::Weak), code_rule: Some(Rule::Body), ..Report::default() };
    for (read, written) in [(Report::default(), Report::default()), (read, written.clone()), (written, weak)] {
        let mut encoded = Vec::new();
        put_report(&read, &written, &mut encoded);
        assert_eq!(encoded, report(read, written).encode_to_vec());
    }
}
