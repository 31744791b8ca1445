use super::*;
use crate::model::{Code, HttpStatus, MessageTemplate};

fn entry(kind: &str) -> KindEntry {
    let message = MessageTemplate::from("Fix it.".to_owned());
    KindEntry::new(kind.to_owned(), "d".to_owned(), HttpStatus::from_static(400), Code::Aborted, message)
}

#[test]
fn finds_kinds_by_reason() {
    let catalog = Catalog::with_entries([entry(&"k".repeat(63)), entry("a1_2")]);
    let rows = [
        ("TASK_NOT_FOUND", Some("task_not_found")),
        ("A1_2", Some("a1_2")),
        ("HTTP_418", Some("http_418")),
        ("HTTP_404", None),
        ("TASK_NOT_FOUND_", None),
        ("Task_Not_Found", None),
        ("task_not_found", None),
        ("NO_SUCH_KIND", None),
        ("", None),
        ("\u{dc}BER", None),
    ];
    for (reason, expected) in rows {
        assert_eq!(catalog.get_by_reason(reason).as_ref().map(Kind::as_str), expected, "{reason:?}");
    }
    assert!(catalog.get_by_reason(&"K".repeat(63)).is_some());
    assert!(catalog.get_by_reason(&"K".repeat(64)).is_none());
    assert!(catalog.get_by_reason(&"K".repeat(1_000_000)).is_none());
}

#[test]
fn suggests_listed_kinds() {
    let catalog = Catalog::with_entries([entry("job_lost")]);
    let rows = [
        ("Task.NotFound", Some("task_not_found")),
        ("TASK_NOT_FOUND", Some("task_not_found")),
        ("task_notfound", Some("task_not_found")),
        ("job_lots", Some("job_lost")),
        ("rate_limit", Some("rate_limited")),
        ("rate_limted", Some("rate_limited")),
        ("", None),
        ("42", None),
    ];
    for (name, expected) in rows {
        assert_eq!(catalog.suggest(name), expected, "{name:?}");
    }
    assert_eq!(catalog.suggest(&"k".repeat(1_000_000)), None);
}

#[test]
fn a_kind_keeps_what_it_carries_unless_the_catalog_has_its_own() {
    let own =
        |domain: &str, kind: &str| Kind::from_entry(KindEntry { domain: domain.to_owned().into(), ..entry(kind) });
    let domain = |catalog: &Catalog, kind: &Kind| catalog.current(kind).entry().map(|entry| entry.domain.to_string());
    let mine = Catalog::with_kinds([own("mine", "task_not_found"), own("mine", "a_kind")]);
    for catalog in [Catalog::builtin(), Catalog::with_entries([entry("zzz")])] {
        for name in ["task_not_found", "a_kind", "http_418"] {
            assert_eq!(domain(&catalog, &own("other", name)).as_deref(), Some("other"), "{name}");
        }
        assert_eq!(domain(&catalog, &kinds::TASK_NOT_FOUND).as_deref(), Some("errwire.dev"));
        assert_eq!(domain(&catalog, &Kind::foreign(b"nobodys")), None);
    }
    for kind in
        [kinds::TASK_NOT_FOUND, own("other", "task_not_found"), own("other", "a_kind"), Kind::foreign(b"a_kind")]
    {
        assert_eq!(domain(&mine, &kind).as_deref(), Some("mine"), "{kind}");
    }
    assert_eq!(domain(&mine, &own("other", "http_418")).as_deref(), Some("other"));
}

#[test]
fn joins() {
    let method = |name: &str| Method::new(name, ["aaa"]);
    let one = Catalog::with_entries([entry("aaa"), entry("bbb")]).with_methods([method("a.v1.S/M")]);
    let late = KindEntry { domain: "e".into(), ..entry("bbb") };
    let joined = Catalog::joined([one, Catalog::with_entries([late]).with_methods([method("a.v1.S/N")])]);
    let own: Vec<_> = joined.own().map(|kind| (kind.as_str(), &*kind.entry().unwrap().domain)).collect();
    assert_eq!(own, [("aaa", "d"), ("bbb", "e")]);
    assert_eq!(joined.domains().collect::<Vec<_>>(), ["d", "e"]);
    assert_eq!(joined.methods().len(), 2);
    assert_eq!(Catalog::joined([]).len(), Catalog::builtin().len());
}

#[test]
fn lists_each_kind_once_in_order() {
    let catalog = Catalog::with_entries([entry("zzz"), entry("aaa"), entry("task_not_found"), entry("aaa")]);
    let names: Vec<_> = catalog.iter().map(Kind::as_str).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    assert_eq!(catalog.len(), kinds::ALL.len() + 2);
    assert_eq!(catalog.iter().len(), catalog.len());
    assert_eq!((names[0], names[names.len() - 1]), ("aaa", "zzz"));
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["d"]);
}
