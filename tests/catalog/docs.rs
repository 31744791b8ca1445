//! `errwire docs`: the reference in Markdown, HTML and OpenAPI.

mod merge;

use std::fs;

use errwire::Code;

use crate::{
    spec::{GENERIC, GUIDANCE, REFERENCE},
    support::binary::{file, run},
};

/// What the command writes.
fn docs(args: &[&str]) -> String {
    let ended = run(&[&["docs"], args].concat());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
    ended.stdout
}

/// The rows of a table of Markdown, without its heading.
fn rows<'t>(text: &'t str, heading: &str) -> Vec<Vec<&'t str>> {
    let (_, table) = text.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("no {heading} in\n{text}"));
    let lines = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The reference, row by row.
#[test]
fn markdown_has_the_reference() {
    let text = docs(&["--format", "markdown"]);
    assert_eq!(
        rows(&text, "| field | description |"),
        [["`kind`", "A specific error identifier in snake_case"], ["`message`", "Actionable guidance for the user"]]
    );

    let kinds = rows(&text, "| kind | status | code | description |");
    let of = |code: Code| code.name();
    let link = |kind: &str| format!("[`{kind}`](#{kind})");
    let expected =
        REFERENCE.map(|(kind, status, code, text)| [link(kind), status.to_string(), of(code).into(), text.into()]);
    assert_eq!(kinds[..expected.len()], expected.each_ref().map(|row| row.each_ref().map(String::as_str)));
    let generic: Vec<[String; 3]> =
        kinds[expected.len()..].iter().map(|row| [row[0].to_owned(), row[1].to_owned(), row[2].to_owned()]).collect();
    let mut expected = GENERIC.map(|(kind, status, code)| [link(kind), status.to_string(), of(code).into()]).to_vec();
    let mut sorted = generic.clone();
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected);
    assert!(kinds.iter().all(|row| !row[3].is_empty()), "a kind has no description");

    for (status, phrase, guidance) in GUIDANCE {
        assert!(text.contains(&format!("### {status} {phrase}\n\n{guidance}\n")), "{status}");
    }
    for (kind, status, code, _) in REFERENCE {
        let (_, section) = text.split_once(&format!("\n### `{kind}`\n")).unwrap();
        let section = section.split("\n### ").next().unwrap();
        for part in [
            format!("| HTTP status | {status} "),
            format!("| gRPC code | {} ({}) |", code.name(), code.number()),
            format!("| Reason | `{}` |", kind.to_uppercase()),
            "| Retry | ".to_owned(),
            "**What to do.** ".to_owned(),
            format!("HTTP/1.1 {status} "),
            format!("{{\"kind\":\"{kind}\",\"message\":\""),
            format!("grpc-status: {}\n", code.number()),
        ] {
            assert!(section.contains(&part), "{kind}: {part:?} is not in\n{section}");
        }
    }
}

