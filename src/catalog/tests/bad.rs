//! Files that do not load. Places are counted by hand in the text of each row.

use crate::catalog::{Catalog, Problems};

/// `file:line:column: rule` of each problem.
pub(super) fn places(problems: &Problems) -> Vec<String> {
    problems
        .iter()
        .map(|problem| match (problem.line(), problem.column()) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}: {}", problem.file(), problem.rule()),
            _ => format!("{}: {}", problem.file(), problem.rule()),
        })
        .collect()
}

#[track_caller]
fn check(rows: &[(&str, &str, &[&str])]) {
    for (name, text, expected) in rows {
        match Catalog::from_yaml("f", text) {
            Ok(_) => panic!("{name} loads"),
            Err(problems) => assert_eq!(places(&problems), *expected, "{name}:\n{problems}"),
        }
    }
}

/// A file with one entry, all on line 3; the first field begins at column 12.
fn with(fields: &str) -> String {
    format!("domain: d\nkinds:\n  a_kind: {{{fields}}}\n")
}

#[test]
fn files() {
    check(&[
        ("empty", "", &["f:1:1: missing-key"]),
        ("only a comment", "# nothing\n", &["f:1:1: missing-key"]),
        ("nothing in a document", "---\n...\n", &["f:1:1: missing-key"]),
        ("only text", "hello", &["f:1:1: wrong-type"]),
        ("a list", "- a\n- b\n", &["f:1:1: wrong-type"]),
        ("no domain", "kinds: {}\n", &["f:1:1: missing-key"]),
        ("two documents", "domain: d\n---\ndomain: e\n", &["f:2:1: several-documents"]),
        ("unknown key", "domain: d\nkind: {}\n", &["f:2:1: unknown-key"]),
        ("unknown key at the side", "domain: d\nversion: 1\nkinds: {}", &["f:2:1: unknown-key"]),
        ("domain twice", "domain: d\nkinds: {}\ndomain: e\n", &["f:3:1: duplicate-key"]),
        ("kinds are a list", "domain: d\nkinds:\n  - a_kind\n", &["f:3:3: wrong-type"]),
        ("kinds are text", "domain: d\nkinds: none\n", &["f:2:8: wrong-type"]),
    ]);
}

#[test]
fn domains() {
    let longest = format!("domain: {}\n", "d".repeat(253));
    assert!(Catalog::from_yaml("f", &longest).is_ok());
    let too_long = format!("domain: {}\n", "d".repeat(254));
    check(&[
        ("empty", "domain: ''\n", &["f:1:9: invalid-domain"]),
        ("absent", "domain:\nkinds: {}\n", &["f:1:1: wrong-type"]),
        ("too long", &too_long, &["f:1:9: invalid-domain"]),
        ("control character", "domain: \"a\\tb\"\n", &["f:1:9: invalid-domain"]),
        ("number", "domain: 1.5\n", &["f:1:9: wrong-type"]),
    ]);
}

#[test]
fn syntax() {
    check(&[
        ("open quote", "domain: \"d\n", &["f:1:9: invalid-yaml"]),
        ("unknown anchor", "domain: *d\n", &["f:1:9: invalid-yaml"]),
        ("alias", "domain: &d dd\nkinds: {}\nnames: *d\n", &["f:3:1: unknown-key", "f:3:8: alias"]),
        ("tag", "domain: !!str d\n", &["f:1:9: tag"]),
    ]);
}

#[test]
fn kinds() {
    let long = format!("domain: d\nkinds:\n  {}: {{status: 400, code: ABORTED, message: m}}\n", "k".repeat(64));
    let fine = "{status: 400, code: ABORTED, message: m}";
    let foreign = format!("domain: d\nkinds:\n  Task.NotFound: {fine}\n  4xx: {fine}\n  ab: {fine}\n");
    let twice = format!("domain: d\nkinds:\n  a_kind: {fine}\n  b_kind: {fine}\n  a_kind: {fine}\n  a_kind: {fine}\n");
    let shadows = format!("domain: d\nkinds:\n  task_not_found: {fine}\n  http_418: {fine}\n");
    check(&[
        ("64 characters", &long, &["f:3:3: bad-kind"]),
        ("foreign spellings", &foreign, &["f:3:3: bad-kind", "f:4:3: bad-kind", "f:5:3: bad-kind"]),
        ("twice", &twice, &["f:5:3: duplicate-kind", "f:6:3: duplicate-kind"]),
        ("shadows", &shadows, &["f:3:3: shadows-built-in", "f:4:3: shadows-built-in"]),
        ("key is a list", &format!("domain: d\nkinds:\n  [a]: {fine}\n"), &["f:3:3: wrong-type"]),
        ("nothing", "domain: d\nkinds:\n  a_kind:\n", &["f:3:3: missing-key"; 3]),
        ("a number", "domain: d\nkinds:\n  a_kind: 404\n", &["f:3:11: wrong-type"]),
    ]);
}

