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

fn translate(request: Request) -> Translation {
    ErrorMapping::new(Translator::default()).translation(Some(request)).unwrap()
}

proptest! {
    #[test]
    fn a_translation_is_encoded_as_its_message(request in any_request(), id in "\\PC{0,9}") {
        let mut encoded = Vec::new();
        translate(request.clone()).put_item(&id, &mut encoded);
        let message = pb::TranslateResponse { id, response: Some(translate(request).message()) };
        prop_assert_eq!(encoded, message.encode_to_vec());
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

    assert_eq!(body(Bytes::new()), None);
    assert_eq!(body(Bytes::from_static("ä".as_bytes())), Some(Body::Text("ä".into())));
    assert_eq!(body(Bytes::from_static(b"\xff")), Some(Body::Raw(Bytes::from_static(b"\xff"))));
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
