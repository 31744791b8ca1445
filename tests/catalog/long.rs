//! Places far down in long files.

use std::fmt::Write;

use crate::support::binary::run_with;
use errwire::{Catalog, catalog::Rule};

/// A million lines: 20,000 kinds of ten lines each, and long comments.
#[test]
fn a_problem_at_the_end_of_a_million_lines() {
    let mut text = "domain: api.example.com\nkinds:\n".to_owned();
    for n in 0..20_000 {
        writeln!(text, "  # Kind {n}, größer 🦀.").unwrap();
        text.push_str(&"  # It is so because it was so: first this, then { that }, [and] \"more\".\n".repeat(39));
        writeln!(
            text,
            "  kind_{n}:\n    status: 404\n    code: NOT_FOUND\n    message: \"Thing {{thing_id}} is gone.\""
        )
        .unwrap();
        writeln!(text, "    description: Größe {n}\n    localized:\n      de: \"Ding {{thing_id}} ist weg.\"\n      fr: \"La chose {{thing_id}} n'est plus là.\"").unwrap();
        writeln!(text, "    owner: team\n").unwrap();
    }
    text.push_str("  last_kind: {message: \"größer 🦀\", code: ABORTED, status: 204}\n");
    assert_eq!(text.lines().count(), 1_000_003);
    let problems = Catalog::from_yaml("long.yaml", &text).unwrap_err();
    let found: Vec<_> = problems.iter().map(|problem| (problem.rule(), problem.line(), problem.column())).collect();
    assert_eq!(found, [(Rule::StatusOutOfRange, Some(1_000_003), Some(59))]);
}

/// A pipe can be read once only, and has a name that says nothing of its form.
#[test]
fn a_pipe_has_source_lines_and_allow_comments() {
    let text = "domain: api.example.com\nkinds:\n  # errwire: allow(message-guidance) Nothing helps.\n  \
                a_kind: {status: 204, code: NOT_FOUND, message: Gone., description: Gone}\n";
    let ended = run_with(&["check", "/dev/stdin"], text);
    assert_eq!(
        (ended.code, &*ended.stdout),
        (
            Some(1),
            "\
/dev/stdin:4:20: error[status-out-of-range]: `204` is not the HTTP status of an error.
  |
4 |   a_kind: {status: 204, code: NOT_FOUND, message: Gone., description: Gone}
  |                    ^
  = Use a number from 400 to 599.

1 problem
"
        )
    );
    let ended = run_with(&["check", "/dev/stdin"], text.replace("204", "404"));
    assert_eq!((ended.code, &*ended.stdout), (Some(0), "1 kind, no problems\n"));
}