#[test]
fn required_keys() {
    check(&[
        ("status", &with("code: ABORTED, message: m"), &["f:3:3: missing-key"]),
        ("code", &with("status: 400, message: m"), &["f:3:3: missing-key"]),
        ("message", &with("status: 400, code: ABORTED"), &["f:3:3: missing-key"]),
    ]);
}

#[test]
fn statuses() {
    let rows = ["399", "600", "200", "0", "-404", "+404", "0404", "0x194", "99999999999999999999"];
    for status in rows {
        check(&[(
            status,
            &with(&format!("status: {status}, code: ABORTED, message: m")),
            &["f:3:20: status-out-of-range"],
        )]);
    }
    for status in ["'404'", "404.0", "teapot", "true", "[404]", "{a: 1}"] {
        check(&[(status, &with(&format!("status: {status}, code: ABORTED, message: m")), &["f:3:20: wrong-type"])]);
    }
    check(&[("absent", &with("status: , code: ABORTED, message: m"), &["f:3:12: wrong-type"])]);
}

#[test]
fn codes() {
    let rows = [
        ("OK", "code-ok"),
        ("ok", "code-ok"),
        ("NOTFOUND", "unknown-code"),
        ("not_found", "unknown-code"),
        ("CANCELED", "unknown-code"),
        ("WRONG", "unknown-code"),
        ("5", "wrong-type"),
        ("''", "empty-text"),
    ];
    for (code, rule) in rows {
        let expected = format!("f:3:18: {rule}");
        check(&[(code, &with(&format!("code: {code}, status: 404, message: m")), &[&*expected])]);
    }
}

#[test]
fn optional_keys() {
    // `status: 400, code: ABORTED, message: m, ` is 40 characters long: what follows begins at column 52.
    let rows: &[(&str, &[&str])] = &[
        ("statuss: 1", &["f:3:52: unknown-key"]),
        ("helpUrl: x", &["f:3:52: unknown-key"]),
        ("message: n", &["f:3:52: duplicate-key"]),
        ("override: true", &["f:3:62: overrides-nothing"]),
        ("override: yes", &["f:3:62: wrong-type"]),
        ("override: 'true'", &["f:3:62: wrong-type"]),
        ("description: 404", &["f:3:65: wrong-type"]),
        ("description: [a]", &["f:3:65: wrong-type"]),
        ("help_url: ''", &["f:3:62: empty-text"]),
        ("owner: ' '", &["f:3:59: empty-text"]),
        ("visibility: secret", &["f:3:64: unknown-value"]),
        ("visibility: Public", &["f:3:64: unknown-value"]),
        ("retry: sometimes", &["f:3:59: unknown-value"]),
        ("retry: after-delay", &["f:3:59: unknown-value"]),
        ("retry: after_delay", &["f:3:59: missing-key"]),
        ("retry_delay: 30s", &["f:3:52: missing-key"]),
        ("retry: after_delay, retry_delay: 30", &["f:3:85: invalid-delay"]),
        ("retry: after_delay, retry_delay: 1.5", &["f:3:85: invalid-delay"]),
        ("retry: after_delay, retry_delay: soon", &["f:3:85: invalid-delay"]),
        ("retry: after_delay, retry_delay: -1s", &["f:3:85: invalid-delay"]),
        ("retry: never, retry_delay: soon", &["f:3:66: unused-delay", "f:3:79: invalid-delay"]),
        ("deprecated: true", &["f:3:64: wrong-type"]),
        ("deprecated: {since: 2026}", &["f:3:72: wrong-type"]),
        ("deprecated: {until: '2027'}", &["f:3:65: unknown-key"]),
        ("deprecated: {since: ''}", &["f:3:72: empty-text"]),
        ("localized: de", &["f:3:63: wrong-type"]),
        ("localized: {de: ''}", &["f:3:68: empty-text"]),
        ("localized: {de: 7}", &["f:3:68: wrong-type"]),
        ("localized: {de_AT: m}", &["f:3:64: invalid-language"]),
        ("localized: {german language: m}", &["f:3:64: invalid-language"]),
        ("localized: {'': m}", &["f:3:64: invalid-language"]),
        ("localized: {de: m, DE: m}", &["f:3:71: duplicate-key"]),
        ("localized: {de: 'm {id}'}", &["f:3:68: placeholder-mismatch"]),
    ];
    for (fields, expected) in rows {
        check(&[(fields, &with(&format!("status: 400, code: ABORTED, message: m, {fields}")), expected)]);
    }
}

#[test]
fn languages_of_files() {
    let rows = [
        ("language: german language", "f:1:11: invalid-language"),
        ("language: de_AT", "f:1:11: invalid-language"),
        ("language: ''", "f:1:11: empty-text"),
        ("language: 7", "f:1:11: wrong-type"),
        ("language: [de]", "f:1:11: wrong-type"),
        ("languages: de", "f:1:1: unknown-key"),
    ];
    for (line, expected) in rows {
        check(&[(line, &format!("{line}\ndomain: d"), &[expected])]);
    }
}

#[test]
fn messages() {
    check(&[
        ("empty", &with("status: 400, code: ABORTED, message: ''"), &["f:3:49: empty-text"]),
        ("blank", &with("status: 400, code: ABORTED, message: '  '"), &["f:3:49: empty-text"]),
        ("absent", &with("status: 400, code: ABORTED, message: "), &["f:3:40: wrong-type"]),
    ]);
}

