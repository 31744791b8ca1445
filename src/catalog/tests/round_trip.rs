//! YAML to proto to YAML to a descriptor set, and nothing is lost.

use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;

use super::proto_good::{entries, example, set_of};
use crate::{
    catalog::{Catalog, Form, generate},
    model::{Code, Deprecation, HttpStatus, KindEntry, MessageTemplate, Retry, Visibility, is_refused_in_catalog},
};

/// Through all forms; each has the same entries in the same order.
fn assert_round_trip(catalog: &Catalog) {
    let own =
        |catalog: &Catalog| -> Vec<KindEntry> { catalog.own().filter_map(|kind| kind.entry().cloned()).collect() };
    let yamls = generate(catalog, Form::Yaml);
    let protos = generate(catalog, Form::Proto);
    let with_kinds: BTreeSet<_> = own(catalog).into_iter().map(|entry| (entry.domain, entry.language)).collect();
    let domains: BTreeSet<_> = with_kinds.iter().map(|(domain, _)| &**domain).collect();
    assert_eq!(yamls.len(), with_kinds.len() + catalog.domains().filter(|domain| !domains.contains(domain)).count());
    let mut found = 0;
    for (yaml, proto) in yamls.iter().zip(&protos) {
        let from_yaml = Catalog::from_yaml(&yaml.name, &yaml.text).unwrap_or_else(|why| panic!("{why}\n{}", yaml.text));
        let language = own(&from_yaml).first().map(|entry| entry.language.clone());
        let is_here = |entry: &KindEntry| entry.domain == yaml.domain && Some(&entry.language) == language.as_ref();
        let expected: Vec<KindEntry> = own(catalog).into_iter().filter(is_here).collect();
        found += expected.len();
        assert_eq!(own(&from_yaml), expected, "{}", yaml.text);
        let from_proto =
            Catalog::from_proto(&proto.name, &proto.text).unwrap_or_else(|why| panic!("{why}\n{}", proto.text));
        assert_eq!(own(&from_proto), expected, "{}", proto.text);
        let from_set = Catalog::from_descriptor_set("set", &set_of(&proto.name, &proto.text)).unwrap();
        assert_eq!(own(&from_set), expected, "{}", proto.text);
        for read in [&from_yaml, &from_proto, &from_set] {
            assert_eq!(read.domains().collect::<Vec<_>>(), [&*yaml.domain]);
        }
        assert_eq!(generate(&from_set, Form::Yaml)[0].text, yaml.text);
        let again = &generate(&from_yaml, Form::Proto)[0];
        // Alone, a domain needs no number to tell it from others.
        assert!(again.name != proto.name || again.text == proto.text, "{}", again.text);
    }
    assert_eq!(found, own(catalog).len());
}

#[test]
fn examples() {
    for name in ["tasks.yaml", "tasks.proto"] {
        let catalog = Catalog::load([example(name)]).unwrap();
        assert_round_trip(&catalog);
        assert_eq!(
            generate(&catalog, Form::Yaml)[0].text,
            generate(&Catalog::load([example("tasks.yaml")]).unwrap(), Form::Yaml)[0].text
        );
    }
    assert_eq!(generate(&Catalog::builtin(), Form::Yaml), []);
    assert_round_trip(&Catalog::from_yaml("f", "domain: empty.example\n").unwrap());
}

