//! What `errwire check` shows, for people and for tools.

use crate::support::binary::{file, run};
use errwire::catalog::Loader;

/// `line:column rule` of each problem of a file of one kind, whose fields begin on line 4.
fn lints(name: &str, fields: &[&str]) -> Vec<String> {
    let usual = ["status: 404", "code: NOT_FOUND", "message: \"It is gone. Look elsewhere.\"", "description: Gone"];
    let mut text = "domain: api.example.com\nkinds:\n  a_kind:\n".to_owned();
    let is_there = |usual: &&str| {
        let key = usual.split(':').next().unwrap();
        !fields.iter().any(|field| field.starts_with(key))
    };
    for field in fields.iter().copied().chain(usual.into_iter().filter(is_there)) {
        text.push_str(&format!("    {field}\n"));
    }
    problems(name, &text)
}

fn problems(name: &str, text: &str) -> Vec<String> {
    let path = file(name, text);
    let checked = Loader::new().check([&path]);
    let place = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
    checked.problems.iter().map(|p| format!("{}:{} {}", place(p.line()), place(p.column()), p.rule())).collect()
}

#[test]
fn rules() {
    let rows: &[(&[&str], &[&str])] = &[
        (&[], &[]),
        (&["message: \"Look elsewhere\""], &["4:14 message-sentence"]),
        (&["message: \"It is gone.\""], &["4:14 message-guidance"]),
        (&["message: \"Gone\""], &["4:14 message-sentence", "4:14 message-guidance"]),
        (&["message: \"The SQL failed. Try again.\""], &["4:14 internal-word"]),
        (&["message: \"The SQL failed. Try again.\"", "visibility: internal"], &[]),
        (&["message: \"{TaskId} is gone. Try again.\""], &["4:14 mistaken-placeholder"]),
        (&["message: \"{task_id}, {taskId}. Try again.\""], &["4:14 key-spelling"]),
        (&["description: \"\""], &["3:3 missing-description"]),
        (&["help_url: example.com/a"], &["4:15 help-url"]),
        (&["localized: { de: \"Weg\" }"], &["4:16 message-sentence"]),
        (&["status: 500"], &["4:13 code-status"]),
        (&["status: 401"], &["4:13 code-status"]),
        (&["status: 403", "code: UNAUTHENTICATED"], &["4:13 code-status"]),
        (&["status: 400", "code: INTERNAL"], &["4:13 code-status"]),
        (&["status: 503", "code: UNAVAILABLE"], &["5:11 retry-code"]),
        (&["status: 503", "code: UNAVAILABLE", "retry: after_backoff"], &[]),
        (&["status: 400", "code: INVALID_ARGUMENT", "retry: after_backoff"], &["6:12 retry-code"]),
        (&["status: 200", "message: \"Gone\""], &["4:13 status-out-of-range"]),
    ];
    for (index, (fields, expected)) in rows.iter().enumerate() {
        assert_eq!(lints(&format!("rules-{index}.yaml"), fields), *expected, "{fields:?}");
    }
}

#[test]
fn over_several_kinds() {
    let kind = "status: 404, code: NOT_FOUND, description: Gone, message: 'Look for {task_id}.'";
    let text = format!(
        "domain: d\nkinds:\n  a_kind: {{{kind}, localized: {{de: 'Suchen Sie {{task_id}}.'}}}}\n  b_kind: {{{kind}}}\n  \
         c_kind: {{{}}}\n",
        kind.replace("task_id", "taskId")
    );
    assert_eq!(
        problems("several.yaml", &text),
        ["3:3 domain-name", "4:3 missing-language", "5:3 missing-language", "5:70 key-spelling"]
    );
}

