//! Files that load, field by field.

use std::{path::PathBuf, time::Duration};

use crate::{
    catalog::{Catalog, Rule},
    model::{Code, KindEntry, Retry, Visibility},
};

pub(super) fn entry(catalog: &Catalog, kind: &str) -> KindEntry {
    catalog.get(kind).unwrap().entry().unwrap().clone()
}

fn localized(entry: &KindEntry) -> Vec<(&str, &str)> {
    entry.localized.iter().map(|(tag, template)| (tag.as_ref(), template.as_str())).collect()
}

#[test]
fn the_domain_may_stand_behind_the_kinds() {
    let text = "kinds:\n  a_kind: {status: 404, code: NOT_FOUND, message: m}\ndomain: api.example.com\n";
    let catalog = Catalog::from_yaml("f", text).unwrap();
    assert_eq!(entry(&catalog, "a_kind").domain, "api.example.com");
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["api.example.com"]);
}

/// Every key of R-CATALOG-2 (docs/rules.md). It shows `retry_delay` next to `retry: never`, and its replacement is elsewhere:
/// both are worth a warning and no more.
// docs/rules.md: R-CATALOG-1, R-CATALOG-2
#[test]
fn loads_every_key() {
    let text = r#"domain: api.example.com          # of all kinds in this file; the built-in ones have errwire.dev
kinds:
  task_not_found:
    override: true               # needed only to replace a built-in kind
    status: 404
    code: NOT_FOUND
    message: "Task {task_id} does not exist. Verify the task ID."
    description: Task does not exist
    help_url: https://api.example.com/errors/task_not_found
    retry: never                 # never | after_backoff | after_delay
    retry_delay: 30s             # with after_delay
    visibility: public           # public | internal; 5xx kinds are internal unless they say otherwise
    localized: { de: "Aufgabe {task_id} gibt es nicht. Prüfen Sie die ID." }
    deprecated: { since: "2026-11", replaced_by: job_not_found }
    owner: tasks-team
"#;
    let (catalog, warnings) = Catalog::from_yaml_with_warnings("tasks.yaml", text).unwrap();
    let warnings: Vec<_> = warnings.iter().map(|w| (w.rule(), w.line(), w.column())).collect();
    assert_eq!(warnings, [(Rule::UnusedDelay, Some(11), Some(5)), (Rule::UnknownReplacement, Some(14), Some(50))]);

    let entry = entry(&catalog, "task_not_found");
    assert_eq!(entry.kind, "task_not_found");
    assert_eq!(entry.reason, "TASK_NOT_FOUND");
    assert_eq!(entry.domain, "api.example.com");
    assert_eq!(entry.status, 404);
    assert_eq!(entry.code, Code::NotFound);
    assert_eq!(entry.message.as_str(), "Task {task_id} does not exist. Verify the task ID.");
    assert_eq!(entry.description, "Task does not exist");
    assert_eq!(entry.help_url.as_deref(), Some("https://api.example.com/errors/task_not_found"));
    assert_eq!(entry.retry, Retry::Never);
    assert_eq!(entry.visibility, Visibility::Public);
    assert_eq!(localized(&entry), [("de", "Aufgabe {task_id} gibt es nicht. Prüfen Sie die ID.")]);
    let deprecated = entry.deprecated.unwrap();
    assert_eq!(deprecated.since, "2026-11");
    assert_eq!(deprecated.replaced_by.as_deref(), Some("job_not_found"));
    assert_eq!(entry.owner.as_deref(), Some("tasks-team"));

    // The others are still there.
    assert_eq!(catalog.len(), Catalog::builtin().len());
    assert_eq!(catalog.get("run_not_found").unwrap().entry().unwrap().domain, "errwire.dev");
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["api.example.com"]);
}