#[test]
fn placeholders() {
    let text = "domain: d
kinds:
  a_kind:
    status: 404
    code: NOT_FOUND
    message: Task {task_id} of {project} does not exist.
    localized:
      de: Die Aufgabe {task_id} von {project} gibt es nicht.
      fr: La tâche {task_id} n'existe pas.
      it: L'attività {taskId} di {project} non esiste.
";
    let problems = Catalog::from_yaml("f", text).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "\
f:9:11: The message in `fr` lacks {project}. Use the placeholders of `message` in every language.
f:10:11: The message in `it` lacks {task_id}. Use the placeholders of `message` in every language.
f:10:11: The message in `it` has {taskId}, which `message` does not have. Use it in `message` too, or remove it here."
    );
}

/// Every problem at once, in the order of the lines, each with its remedy.
// docs/rules.md: R-CATALOG-7
#[test]
fn many_at_once() {
    let text = "\
domian: api.example.com
kinds:
  TaskNotFound:
    status: 404
    code: NOT_FOUND
    message: Gone.
  task_not_found:
    status: 200
    code: OK
    mesage: Gone.
  größe: {status: 400, code: ABORTED, message: Größe, staus: 1}
  run_lost:
    override: true
    status: 503
    code: UNAVAILBLE
    message: \"\"
    visibility: publik
    retry: after_delay
    retry_delay: 30
    deprecated: {replaced_by: run_not_fond}
  run_lost: {}
";
    let problems = Catalog::from_yaml("tasks.yaml", text).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "\
tasks.yaml:1:1: The key `domian` is unknown. Write `domain`.
tasks.yaml:1:1: The file has no `domain`. Add `domain: api.example.com`.
tasks.yaml:3:3: `TaskNotFound` is not a kind. Write `task_not_found`.
tasks.yaml:7:3: `task_not_found` has no `message`. Add `message: \"...\"`, which tells the user what to do.
tasks.yaml:7:3: The kind `task_not_found` is built in. Add `override: true` to replace it, or rename yours.
tasks.yaml:8:13: `200` is not the HTTP status of an error. Use a number from 400 to 599.
tasks.yaml:9:11: No error has the code OK. Use the code of the failure, such as NOT_FOUND.
tasks.yaml:10:5: The key `mesage` is unknown. Write `message`.
tasks.yaml:11:3: `größe` is not a kind. A kind is 3 to 63 characters of a-z, 0-9 and _, begins with a letter, and does not end with _.
tasks.yaml:11:55: The key `staus` is unknown. Write `status`.
tasks.yaml:13:15: No built-in kind is named `run_lost`. Remove `override`, or write the name of a built-in kind.
tasks.yaml:15:11: `UNAVAILBLE` is not a gRPC code. Write UNAVAILABLE.
tasks.yaml:16:14: `message` is empty. Write a text, or remove the key if it is optional.
tasks.yaml:17:17: `visibility` cannot be `publik`. Write public.
tasks.yaml:19:18: `30` is not a delay. Write it as 30s, 1.5s, 500ms, 2m or 1h.
tasks.yaml:20:31: `run_lost` is replaced by `run_not_fond`, which is not another kind of this catalog. Write `run_not_found`.
tasks.yaml:21:3: `run_lost` has no `status`. Add `status: 404`, or another number from 400 to 599.
tasks.yaml:21:3: `run_lost` has no `code`. Add `code: NOT_FOUND`, or another name of google.rpc.Code.
tasks.yaml:21:3: `run_lost` has no `message`. Add `message: \"...\"`, which tells the user what to do.
tasks.yaml:21:3: The kind `run_lost` is repeated, after line 12, column 3. Keep one of the two, or rename one."
    );
}

/// Columns are characters, whatever their size in bytes, and line ends and the byte order mark count for nothing.
#[test]
fn columns_are_characters() {
    let text = "\u{feff}domain: d\r\nkinds:\r\n  a_kind: {message: 'größer 🦀', status: 1, code: ABORTED}\r\n";
    check(&[("mixed", text, &["f:3:41: status-out-of-range"])]);
    check(&[("first line", "\u{feff}domian: d\r\ndomain: d", &["f:1:1: unknown-key"])]);
}

#[test]
fn a_syntax_error_is_the_only_problem() {
    let entry = "{status: 200, code: OK, message: m}";
    let text = format!("domain: d\nkinds:\n  a_kind: {entry}\n  B: {entry}\n  c_kind: \"open\n");
    check(&[("a quote that stays open", &text, &["f:5:11: invalid-yaml"])]);
}

#[test]
fn only_the_first_of_two_lists_of_kinds_is_read() {
    let entry = "{status: 404, code: NOT_FOUND, message: m}";
    let text = format!("kinds:\n  a_kind: {entry}\nkinds:\n  a_kind: {entry}\n  B: {entry}\ndomain: d\n");
    check(&[("twice", &text, &["f:3:1: duplicate-key"])]);
}
