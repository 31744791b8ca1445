//! What breaks callers between two versions of a catalog.

#[cfg(feature = "cli")]
use errwire::{
    Catalog,
    catalog::{ChangeRule, diff},
};

/// One kind, with these fields in place of the usual ones of the same name.
fn catalog(fields: &str) -> Catalog {
    let mut text = "domain: d\nkinds:\n  a_kind:\n".to_owned();
    let usual = ["status: 404", "code: NOT_FOUND", "message: \"{id} is gone.\""];
    for field in usual {
        let name = field.split(':').next().unwrap();
        if !fields.lines().any(|line| line.starts_with(name)) {
            text.push_str(&format!("    {field}\n"));
        }
    }
    fields.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    Catalog::from_yaml("f", &text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    let changes = diff(&catalog(old), &catalog(new));
    let found: Vec<String> = changes
        .iter()
        .map(|change| format!("{} {}: {}", if change.breaks() { "!" } else { "-" }, change.rule(), change.message()))
        .collect();
    assert_eq!(found, expected, "{old:?} to {new:?}");
    assert!(changes.iter().all(|change| change.kind() == "a_kind"));
}

// docs/rules.md: R-CLI-5
#[test]
fn each_field() {
    check("", "", &[]);
    check("", "status: 410", &["! status-changed: The status was 404 and is 410"]);
    check("", "code: ABORTED", &["! code-changed: The code was NOT_FOUND and is ABORTED"]);
    check(
        "",
        "status: 500",
        &["! status-changed: The status was 404 and is 500", "! made-internal: The kind was public and is internal"],
    );
    let metadata = |visibility: &str| format!("metadata: {{ id: {{ visibility: {visibility} }} }}");
    check("", &metadata("internal"), &["! key-made-internal: The metadata key `id` is internal now"]);
    check(
        &metadata("internal"),
        &metadata("public"),
        &["- key-made-public: The metadata key `id` is no longer internal"],
    );
    check("", &metadata("public"), &[]);
    check("visibility: internal", "", &["- made-public: The kind was internal and is public"]);
    check(
        "",
        "message: \"It is gone.\"",
        &[
            "! placeholder-removed: The message no longer has {id}, and the metadata no longer its key",
            "- message-changed: The message was `{id} is gone.` and is `It is gone.`",
        ],
    );
    check(
        "",
        "message: \"{id} of {project} is gone.\"",
        &[
            "- placeholder-added: The message has {project}, which is new",
            "- message-changed: The message was `{id} is gone.` and is `{id} of {project} is gone.`",
        ],
    );
    check("", "description: Gone", &["- documentation-changed: The description is `Gone`, and there was none"]);
    check("owner: a", "owner: b", &["- documentation-changed: The owner was `a` and is `b`"]);
    check("help_url: u", "", &["- documentation-changed: The help URL was `u`, and there is none"]);
    check("", "deprecated: {since: '1'}", &["- deprecated: The kind is deprecated"]);
    check(
        "",
        "deprecated: {replaced_by: not_found}",
        &["- deprecated: The kind is deprecated; `not_found` replaces it"],
    );
    check("deprecated: {since: '1'}", "", &["- restored: The kind is no longer deprecated"]);
    check(
        "deprecated: {since: '1'}",
        "deprecated: {since: '2', replaced_by: gone}",
        &[
            "- documentation-changed: The time of the deprecation was `1` and is `2`",
            "- documentation-changed: The replacement is `gone`, and there was none",
        ],
    );
    check(
        "localized: {de: '{id} fehlt.', fr: '{id} manque.'}",
        "localized: {de: '{id} ist weg.', it: '{id} manca.'}",
        &[
            "- language-changed: The message in `de` was `{id} fehlt.` and is `{id} ist weg.`",
            "- language-removed: The message is no longer in `fr`",
            "- language-added: The message is in `it` too",
        ],
    );
}

#[test]
fn languages_of_messages() {
    let catalog = |before: &str| {
        let text = format!("domain: d\n{before}kinds: {{a_kind: {{status: 404, code: NOT_FOUND, message: M.}}}}");
        Catalog::from_yaml("f", &text).unwrap()
    };
    let changes = diff(&catalog(""), &catalog("language: de\n"));
    let found: Vec<_> = changes.iter().map(|change| (change.rule(), change.message(), change.breaks())).collect();
    assert_eq!(found, [(ChangeRule::MessageLanguageChanged, "The message was in `en` and is in `de`", false)]);
    assert!(diff(&catalog(""), &catalog("language: en\n")).is_empty());
}

#[test]
fn retries() {
    let rows = [
        ("", "retry: after_backoff", "- retry-relaxed: The retry was never and is after a backoff"),
        ("retry: after_backoff", "", "! retry-stricter: The retry was after a backoff and is never"),
        (
            "retry: after_backoff",
            "retry: after_delay\nretry_delay: 500ms",
            "! retry-stricter: The retry was after a backoff and is after 0.5 s",
        ),
        (
            "retry: after_delay\nretry_delay: 1m",
            "retry: after_delay\nretry_delay: 2m",
            "! retry-stricter: The retry was after 60 s and is after 120 s",
        ),
        (
            "retry: after_delay\nretry_delay: 2m",
            "retry: after_delay\nretry_delay: 1m",
            "- retry-relaxed: The retry was after 120 s and is after 60 s",
        ),
        (
            "retry: after_delay\nretry_delay: 2m",
            "retry: after_backoff",
            "- retry-relaxed: The retry was after 120 s and is after a backoff",
        ),
        (
            "retry: after_delay\nretry_delay: 2m",
            "retry: never",
            "! retry-stricter: The retry was after 120 s and is never",
        ),
    ];
    for (old, new, expected) in rows {
        check(old, new, &[expected]);
    }
}

#[test]
fn whole_kinds() {
    let load = |text: &str| Catalog::from_yaml("f", text).unwrap();
    let lines = |old: &Catalog, new: &Catalog| -> Vec<String> {
        diff(old, new).iter().map(|change| format!("{}{change}", if change.breaks() { "! " } else { "" })).collect()
    };
    let one =
        load("domain: d\nkinds: {old_kind: {status: 400, code: ABORTED, message: m, deprecated: {replaced_by: gone}}}");
    let two = load("domain: d\nkinds: {new_kind: {status: 402, code: ABORTED, message: m}}");
    assert_eq!(
        lines(&one, &two),
        ["new_kind: The kind is new: 402 ABORTED.", "! old_kind: The kind is gone; `gone` was to replace it."]
    );
    let moved = load("domain: e\nkinds: {new_kind: {status: 402, code: ABORTED, message: m}}");
    assert_eq!(lines(&two, &moved), ["! new_kind: The domain was `d` and is `e`."]);

    // What replaced a built-in kind changes into it, and the numbered kinds are built in too.
    let over = load(
        "domain: d\nkinds:\n  gone: {override: true, status: 410, code: NOT_FOUND, message: The resource is gone.}\n  http_418: {override: true, status: 418, code: INTERNAL, message: m}\n",
    );
    let breaking = |old: &Catalog, new: &Catalog| -> Vec<String> {
        diff(old, new).iter().filter(|c| c.breaks()).map(|c| format!("{} {}", c.kind(), c.rule())).collect()
    };
    let expected = ["gone domain-changed", "http_418 domain-changed", "http_418 code-changed"];
    assert_eq!(breaking(&over, &Catalog::builtin()), expected);
    assert_eq!(breaking(&Catalog::builtin(), &over), expected);
    assert_eq!(diff(&Catalog::builtin(), &Catalog::builtin()), []);
}

#[cfg(feature = "cli")]
mod command {
    use crate::support::binary::{file, run};

    const OLD: &str = "\
domain: d
kinds:
  a_kind: {status: 404, code: NOT_FOUND, message: \"No | <b>.\"}
  b_kind: {status: 404, code: NOT_FOUND, message: Look elsewhere.}
";

    #[test]
    fn formats_and_exit_codes() {
        let old = file("diff-old.yaml", OLD);
        let safe = file("diff-safe.yaml", &OLD.replace("No |", "Not |"));
        let bad =
            file("diff-bad.yaml", &OLD.replace("404, code: NOT_FOUND, message: L", "410, code: NOT_FOUND, message: L"));

        let ended = run(&["diff", &old, &old]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "Nothing changed\n"));
        let ended = run(&["diff", &old, &safe]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (
                Some(0),
                "safe    a_kind: The message was `No | <b>.` and is `Not | <b>.`. [message-changed]\n\
                 Nothing breaks callers; 1 change is safe\n"
            )
        );
        let ended = run(&["diff", &old, &bad]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (
                Some(1),
                "breaks  b_kind: The status was 404 and is 410. [status-changed]\n        \
                 Keep the status, or add a kind and deprecate this one.\n\
                 1 change breaks callers; 0 safe\n"
            )
        );
        let ended = run(&["diff", "--format", "markdown", &old, &safe]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (
                Some(0),
                "**Nothing breaks callers; 1 change is safe**\n\n### Safe\n\n| kind | change | what to do |\n|---|---|---|\n\
                 | `a_kind` | The message was `No \\| <b>.` and is `Not \\| <b>.`. |  |\n"
            )
        );
        let ended = run(&["diff", "--format", "json", &old, &bad]);
        assert_eq!(ended.code, Some(1));
        let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "breaks": true,
                "changes": [{
                    "kind": "b_kind",
                    "change": "status-changed",
                    "effect": "breaks",
                    "breaks": true,
                    "message": "The status was 404 and is 410",
                    "remedy": "Keep the status, or add a kind and deprecate this one",
                }],
            })
        );
    }

    #[test]
    fn forms_may_differ_and_failures_are_not_findings() {
        let yaml = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/catalogs/tasks.yaml");
        let proto = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/catalogs/tasks.proto");
        let ended = run(&["diff", yaml, proto]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "Nothing changed\n"));
        let ended = run(&["diff", yaml, "none.yaml"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains("none.yaml"), "{}", ended.stderr);
    }
}