/// What a person would have written.
#[test]
fn texts() {
    let text = "\
domain: api.example.com
language: pt-BR

kinds:
  task_not_found:
    override: true
    status: 404
    code: NOT_FOUND
    message: \"Task {task_id} does not exist.\\nVerify \\\"the\\\" ID.\"
    description: Task does not exist
    help_url: https://api.example.com/errors/task_not_found
    localized:
      de: \"Prüfen Sie {task_id}.\"
      \"no\": \"{task_id}\"
    deprecated: { since: \"2026-11\", replaced_by: worker_lost }
    owner: tasks-team

  worker_lost:
    status: 503
    code: UNAVAILABLE
    message: \"Try again.\"
    retry: after_delay
    retry_delay: 1.5s
    visibility: public
    owner: \"yes\"
    metadata:
      shard: { visibility: internal }
      zone: { visibility: public }
";
    let catalog = Catalog::from_yaml("f", text).unwrap();
    assert_eq!(generate(&catalog, Form::Yaml)[0].text, text);
    assert_eq!(generate(&catalog, Form::Yaml)[0].name, "api.example.com.yaml");
    assert_eq!(
        generate(&catalog, Form::Proto)[0].text,
        "\
syntax = \"proto3\";

package com.example.api;

import \"errwire/v1/annotations.proto\";

// The errors of api.example.com. The name of a value is the reason of its kind.
enum Errors {
  option (errwire.v1.catalog) = {
    domain: \"api.example.com\"
    language: \"pt-BR\"
  };

  // No kind.
  UNSPECIFIED = 0;
  // Task does not exist.
  TASK_NOT_FOUND = 1 [(errwire.v1.kind) = {
    override: true
    status: 404
    code: NOT_FOUND
    message: \"Task {task_id} does not exist.\\nVerify \\\"the\\\" ID.\"
    description: \"Task does not exist\"
    help_url: \"https://api.example.com/errors/task_not_found\"
    localized: {
      key: \"de\"
      value: \"Prüfen Sie {task_id}.\"
    }
    localized: {
      key: \"no\"
      value: \"{task_id}\"
    }
    deprecated: {
      since: \"2026-11\"
      replaced_by: \"worker_lost\"
    }
    owner: \"tasks-team\"
  }];
  WORKER_LOST = 2 [(errwire.v1.kind) = {
    status: 503
    code: UNAVAILABLE
    message: \"Try again.\"
    retry: RETRY_AFTER_DELAY
    retry_delay: {
      seconds: 1
      nanos: 500000000
    }
    visibility: VISIBILITY_PUBLIC
    owner: \"yes\"
    metadata: {
      key: \"shard\"
      value: {visibility: VISIBILITY_INTERNAL}
    }
    metadata: {
      key: \"zone\"
      value: {visibility: VISIBILITY_PUBLIC}
    }
  }];
}
"
    );
}

/// Names that mean something to protobuf, and domains that look the same as names.
#[test]
fn names_that_are_taken() {
    let kinds = ["unspecified", "errors_lost", "a__b", "a_b", "message", "null", "true", "option"];
    let domains = [
        "errwire.v1",
        "v1.errwire",
        "acme.errwire",
        "rpc.google",
        "..",
        "ä",
        "ö",
        "A-B.c",
        "a_b.c",
        "message.enum",
        "7.up",
    ];
    let all: Vec<KindEntry> = domains
        .iter()
        .enumerate()
        .flat_map(|(index, domain)| {
            let name = move |kind: &&str| if index == 0 { (*kind).to_owned() } else { format!("{kind}_{index}") };
            kinds.iter().map(move |kind| {
                let status = HttpStatus::new(400).unwrap();
                KindEntry::new(
                    name(kind),
                    (*domain).to_owned(),
                    status,
                    Code::Aborted,
                    MessageTemplate::from("Stop.".to_owned()),
                )
            })
        })
        .collect();
    assert_round_trip(&Catalog::with_entries(all));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z .,:#'/-]{0,20}[a-z.]",
        "\\PC{0,12}x",
        prop::collection::vec(any::<char>(), 0..12)
            .prop_map(|chars| format!("x{}", chars.into_iter().collect::<String>())),
    ]
    .prop_map(|text| text.replace(['{', '}'], "(").replace(is_refused_in_catalog, "\t"))
}

prop_compose! {
    fn entry()(
        kind in "[a-z][a-z0-9_]{1,10}[a-z0-9]",
        (domain, language, status, code) in (0..3_usize, "en|en|de|no", 400..=599_u16, 1..=16),
        texts in (text(), text(), prop::option::of(text()), prop::option::of(text())),
        has_placeholder in any::<bool>(),
        retry in prop_oneof![
            Just(Retry::Never),
            Just(Retry::AfterBackoff),
            (0..=315_576_000_000_u64, 0..1_000_000_000_u32).prop_map(|(s, n)| Retry::AfterDelay(Duration::new(s, if s == 315_576_000_000 { 0 } else { n }))),
        ],
        public in prop::option::of(any::<bool>()),
        localized in prop::collection::btree_map("de|fr|no|pt-BR|zh-Hant", text(), 0..3),
        deprecated in prop::option::of((prop::option::of(text()), any::<bool>())),
        has_description in any::<bool>(),
        metadata in prop::collection::btree_map("[a-z][a-zA-Z0-9_-]{1,9}|no|task_id", any::<bool>(), 0..3),
    ) -> KindEntry {
        let placeholder = if has_placeholder { " {task_id}" } else { "" };
        let template = |text: &str| MessageTemplate::from(format!("{text}{placeholder}"));
        let status = HttpStatus::new(status).unwrap();
        let domain = ["api.example.com", "größe \"x\"", "errwire"][domain].to_owned();
        KindEntry {
            description: if has_description { texts.1.into() } else { "".into() },
            language: language.into(),
            help_url: texts.2.map(|path| format!("https://api.example.com/{path}").into()),
            owner: texts.3.map(Into::into),
            retry,
            visibility: match public {
                Some(true) => Visibility::Public,
                Some(false) => Visibility::Internal,
                None => Visibility::of(status),
            },
            localized: localized.into_iter().map(|(tag, text)| (tag.into(), template(&text))).collect(),
            deprecated: deprecated.map(|(since, replaced)| Deprecation {
                since: since.unwrap_or_default().into(),
                replaced_by: replaced.then(|| "not_found".into()),
            }),
            metadata: metadata
                .into_iter()
                .map(|(key, public)| (key.into(), if public { Visibility::Public } else { Visibility::Internal }))
                .collect(),
            ..KindEntry::new(kind, domain, status, Code::try_from(code).unwrap(), template(&texts.0))
        }
    }
}

proptest! {
    // Each compiles up to three proto files twice.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn generated_catalogs(entries in prop::collection::vec(entry(), 0..8)) {
        assert_round_trip(&Catalog::with_entries(entries));
    }
}

#[test]
fn built_in_kinds_may_all_be_replaced() {
    let builtin = entries(&Catalog::builtin());
    assert_round_trip(&Catalog::with_entries(builtin));
}