const HOSTILE: &str = "domain: \"a | <b>\"
kinds:
  a_kind:
    status: 400
    code: INVALID_ARGUMENT
    message: \"</style><script>alert(1)</script> | `x` [a](javascript:b) {task_id}\"
    description: \"# <img src=x> | _a_\"
    help_url: \"https://a.example/<b>?a=`b`|c\"
    owner: \"<b>team</b>\"
    localized: { de: \"| <b> {task_id}\" }
    deprecated: { since: \"<i>\", replaced_by: not_found }
methods:
  a.v1.S/Get: [a_kind, http_418]
";

/// Whatever a catalog holds is text, in each form.
#[test]
fn texts_of_a_catalog_stand_for_themselves() {
    let path = file("docs-hostile.yaml", HOSTILE);
    let html = docs(&["--format", "html", "--catalog", &path]);
    for part in ["<script", "<img", "<b>", "<i>", "href=\"javascript:"] {
        assert!(!html.contains(part), "{part}");
    }
    let markdown = docs(&["--format", "markdown", "--catalog", &path]);
    let outside: Vec<&str> = markdown.split("```").step_by(2).collect();
    for part in ["<script", "<img", "<b>", "<i>"] {
        let escaped = outside.concat().replace("\\<", "");
        assert!(!escaped.contains(part), "{part} is in\n{escaped}");
    }
    let plain = markdown.replace("\\|", "/");
    let kinds = rows(&plain, "| kind | status | code | description |");
    assert_eq!(kinds[0].len(), 4, "{:?}", kinds[0]);
    assert_eq!(kinds.last().unwrap()[0], "[`http_418`](#http_418)");
}

/// One file without scripts, in which each link leads somewhere and each id is there once.
#[test]
fn html_is_one_file() {
    for args in [&["--format", "html"][..], &["--format", "html", "--catalog", EXAMPLE]] {
        let html = docs(args);
        assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
        assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "));
        for part in ["<script", " src=", "@import", "url(", "<form"] {
            assert!(!html.contains(part), "{part}");
        }
        let values = |name: &str| -> Vec<String> {
            html.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = values("id");
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
        for href in values("href") {
            let leads = href.strip_prefix('#').is_none_or(|id| ids.iter().any(|known| known == id));
            assert!(
                leads && (href.starts_with('#') || href.starts_with("https://google.aip.dev/") || href == "data:,"),
                "{href}"
            );
        }
        for label in values("aria-labelledby") {
            assert!(ids.contains(&label), "{label}");
        }
        for (status, phrase, guidance) in GUIDANCE {
            let has = html.contains(&format!("{status} {phrase}</h3>"));
            assert!(has, "{status}");
            assert!(
                html.contains(
                    &guidance
                        .replace("`kind`", "<code>kind</code>")
                        .replace("`message`", "<code>message</code>")
                        .replace("`Authorization`", "<code>Authorization</code>")
                ),
                "{status}"
            );
        }
    }
}

const EXAMPLE: &str = "examples/tasks/proto/tasks/v1/tasks.proto";

/// What is committed next to the example.
#[test]
fn the_reference_of_the_example_is_fresh() {
    for format in ["markdown", "html", "openapi"] {
        let write = ["docs", "--format", format, "--out", "examples/tasks/reference", "--catalog", EXAMPLE];
        if std::env::var_os("BLESS").is_some() {
            run(&write);
        }
        let ended = run(&[&write[..], &["--check"]].concat());
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "BLESS=1 cargo test --test catalog -- docs");
    }
    // Each method of the example declares its errors, and nothing in it is unwise.
    assert_eq!(run(&["check", EXAMPLE]).stdout, "0 kinds, 7 methods, no problems\n");
    let text = fs::read_to_string("examples/tasks/reference/errors.md").unwrap();
    assert!(text.contains("### `tasks.v1.TaskService/GetTask`\n\n`GET /v1/tasks/{task_id}`\n\n| kind | status | description |\n|---|---|---|\n| [`task_not_found`](#task_not_found) | 404 Not Found | Task does not exist |\n"));
}

#[test]
fn a_file_that_is_out_of_date_is_found() {
    let path = file(
        "docs-checked.yaml",
        "domain: a.example\nkinds: {a_kind: {status: 404, code: NOT_FOUND, message: Look.}}\n",
    );
    let folder = format!("{}/docs-checked", env!("CARGO_TARGET_TMPDIR"));
    let _ = fs::remove_dir_all(&folder);
    let all = [("markdown", "errors.md"), ("html", "errors.html"), ("openapi", "openapi.yaml")];
    for (format, name) in all {
        let write = ["docs", "--format", format, "--out", &folder, "--catalog", &path];
        let check = |code: i32, said: &str| {
            let ended = run(&[&write[..], &["--check"]].concat());
            let said = if said.is_empty() {
                String::new()
            } else {
                format!("{folder}/{name} {said}: run the command again without --check\n")
            };
            assert_eq!((ended.code, ended.stdout), (Some(code), said), "{format}");
        };
        check(1, "does not exist");
        assert_eq!(run(&write).stdout, format!("{folder}/{name}\n"));
        check(0, "");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace("Look.", "Look")).unwrap();
        check(1, "is out of date");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace("Look}", "Look.}")).unwrap();
        check(0, "");
    }
}