// docs/rules.md: R-CATALOG-2
#[test]
fn the_least_of_an_entry_has_defaults() {
    let text = "domain: d\nkinds:\n  a_kind: {status: 400, code: ABORTED, message: Do it again.}\n  b_kind: {status: 599, code: DATA_LOSS, message: Tell us.}\n";
    let catalog = Catalog::from_yaml("least.yaml", text).unwrap();
    let a = entry(&catalog, "a_kind");
    assert_eq!((a.status.as_u16(), a.code, a.message.as_str()), (400, Code::Aborted, "Do it again."));
    assert_eq!((a.description.as_ref(), a.help_url, a.owner, a.deprecated), ("", None, None, None));
    assert_eq!((a.retry, a.visibility, a.localized.len()), (Retry::Never, Visibility::Public, 0));
    let b = entry(&catalog, "b_kind");
    assert_eq!((b.status.as_u16(), b.code, b.visibility), (599, Code::DataLoss, Visibility::Internal));
    assert_eq!(catalog.len(), Catalog::builtin().len() + 2);
}

#[test]
fn reads_every_value_of_the_short_lists() {
    let rows = [
        ("retry: never", Retry::Never, Visibility::Internal),
        ("retry: after_backoff", Retry::AfterBackoff, Visibility::Internal),
        ("retry: after_delay, retry_delay: 30s", Retry::AfterDelay(Duration::from_secs(30)), Visibility::Internal),
        ("retry: after_delay, retry_delay: 1.5s", Retry::AfterDelay(Duration::from_millis(1500)), Visibility::Internal),
        ("retry: after_delay, retry_delay: 500ms", Retry::AfterDelay(Duration::from_millis(500)), Visibility::Internal),
        ("retry_delay: '2m', retry: 'after_delay'", Retry::AfterDelay(Duration::from_secs(120)), Visibility::Internal),
        ("visibility: public", Retry::Never, Visibility::Public),
        ("visibility: internal", Retry::Never, Visibility::Internal),
        ("override: false", Retry::Never, Visibility::Internal),
    ];
    for (fields, retry, visibility) in rows {
        let text = format!("domain: d\nkinds: {{a_kind: {{status: 500, code: INTERNAL, message: m, {fields}}}}}");
        let entry = entry(&Catalog::from_yaml("f", &text).unwrap(), "a_kind");
        assert_eq!((entry.retry, entry.visibility), (retry, visibility), "{fields}");
    }
}

#[test]
fn reads_all_sixteen_codes() {
    for code in Code::ALL {
        let text = format!("domain: d\nkinds: {{a_kind: {{status: 500, code: {}, message: m}}}}", code.name());
        assert_eq!(entry(&Catalog::from_yaml("f", &text).unwrap(), "a_kind").code, code);
    }
}

#[test]
fn a_kind_may_have_63_characters() {
    let kind = "k".repeat(63);
    let text = format!("domain: d\nkinds: {{{kind}: {{status: 400, code: ABORTED, message: m}}}}");
    let catalog = Catalog::from_yaml("f", &text).unwrap();
    assert_eq!(catalog.get(&kind).unwrap().reason(), "K".repeat(63));
    assert_eq!(catalog.get_by_reason(&"K".repeat(63)).unwrap(), *kind.as_str());
    assert!(catalog.get_by_reason(&"K".repeat(64)).is_none());
}

#[test]
fn languages_get_their_usual_case_and_order() {
    let text = "domain: d\nkinds:\n  a_kind:\n    status: 400\n    code: ABORTED\n    message: 'a {id}, b {id}'\n    localized: {ZH-hant-tw: '{id}z', de: '{id} {id}', pt-br: 'p{id}'}\n";
    let entry = entry(&Catalog::from_yaml("f", text).unwrap(), "a_kind");
    assert_eq!(localized(&entry), [("de", "{id} {id}"), ("pt-BR", "p{id}"), ("zh-Hant-TW", "{id}z")]);
}

