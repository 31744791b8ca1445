//! Variants of the families of `tests/cases`, generated: other names of the same role, other spellings, depths, labels and orders of
//! members. What an error says does not depend on these.

// docs/rules.md: R-GENERAL-1, R-GENERAL-2, R-GENERAL-3

use bytes::Bytes;
use errwire::{Code, Error, ReadOptions, Translator};
use http::{HeaderMap, HeaderValue};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

/// The names by their words, from the table of roles in docs/dialects.md.
const IDENTIFIERS: [&str; 9] =
    ["kind", "code", "error code", "errcode", "error name", "error key", "type", "error type", "reason"];
const TEXTS: [&str; 12] = [
    "message",
    "error message",
    "msg",
    "errmsg",
    "error description",
    "description",
    "detail",
    "error summary",
    "display message",
    "user message",
    "default message",
    "explanation",
];
const WRAPPERS: [&str; 6] = ["error", "fault", "response", "result", "exception", "data"];
const LABELS: [&str; 6] = [
    "application/json",
    "application/vnd.acme.v2+json",
    "text/plain; charset=utf-8",
    "text/html",
    "application/octet-stream",
    "application/xml",
];
pub(crate) const STATUSES: [(u16, Code); 6] = [
    (400, Code::InvalidArgument),
    (401, Code::Unauthenticated),
    (403, Code::PermissionDenied),
    (404, Code::NotFound),
    (429, Code::ResourceExhausted),
    (500, Code::Internal),
];
/// Members that say nothing about what went wrong.
const OTHERS: [(&str, &str); 5] = [
    ("requestId", "\"8f0b1f6e-5d6c-4a39-9a3b-0a2b3c4d5e6f\""),
    ("timestamp", "\"2026-01-02T03:04:05Z\""),
    ("success", "false"),
    ("links", "[]"),
    ("number", "10042"),
];

pub(crate) fn spelled(words: &str, spelling: usize) -> String {
    let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    match spelling {
        0 => words.replace(' ', "_"),
        1 => words.replace(' ', "-"),
        2 => words.split(' ').map(capital).collect(),
        3 => words.to_uppercase().replace(' ', "_"),
        4 => words.to_uppercase().replace(' ', "-"),
        _ => {
            let mut words = words.split(' ');
            words.next().unwrap().to_owned() + &words.map(capital).collect::<String>()
        }
    }
}

fn read(status: u16, label: &str, body: &str) -> Error {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_str(label).unwrap());
    let body = Bytes::from(body.to_owned());
    Translator::default().read_http_with(status.into(), &headers, &body, &ReadOptions::new()).unwrap().0
}

/// An object with its members in the order that `order` gives. A map of `serde_json` may sort them.
fn text(members: &[(String, Value)], order: &[usize]) -> String {
    let mut places: Vec<usize> = (0..members.len()).collect();
    places.sort_by_key(|at| order[at % order.len()].wrapping_mul(at + 1) % 7);
    let members: Vec<_> = places.iter().map(|at| format!("{}:{}", json!(members[*at].0), members[*at].1)).collect();
    format!("{{{}}}", members.join(","))
}

fn orders() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..100, 8)
}

