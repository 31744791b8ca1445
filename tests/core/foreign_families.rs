//! Variants of the other families of `tests/cases`, generated: delays, violations, numbers, XML, pages of problems, labels, challenges, JSON
//! in a text. What is wanted is known by construction.

// docs/rules.md: R-GENERAL-3, R-GENERAL-4, R-GENERAL-5, R-BODY-1, R-DIALECT-2

use bytes::Bytes;
use errwire::{Code, Error, ReadOptions, Translator};
use http::{HeaderMap, HeaderValue};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::foreign_variants::{STATUSES, spelled};

const TEXT: &str = "There is nothing left of it.";

fn read(status: u16, fields: &[(&'static str, &str)], body: impl Into<Bytes>) -> Error {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    Translator::default().read_http_with(status.into(), &headers, &body.into(), &ReadOptions::new()).unwrap().0
}

fn json_of(status: u16, body: &Value) -> Error {
    read(status, &[("content-type", "application/json")], body.to_string())
}

/// The fields that are wrong, and what is said of them.
fn violations(error: &Error) -> Vec<(String, String)> {
    let violations = error.field_violations().into_iter();
    violations.map(|violation| (violation.field, violation.description)).collect()
}

fn pair(field: &str) -> (String, String) {
    (field.to_owned(), format!("The {field} is too long."))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    /// Family B: words in front of a role say whose it is.
    #[test]
    fn words_in_front_of_a_role(
        (owner, word) in (select(&["api", "sub request", "service error", "operation result", "platform"][..]), select(&["code", "type"][..])),
        text in select(&["message", "description", "reason", "error text"][..]),
        (spelling, (status, code)) in (0_usize..6, select(&STATUSES[..])),
    ) {
        let body = json!({ spelled(&format!("{owner} {word}"), spelling): "QUOTA_USED_UP", spelled(&format!("{owner} {text}"), spelling): TEXT });
        let error = json_of(status, &body);
        prop_assert_eq!((error.kind().as_str(), error.code(), &*error.message()), ("quota_used_up", code, TEXT), "{}", body);
    }

    /// Family I: lists of violations, by whatever the names are.
    #[test]
    fn lists_of_violations(
        holder in select(&["errors", "field errors", "validation errors", "violations", "details", "invalid params", "issues", "fields", "failures"][..]),
        field in select(&["field", "field name", "path", "param", "attribute", "property path", "loc", "pointer"][..]),
        text in select(&["message", "msg", "detail", "description", "error message", "reason"][..]),
        (spelling, depth, is_named) in (0_usize..6, 0_usize..3, any::<bool>()),
        status in select(&[400_u16, 422][..]),
    ) {
        let item = |name: &str| json!({ spelled(field, spelling): name, spelled(text, spelling): pair(name).1 });
        let mut body = json!({ spelled(holder, spelling): [item("login"), item("age")] });
        if is_named {
            body["code"] = json!("validation_failed");
            body["message"] = json!(TEXT);
        }
        for _ in 0..depth {
            body = json!({ "error": body });
        }
        let error = json_of(status, &body);
        prop_assert_eq!(violations(&error), [pair("login"), pair("age")], "{}", body);
        prop_assert_eq!(error.code(), Code::InvalidArgument);
        prop_assert_eq!(&*error.message(), if is_named { TEXT } else { "The login is too long." }, "{}", body);
    }

    /// Families A5 and I: maps of violations, with one text or several, and in objects of objects.
    #[test]
    fn maps_of_violations(
        holder in select(&["errors", "field errors", "validation errors", "violations", "details", ""][..]),
        form in select(&["text", "texts", "object", "nested"][..]),
        (spelling, status) in (0_usize..6, select(&[400_u16, 422][..])),
    ) {
        // Without a name that says what the map is, texts alone could be anything's.
        prop_assume!(!(holder.is_empty() && matches!(form, "text" | "object")));
        let says = |name: &str| match form {
            "text" => json!(pair(name).1),
            "texts" => json!([pair(name).1]),
            "object" => json!({ "message": pair(name).1, "code": "too_long" }),
            _ => json!({ "inner": [pair(name).1] }),
        };
        let map = json!({ "login": says("login"), "age": says("age") });
        let body = if holder.is_empty() { map } else { json!({ spelled(holder, spelling): map }) };
        let error = json_of(status, &body);
        let mut got = violations(&error);
        got.sort();
        let end = if form == "nested" { ".inner" } else { "" };
        let wanted = ["age", "login"].map(|name| (format!("{name}{end}"), pair(name).1));
        prop_assert_eq!(got, wanted, "{}", body);
    }

    /// Family E.
    #[test]
    fn delays(
        (name, unit) in select(&[("retry after", 1.0), ("retry after seconds", 1.0), ("retry after ms", 0.001), ("retry in seconds", 1.0), ("retry delay", 1.0)][..]),
        (number, as_text) in (1_u32..100_000, any::<bool>()),
        holder in select(&["", "parameters", "details", "error", "meta"][..]),
        spelling in 0_usize..6,
    ) {
        let delay = if as_text { json!(number.to_string()) } else { json!(number) };
        let mut body = json!({ "code": "slow_down", "message": TEXT });
        let name = spelled(name, spelling);
        match holder {
            "" => body[&name] = delay,
            "error" => {
                body[&name] = delay;
                body = json!({ "error": body });
            }
            holder => body[holder] = json!({ name: delay }),
        }
        let error = json_of(429, &body);
        let wanted = f64::from(number) * unit;
        let got = error.retry_after().map_or(-1.0, |delay| delay.as_secs_f64());
        prop_assert!((got - wanted).abs() < 1e-6, "{body}: {got}, wanted {wanted}");
        prop_assert_eq!(error.kind().as_str(), "slow_down");
    }

    /// Family F: the API's own number is not a gRPC code, unless its HTTP status is that of the response.
    #[test]
    fn small_numbers((number, text) in (0_u32..100, any::<bool>()), (status, code) in select(&STATUSES[..])) {
        // <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>: those of another code with this status.
        prop_assume!(!matches!((status, number), (400, 9 | 11) | (500, 2 | 15)));
        let number = if text { json!(number.to_string()) } else { json!(number) };
        prop_assert_eq!(json_of(status, &json!({ "code": number, "message": TEXT })).code(), code);
    }

    /// Family G: XML in any namespace, with the same parts.
    #[test]
    fn documents(
        root in select(&["Error", "error", "ErrorResponse", "Fault", "response", "ServiceResult"][..]),
        inner in select(&["", "error", "Error", "exception"][..]),
        (prefix, is_attribute) in (select(&["", "x:"][..]), any::<bool>()),
        (code, text) in (select(&["Code", "errorCode", "error-code"][..]), select(&["Message", "message", "description"][..])),
        (status, wanted) in select(&STATUSES[..]),
    ) {
        let element = |name: &str, attributes: &str, inside: &str| format!("<{prefix}{name}{attributes}>{inside}</{prefix}{name}>");
        let said = element(text, "", TEXT);
        let attribute = format!(" {code}=\"QuotaUsedUp\"");
        let coded = element(code, "", "QuotaUsedUp");
        let (attribute, inside) = if is_attribute { (attribute.as_str(), said) } else { ("", coded + &said) };
        let spaced = " xmlns:x=\"urn:x\"";
        let document = if inner.is_empty() {
            element(root, &format!("{spaced}{attribute}"), &inside)
        } else {
            element(root, spaced, &element(inner, attribute, &inside))
        };
        let error = read(status, &[("content-type", "application/xml")], format!("<?xml version=\"1.0\"?>\n{document}"));
        prop_assert_eq!((error.kind().as_str(), error.code(), &*error.message()), ("quota_used_up", wanted, TEXT), "{}", document);
    }

    /// Family D: what a type names, and what only is a page.
    #[test]
    fn types_of_problems(
        start in select(&["https://api.example.com/probs/", "/errors/", "urn:problem-type:", "https://example.com/docs/errors#", ""][..]),
        last in select(&["out-of-credit", "outOfCredit", "out_of_credit"][..]),
    ) {
        let body = json!({ "type": format!("{start}{last}"), "title": "Out", "status": 403, "detail": TEXT });
        let error = read(403, &[("content-type", "application/problem+json")], body.to_string());
        prop_assert_eq!((error.kind().as_str(), &*error.message()), ("out_of_credit", TEXT), "{}", body);
        let page = json!({ "type": format!("https://example.com/{last}/"), "title": "Out", "status": 403, "detail": TEXT });
        let error = read(403, &[("content-type", "application/problem+json")], page.to_string());
        prop_assert_eq!(error.kind().as_str(), "permission_denied", "{}", page);
    }

    /// Family J: labels and encodings.
    #[test]
    fn labels(
        form in select(&["plain", "mark", "utf-16le", "utf-16be", "prefix", "lines", "event"][..]),
        label in select(&["application/json", "text/plain", "text/html; charset=utf-8", "application/octet-stream"][..]),
        (status, code) in select(&STATUSES[..]),
    ) {
        let text = r#"{"code":"größe_fehlt","message":"Größe"}"#.replace("größe_", "groesse_");
        let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| [mark.to_vec(), text.encode_utf16().flat_map(bytes).collect()].concat();
        let body: Vec<u8> = match form {
            "mark" => format!("\u{feff}{text}").into(),
            "utf-16le" => utf16([0xff, 0xfe], u16::to_le_bytes),
            "utf-16be" => utf16([0xfe, 0xff], u16::to_be_bytes),
            "prefix" => format!(")]}}',\n{text}").into(),
            "lines" => format!("{text}\n{{\"x\":1}}\n").into(),
            "event" => format!("event: error\ndata: {text}\n\n").into(),
            _ => text.into(),
        };
        let label = match form {
            "lines" => "application/x-ndjson",
            "event" => "text/event-stream",
            _ => label,
        };
        let error = read(status, &[("content-type", label)], body);
        prop_assert_eq!((error.kind().as_str(), error.code(), &*error.message()), ("groesse_fehlt", code, "Größe"), "{} {}", form, label);
    }

    /// Families C, H and A6: the status line once more, JSON in a text, and what nobody can understand.
    #[test]
    fn texts_that_are_something_else((status, code) in select(&STATUSES[..]), name in select(&["message", "error", "title"][..])) {
        let phrase = http::StatusCode::from_u16(status).unwrap().canonical_reason().unwrap();
        for phrase in [phrase.to_owned(), format!("{status} {phrase}"), "error".to_owned()] {
            let error = json_of(status, &json!({ name: phrase, "description": TEXT, "status": status }));
            prop_assert_eq!((error.code(), &*error.message()), (code, TEXT), "{}", phrase);
        }
        let inside = json!({ "errors": [{ "code": "quota_used_up", "info": TEXT }] }).to_string();
        let error = json_of(status, &json!({ "message": inside }));
        prop_assert_eq!((error.kind().as_str(), error.code(), &*error.message()), ("quota_used_up", code, TEXT));
        for unknown in [json!({}), json!({ "Nr": 7, "x": [1, { "y": null }] }), json!([{ "z": true }]), json!({ "message": null })] {
            prop_assert_eq!(json_of(status, &unknown).code(), code, "{}", unknown);
        }
    }

    /// Family L.
    #[test]
    fn challenges(
        between in select(&[", ", " ", ",", " , "][..]),
        (scheme, is_quoted) in (select(&["Bearer", "bearer", "DPoP"][..]), any::<bool>()),
        (status, code) in select(&[(401_u16, Code::Unauthenticated), (403, Code::PermissionDenied), (400, Code::InvalidArgument)][..]),
    ) {
        prop_assume!(is_quoted || between.contains(','));
        let error = if is_quoted { "error=\"token_expired\"" } else { "error=token_expired" };
        let value = [&format!("{scheme} realm=\"x\""), error, &format!("error_description=\"{TEXT}\"")].join(between);
        let error = read(status, &[("www-authenticate", &value)], "");
        prop_assert_eq!((error.kind().as_str(), error.code(), &*error.message()), ("token_expired", code, TEXT), "{}", value);
    }
}

/// What looks like a form above, and is none.
#[test]
fn no_violations_are_invented() {
    for body in [
        json!({"error": {"description": "The domain has no DNS."}}),
        json!({"validationErrors": {"messages": ["The TTL is too short."]}, "code": 400}),
        json!({"status": 400, "error": 400, "messages": {"error": "No item was found."}}),
        json!({"errors": [{"message": "It failed.", "request": {"path": "/x", "method": "GET"}}]}),
        json!({"errors": [{"code": 1, "message": "It failed.", "parameter": ""}]}),
        json!({"errors": ["It failed."]}),
        json!({"response": {"body": "It failed."}}),
        json!({"details": {"hint": 1, "request_id": "7"}, "message": "It failed."}),
        json!({"error": {"code": "declined", "message": "It failed.", "details": {"messages": []}}}),
    ] {
        assert_eq!(violations(&json_of(400, &body)), [], "{body}");
    }
}

/// Yii: a list at the root, each about a field. One that is not makes it a list of errors.
#[test]
fn a_list_of_violations_at_the_root() {
    let fields = |body: Value| violations(&json_of(422, &body)).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
    assert_eq!(fields(json!([{"field": "a", "message": "Is a."}, {"field": "b", "message": "Is b."}])), ["a", "b"]);
    assert_eq!(
        fields(json!([{"code": "x", "message": "It failed."}, {"code": "y", "message": "It failed too."}])),
        [""; 0]
    );
}