/// Of all kinds of the file, wherever the key stands, and in its usual case.
#[test]
fn a_file_has_a_language() {
    let kinds =
        "kinds: {a_kind: {status: 400, code: ABORTED, message: m}, b_kind: {status: 400, code: ABORTED, message: m}}\n";
    let rows = [
        ("", "", "en"),
        ("language: de\n", "", "de"),
        ("", "language: PT-br\n", "pt-BR"),
        ("", "language: 'no'\n", "no"),
    ];
    for (before, behind, expected) in rows {
        let catalog = Catalog::from_yaml("f", &format!("domain: d\n{before}{kinds}{behind}")).unwrap();
        for kind in ["a_kind", "b_kind"] {
            assert_eq!(entry(&catalog, kind).language, expected, "{before}{behind}");
        }
        assert_eq!(entry(&catalog, "not_found").language, "en");
    }
}

#[test]
fn braces_that_hold_no_name_are_text() {
    let text = "domain: d\nkinds:\n  a_kind:\n    status: 400\n    code: ABORTED\n    message: 'a {Task Id} { {id} {'\n    localized: {de: '{id}'}\n";
    let entry = entry(&Catalog::from_yaml("f", text).unwrap(), "a_kind");
    assert_eq!(entry.message.as_str(), "a {Task Id} { {id} {");
    assert_eq!(entry.message.placeholders().collect::<Vec<_>>(), ["id"]);
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let unix =
        "domain: d\nkinds:\n  a_kind:\n    status: 400\n    code: ABORTED\n    message: |-\n      Größe\n      zwei\n";
    let expected = entry(&Catalog::from_yaml("f", unix).unwrap(), "a_kind");
    assert_eq!(expected.message.as_str(), "Größe\nzwei");
    for text in [unix.replace('\n', "\r\n"), format!("\u{feff}{unix}"), format!("---\n{unix}...\n")] {
        assert_eq!(entry(&Catalog::from_yaml("f", &text).unwrap(), "a_kind"), expected, "{text:?}");
    }
}

#[test]
fn a_file_may_have_no_kinds_yet() {
    for text in ["domain: d", "domain: d\nkinds:\n", "domain: d\nkinds: {}\n"] {
        let catalog = Catalog::from_yaml("f", text).unwrap();
        assert_eq!(catalog.len(), Catalog::builtin().len(), "{text:?}");
        assert_eq!(catalog.domains().collect::<Vec<_>>(), ["d"], "{text:?}");
    }
    assert_eq!(Catalog::load([""; 0]).unwrap().domains().count(), 0);
}

#[test]
fn an_unlisted_status_can_be_replaced() {
    let text = "domain: d\nkinds: {http_418: {override: true, status: 418, code: ABORTED, message: Use a pot.}}";
    let catalog = Catalog::from_yaml("f", text).unwrap();
    assert_eq!(entry(&catalog, "http_418").code, Code::Aborted);
}

#[test]
fn loads_the_shipped_example_without_a_warning() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/catalogs/tasks.yaml");
    let (catalog, warnings) = Catalog::load_with_warnings([&path]).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["api.example.com"]);
    assert_eq!(catalog.len(), Catalog::builtin().len() + 5);
    let task = entry(&catalog, "task_not_found");
    assert_eq!(task.message.placeholders().collect::<Vec<_>>(), ["task_id"]);
    assert_eq!(localized(&task), [("de", "Die Aufgabe {task_id} gibt es nicht. Prüfen Sie die ID.")]);
    assert_eq!(entry(&catalog, "task_quota_exhausted").retry, Retry::AfterDelay(Duration::from_secs(30)));
    assert_eq!(entry(&catalog, "export_unavailable").visibility, Visibility::Public);
    assert_eq!(entry(&catalog, "worker_lost").visibility, Visibility::Internal);
    assert_eq!(entry(&catalog, "job_not_found").deprecated.unwrap().replaced_by.as_deref(), Some("task_not_found"));
}