fn says(error: &Error) -> (String, Code, String) {
    (error.kind().as_str().to_owned(), error.code(), error.message().to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    /// Families A1, A2, A3, B and J of the cases.
    #[test]
    fn an_identifier_and_a_text_under_any_name(
        (identifier, words, wrappers) in (select(&IDENTIFIERS[..]), select(&TEXTS[..]), prop::collection::vec((select(&WRAPPERS[..]), any::<bool>()), 0..3)),
        (spelling, label, order) in (0_usize..6, select(&LABELS[..]), orders()),
        (status, code) in select(&STATUSES[..]),
        others in prop::sample::subsequence(OTHERS.to_vec(), 0..OTHERS.len()),
    ) {
        let mut members = vec![
            (spelled(identifier, spelling), json!("quota_used_up")),
            (spelled(words, spelling), json!("There is nothing left of it.")),
        ];
        members.extend(others.iter().map(|(name, json)| (spelled(name, 5), serde_json::from_str(json).unwrap())));
        let mut body = text(&members, &order);
        for (wrapper, is_list) in &wrappers {
            body = if *is_list { format!("{{{:?}:[{body}]}}", spelled(wrapper, spelling)) } else { format!("{{{:?}:{body}}}", spelled(wrapper, spelling)) };
        }
        let got = says(&read(status, label, &body));
        prop_assert_eq!(got, ("quota_used_up".to_owned(), code, "There is nothing left of it.".to_owned()), "{}", body);
    }

    /// A name in two spellings: the answer does not depend on which stands first.
    #[test]
    fn two_spellings_of_a_name((a, b) in (0_usize..6, 0_usize..6), order in orders(), words in select(&TEXTS[..])) {
        let mut members = vec![
            (spelled("error code", a), json!("first_of_two")),
            (spelled("error code", b), json!("second_of_two")),
            (spelled(words, a), json!("One text.")),
            (spelled(words, b), json!("Another text.")),
        ];
        members.dedup_by(|second, first| second.0 == first.0);
        let straight = says(&read(400, "application/json", &text(&members, &[0])));
        let other = says(&read(400, "application/json", &text(&members, &order)));
        prop_assert_eq!(straight, other);
    }

    /// Texts by language: the English one, else always the same.
    #[test]
    fn texts_by_language(languages in prop::sample::subsequence(vec!["de", "en", "fr", "ja", "pt-BR", "zh_CN"], 1..6), order in orders()) {
        let members: Vec<_> = languages.iter().map(|language| ((*language).to_owned(), json!(format!("Text in {language}.")))).collect();
        let body = format!(r#"{{"code":"no_seat","message":{}}}"#, text(&members, &order));
        let wanted = if languages.contains(&"en") { "en" } else { languages[0] };
        let (kind, _, message) = says(&read(409, "application/json", &body));
        prop_assert_eq!((kind, message), ("no_seat".to_owned(), format!("Text in {wanted}.")), "{}", body);
    }

    /// Trees of any shape from names that mean something: never a panic, and the same whatever the order of members. Of a map of
    /// violations only their order is that of the body, and with it the message if there is no other text.
    #[test]
    fn any_tree_in_any_order(tree in trees(), order in orders(), status in select(&[400_u16, 404, 422, 500, 503][..])) {
        let straight = read(status, "application/json", &tree.text(&[0]));
        let other = read(status, "application/json", &tree.text(&order));
        let (violations, same) = (violations(&straight), violations(&other));
        prop_assert_eq!(&violations, &same, "{}", tree.text(&order));
        let (kind, code, message) = says(&straight);
        let is_violation = violations.iter().any(|(_, text)| *text == message);
        if is_violation {
            let (other_kind, other_code, other_message) = says(&other);
            prop_assert_eq!((kind, code), (other_kind, other_code), "{}", tree.text(&order));
            prop_assert!(violations.iter().any(|(_, text)| *text == other_message), "{}", tree.text(&order));
        } else {
            prop_assert_eq!((kind, code, message), says(&other), "{}", tree.text(&order));
        }
    }
}

/// The fields that are wrong and what is said of them, in an order of their own.
fn violations(error: &Error) -> Vec<(String, String)> {
    let violations = error.field_violations().into_iter();
    let mut violations: Vec<_> = violations.map(|violation| (violation.field, violation.description)).collect();
    violations.sort();
    violations
}

#[derive(Clone, Debug)]
enum Tree {
    Leaf(&'static str),
    List(Vec<Tree>),
    Object(Vec<(&'static str, Tree)>),
}

impl Tree {
    fn text(&self, order: &[usize]) -> String {
        match self {
            Self::Leaf(json) => (*json).to_owned(),
            Self::List(list) => format!("[{}]", list.iter().map(|tree| tree.text(order)).collect::<Vec<_>>().join(",")),
            Self::Object(members) => {
                let mut places: Vec<usize> = (0..members.len()).collect();
                places.sort_by_key(|at| order[at % order.len()].wrapping_mul(at + 1) % 7);
                let members: Vec<_> =
                    places.iter().map(|at| format!("{:?}:{}", members[*at].0, members[*at].1.text(order))).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let names = &[
        "code",
        "error_code",
        "errorCode",
        "message",
        "Message",
        "error",
        "detail",
        "status",
        "type",
        "title",
        "reason",
        "x",
        "name",
        "result",
        "retry_after",
        "en",
        "de",
        "value",
    ][..];
    let leaves = &[
        "\"some_token\"",
        "\"OTHER_TOKEN\"",
        "\"A text of words.\"",
        "\"Other words here.\"",
        "404",
        "null",
        "true",
        "\"NOT_FOUND\"",
        "\"error\"",
    ][..];
    let leaf = select(leaves).prop_map(Tree::Leaf);
    leaf.prop_recursive(3, 24, 5, move |inner| {
        let object = prop::collection::btree_map(select(names), inner.clone(), 1..6)
            .prop_map(|members| Tree::Object(members.into_iter().collect()));
        prop_oneof![3 => object, 1 => prop::collection::vec(inner, 1..3).prop_map(Tree::List)]
    })
}

#[test]
fn an_error_in_a_member_of_many_is_not_a_map_of_fields() {
    let error = read(400, "application/json", r#"{"errors":{"errorKey":"user.blocked","status":400}}"#);
    assert_eq!((error.kind().as_str(), error.field_violations().len()), ("user_blocked", 0));
}

#[test]
fn json_api_with_an_error_code() {
    let error = read(
        409,
        "application/vnd.api+json",
        r#"{"errors":[{"status":"409","errorCode":"seat_taken","detail":"The seat is taken."}]}"#,
    );
    assert_eq!((error.kind().as_str(), &*error.message()), ("seat_taken", "The seat is taken."));
}
