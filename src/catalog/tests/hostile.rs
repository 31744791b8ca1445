//! Files that want to hurt: nothing panics, and work and memory stay in proportion to the text.

use std::fmt::Write;

use proptest::prelude::*;

use crate::catalog::{Catalog, Rule};

fn rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<_> = Catalog::from_yaml("f", text).unwrap_err().iter().map(|problem| problem.rule()).collect();
    rules.dedup();
    rules
}

/// <https://en.wikipedia.org/wiki/Billion_laughs_attack>
#[test]
fn aliases_do_not_multiply() {
    let mut text = "domain: d\na0: &a0 [lol]\n".to_owned();
    for level in 1..60 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{below}]").unwrap();
    }
    let rules = rules(&text);
    assert!(rules.contains(&Rule::Alias) && rules.contains(&Rule::UnknownKey));
}

#[test]
fn depth_does_not_recurse() {
    let flow = format!("domain: d\nkinds: {}", "[".repeat(100_000));
    assert_eq!(rules(&flow), [Rule::InvalidYaml]);
    let lists = format!("domain: d\nkinds:\n  {}a\n", "- ".repeat(20_000));
    assert_eq!(rules(&lists), [Rule::WrongType]);
    let nested = format!("domain: d\nkinds: {}{}", "{a_kind: ".repeat(200), "}".repeat(200));
    assert!(rules(&nested).contains(&Rule::UnknownKey));
    let keys = format!("domain: d\nkinds: {}a{}", "{? ".repeat(100), "}".repeat(100));
    assert_eq!(rules(&keys), [Rule::WrongType]);
}

#[test]
fn long_things_are_cut() {
    let text = format!("domain: d\nkinds: {{{}: {{status: {}}}}}", "k".repeat(100_000), "9".repeat(100_000));
    let problems = Catalog::from_yaml("f", &text).unwrap_err();
    assert!(problems.iter().all(|problem| problem.to_string().len() < 300), "{problems}");
}

/// Many placeholders times many languages, and many unknown replacements times many kinds.
#[test]
fn work_is_not_a_product() {
    let mut text = "domain: d\nkinds:\n  a_kind:\n    status: 400\n    code: ABORTED\n    message: m".to_owned();
    (0..20_000).for_each(|n| write!(text, " {{id{n}}}").unwrap());
    text.push_str("\n    localized:\n");
    (0..20_000).for_each(|n| writeln!(text, "      de-1{n:04x}: m").unwrap());
    (0..2_000).for_each(|n| writeln!(text, "  kind_{n}: {{deprecated: {{replaced_by: kine_{n}x}}}}").unwrap());
    let problems = Catalog::from_yaml("f", &text).unwrap_err();
    assert!(problems.iter().filter(|problem| problem.rule() == Rule::PlaceholderMismatch).count() == 20_000);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        let _ = Catalog::from_yaml("f", &text);
    }

    #[test]
    fn any_likely_text_is_read(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "domain", "kinds", "a_kind", "status", "message", "localized", "deprecated", ": ", ":\n  ", ":\n    ", "\n", "\n  ",
                "\n    ", "- ", "? ", "{", "}", "[", "]", ", ", "&a ", "*a", "!!str ", "'", "\"", "|", ">-", "404", "OK", "true",
                "#", "---\n", "...\n", "%TAG ! x\n", "\t", "\u{feff}", "\r\n", "ü", "\\", "\0",
            ]),
            0..40,
        )
    ) {
        let _ = Catalog::from_yaml("f", &parts.concat());
    }
}