#[test]
fn comments_that_allow() {
    let kind = |message: &str| format!("{{status: 404, code: NOT_FOUND, message: {message}, description: Gone}}");
    let (bad, good) = (kind("It is gone."), kind("Try again."));
    let text = |kinds: &str| format!("domain: api.example.com\nkinds:\n{kinds}");
    let rows = [
        (format!("  # errwire: allow(message-guidance) Nothing helps.\n  a_kind: {bad}\n"), vec![]),
        (format!("  a_kind: {bad} # errwire: allow(message-guidance) Nothing helps.\n"), vec![]),
        (
            format!("  # errwire: allow(message-guidance) Nothing helps.\n  # Really.\n\n  a_kind: {bad}\n  b_kind: {bad}\n"),
            vec!["7:51 message-guidance"],
        ),
        (
            "  # errwire: allow(message-guidance) Nothing helps.\n  a_kind:\n    status: 404\n    code: NOT_FOUND\n    description: Gone\n    message: It is gone.\n".to_owned(),
            vec![],
        ),
        (format!("  # errwire: allow(message-guidance)\n  a_kind: {bad}\n"), vec!["3:3 allow-without-reason", "4:51 message-guidance"]),
        (format!("  # errwire: allow(mesage-guidance) No.\n  a_kind: {good}\n"), vec!["3:3 unknown-allow"]),
        (format!("  # errwire: allow(code-ok) No.\n  a_kind: {good}\n"), vec!["3:3 unknown-allow"]),
        (format!("  # errwire: allow(message-guidance) No.\n  a_kind: {good}\n"), vec!["3:3 unused-allow"]),
    ];
    for (index, (kinds, expected)) in rows.iter().enumerate() {
        assert_eq!(problems(&format!("allow-{index}.yaml"), &text(kinds)), *expected, "{kinds}");
    }
    let proto = "syntax = \"proto3\";\nimport \"errwire/v1/annotations.proto\";\nenum E {\n  option (errwire.v1.catalog).domain = \"a.b\";\n  Z = 0;\n  \
        // errwire: allow(message-guidance) Nothing helps.\n  A_KIND = 1 [(errwire.v1.kind) = {\n    status: 404 code: NOT_FOUND message: \"Gone.\" description: \"Gone\"}];\n}\n";
    assert_eq!(problems("allow.proto", proto), [""; 0]);
    assert_eq!(problems("denied.proto", &proto.replace("errwire: ", "")), ["8:42 message-guidance"]);
}

#[test]
fn for_people() {
    let path = file(
        "people.yaml",
        "domain: api.example.com\nkinds:\n  a_kind:\n    status: 200\n    code: NOT_FOUND\n    message: \"Größe {size} is too much. Use less.\"\n    description: Größe\n    localized: {de: Zu groß.} # 🦀\n  b_kind: {status: 404, code: NOT_FOUND, message: Gone., description: Gone}\n",
    );
    let ended = run(&["check", &path]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stdout.replace(&path, "people.yaml"),
        "\
people.yaml:4:13: error[status-out-of-range]: `200` is not the HTTP status of an error.
  |
4 |     status: 200
  |             ^
  = Use a number from 400 to 599.

people.yaml:8:21: error[placeholder-mismatch]: The message in `de` lacks {size}.
  |
8 |     localized: {de: Zu groß.} # 🦀
  |                     ^
  = Use the placeholders of `message` in every language.

people.yaml:9:51: warning[message-guidance]: The message says what happened, and not what to do.
  |
9 |   b_kind: {status: 404, code: NOT_FOUND, message: Gone., description: Gone}
  |                                                   ^
  = Add what the user should do about it.

2 problems, 1 warning
"
    );
}

#[test]
fn for_tools() {
    let path = file(
        "tools.yaml",
        "domain: api.example.com\nkinds:\n  b_kind: {status: 404, code: NOT_FOUND, message: Gone., description: Gone}\n",
    );
    let ended = run(&["check", "--format", "json", &path]);
    assert_eq!(ended.code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "kinds": 1,
            "methods": 0,
            "problems": [{
                "file": path,
                "line": 3,
                "column": 51,
                "severity": "warning",
                "rule": "message-guidance",
                "message": "The message says what happened, and not what to do",
                "remedy": "Add what the user should do about it",
            }],
        })
    );
}

#[test]
fn the_examples_are_good() {
    for name in ["tasks.yaml", "tasks.proto"] {
        let path = format!("{}/examples/catalogs/{name}", env!("CARGO_MANIFEST_DIR"));
        let ended = run(&["check", &path]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "6 kinds, no problems\n"));
    }
}
