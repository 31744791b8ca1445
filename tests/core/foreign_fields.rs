//! Variants of the forms that violations and texts have under names that nobody knows. What is wanted is known by construction.

// docs/rules.md: R-GENERAL-3, R-GENERAL-5

use bytes::Bytes;
use errwire::{Error, ReadOptions, Translator};
use http::{HeaderMap, HeaderValue};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::foreign_variants::{STATUSES, spelled};

const TEXT: &str = "There is nothing left of it.";

fn read(status: u16, body: &Value) -> Error {
    let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let body = Bytes::from(body.to_string());
    Translator::default().read_http_with(status.into(), &headers, &body, &ReadOptions::new()).unwrap().0
}

fn fields(error: &Error) -> Vec<String> {
    error.field_violations().into_iter().map(|violation| violation.field).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    /// A list of which each item names a field and says what is wrong is one of violations, whatever its name is.
    #[test]
    fn lists_under_any_name(
        holder in select(&["checks", "validation", "exception detail", "problems found", "hints"][..]),
        (field, text) in (select(&["field", "field name", "attribute", "property name", "members", "fields"][..]), select(&["message", "msg", "issue", "info"][..])),
        (spelling, status) in (0_usize..6, select(&[400_u16, 409, 422][..])),
    ) {
        let is_list = matches!(field, "members" | "fields");
        let item = |name: &str| json!({ spelled(field, spelling): if is_list { json!([name]) } else { json!(name) }, spelled(text, spelling): TEXT });
        let body = json!({ "code": "validation_failed", "message": "It is not valid.", spelled(holder, spelling): [item("login"), item("age")] });
        let error = read(status, &body);
        prop_assert_eq!(fields(&error), ["login", "age"], "{}", body);
        prop_assert_eq!((error.kind().as_str(), &*error.message()), ("validation_failed", "It is not valid."), "{}", body);
    }

    /// A map of maps of sentences is about the fields of fields.
    #[test]
    fn maps_of_maps(holder in select(&["error", "errors", "details", "field errors"][..]), status in select(&[400_u16, 422][..])) {
        let body = json!({ holder: { "billing": { "city": TEXT, "street": TEXT }, "amount": { "value": TEXT } } });
        let mut got = fields(&read(status, &body));
        got.sort();
        prop_assert_eq!(got, ["amount.value", "billing.city", "billing.street"], "{}", body);
    }

    /// Where the server failed, no field of the request is wrong.
    #[test]
    fn no_fields_of_a_failure(status in 500_u16..600, holder in select(&["errors", "detail", "violations"][..])) {
        let body = json!({ "code": "it_broke", "message": TEXT, holder: [{ "field": "login", "message": "It is not there." }] });
        let error = read(status, &body);
        prop_assert_eq!((fields(&error).len(), &*error.message()), (0, TEXT), "{}", body);
    }

    /// The only sentence of a body says more than the phrase of its status; a date or a line of a request does not.
    #[test]
    fn a_sentence_beside_a_phrase((status, _) in select(&STATUSES[..]), name in select(&["troubleshoot", "hint", "remark"][..])) {
        let phrase = http::StatusCode::from_u16(status).unwrap().canonical_reason().unwrap();
        let error = read(status, &json!({ "error": phrase, name: TEXT }));
        prop_assert_eq!(&*error.message(), TEXT);
        for other in ["Mon, 01 Jan 2024 00:00:00 GMT", "GET /v1/tasks HTTP/1.1", "2024-01-01 00:00:00"] {
            let error = read(status, &json!({ "error": phrase, name: other }));
            prop_assert_eq!(&*error.message(), phrase);
        }
    }

    /// A list of errors within a text, and a list of one text.
    #[test]
    fn lists_that_are_texts((status, code) in select(&STATUSES[..]), name in select(&["error", "message", "detail"][..])) {
        let error = read(status, &json!({ name: json!([{ "code": "too_small", "message": TEXT }]).to_string() }));
        prop_assert_eq!((&*error.message(), error.code()), (TEXT, code));
        let error = read(status, &json!([TEXT]));
        prop_assert_eq!((&*error.message(), error.code()), (TEXT, code));
    }
}

/// hapi, and celebrate with a source in between.
#[test]
fn keys_that_did_not_validate() {
    let source = json!({ "source": "body", "keys": ["name", "age"], "message": TEXT });
    for validation in [source.clone(), json!({ "body": source })] {
        let body = json!({ "statusCode": 400, "error": "Bad Request", "message": TEXT, "validation": validation });
        let violations = read(400, &body).field_violations();
        let violations: Vec<_> = violations.iter().map(|all| (all.field.as_str(), all.description.as_str())).collect();
        assert_eq!(violations, [("name", TEXT), ("age", TEXT)], "{body}");
    }
}

#[test]
fn no_kind_from_a_class() {
    for class in ["java.lang.Exception", "FileNotFoundException", "App\\Errors\\Gone"] {
        let error = read(404, &json!({ "RemoteException": { "exception": class, "class": class, "message": TEXT } }));
        assert_eq!((error.kind().as_str(), &*error.message()), ("not_found", TEXT));
    }
    let error = read(404, &json!({ "error": { "class": "ConnectionNotFound", "message": TEXT } }));
    assert_eq!(error.kind().as_str(), "connection_not_found");
}
