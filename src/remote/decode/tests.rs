use proptest::{collection::btree_map, option, prelude::*};

use super::*;
use crate::{
    catalog::{HttpRoute, Method},
    model::{Audience, Error, Retry, Visibility},
    translate::{Translator, WriteHttpOptions},
};

fn read(version: pb::WatchCatalogResponse) -> Result<Catalog, BadCatalog> {
    catalog(&[version.encode_to_vec().into()], Limits::DEFAULT)
}

fn version(kinds: Vec<pb::Kind>) -> pb::WatchCatalogResponse {
    pb::WatchCatalogResponse { kinds, ..Default::default() }
}

/// Kinds whose every text is whatever a server says, and of which many can be in a catalog.
fn kind() -> impl Strategy<Value = pb::Kind> {
    let text = || "\\PC{0,12}|[a-z\r\n\0{} ]{0,12}|https://[a-z\n]{1,9}/";
    let delay = (any::<i64>(), any::<i32>()).prop_map(|(seconds, nanos)| prost_types::Duration { seconds, nanos });
    let numbers =
        (prop_oneof![9 => 400..600_u32, 1 => any::<u32>()], prop_oneof![9 => 1..17, 1 => any::<i32>()], 0..5, 0..5);
    let texts = (
        prop_oneof![9 => "[a-z]{3,9}", 1 => "[a-z_.]{0,4}"],
        prop_oneof![9 => "[a-z.]{1,9}", 1 => "\\PC{0,3}"],
        text(),
        text(),
        text(),
        text(),
        text(),
    );
    let key = (text(), (0..4).prop_map(|visibility| pb::MetadataKeyOptions { visibility }));
    let rest = (
        option::of(delay),
        btree_map(text(), text(), 0..3),
        option::of((text(), text())),
        btree_map(key.0, key.1, 0..3),
    );
    (numbers, texts, rest).prop_map(
        |((status, code, retry, visibility), texts, (retry_delay, localized, deprecated, metadata))| {
            let (kind, domain, message, description, help_url, owner, language) = texts;
            let deprecated = deprecated.map(|(since, replaced_by)| pb::Deprecation { since, replaced_by });
            let reason = String::new();
            pb::Kind {
                kind,
                reason,
                domain,
                status,
                code,
                message,
                description,
                help_url,
                retry,
                retry_delay,
                visibility,
                localized,
                deprecated,
                owner,
                metadata,
                language,
            }
        },
    )
}

#[test]
fn a_built_in_kind_with_a_page_is_still_built_in() {
    let said = |message: &str| {
        let entry = kinds::ALL.iter().find(|entry| entry.kind == "task_not_found").unwrap();
        let kind = pb::Kind {
            kind: "task_not_found".into(),
            domain: "server.example".into(),
            status: 404,
            code: 5,
            message: if message.is_empty() { entry.message.to_string() } else { message.into() },
            description: entry.description.to_string(),
            help_url: "https://errors.example.com/errors/task_not_found".into(),
            ..Default::default()
        };
        let domain = "server.example".to_owned();
        let read = read(pb::WatchCatalogResponse { kinds: vec![kind], domain, ..Default::default() }).unwrap();
        let kind = read.get("task_not_found").unwrap();
        let url = kind.entry().unwrap().help_url.clone().unwrap();
        assert_eq!(url, "https://errors.example.com/errors/task_not_found");
        Translator::default().domain_of(&kind).to_owned()
    };
    // A reader has the built-in kinds in its own domain; kinds with other content are those of the server.
    assert_eq!(said(""), "errwire.dev");
    assert_eq!(said("Another message. Look again."), "server.example");
}

fn small(number: usize) -> pb::Kind {
    let localized = [("de".to_owned(), "x".to_owned())].into();
    let message = "x".to_owned();
    pb::Kind {
        kind: format!("k{number}"),
        domain: "d".into(),
        status: 404,
        code: 5,
        message,
        localized,
        ..Default::default()
    }
}

#[test]
fn counts_before_it_builds() {
    let read = |kinds, limits| catalog(&[version(kinds).encode_to_vec().into()], limits).map(|read| read.own().len());
    let limits = Limits { bytes: 1_000, kinds: 3 };
    let kinds = |count: usize| (10..10 + count).map(small).collect::<Vec<_>>();
    assert_eq!(read(kinds(3), limits), Ok(3));
    assert_eq!(read(kinds(4), limits), Err(BadCatalog("it has more than 3 kinds".to_owned())));
    assert_eq!(read(vec![pb::Kind::default(); 4], limits), Err(BadCatalog("it has more than 3 kinds".to_owned())));
    assert_eq!(read(kinds(3), Limits { bytes: 50, ..limits }), Err(BadCatalog("it has more than 50 bytes".to_owned())));
    let localized = (0..13).map(|number| (format!("l{number}"), "x".to_owned())).collect();
    let expected = Err(BadCatalog("it has more than 12 translated messages".to_owned()));
    assert_eq!(read(vec![pb::Kind { localized, ..small(10) }], limits), expected);
    let method = |kinds| pb::Method { method: "a.S/M".into(), kinds: vec!["gone".into(); kinds], ..Default::default() };
    for methods in [vec![method(0); 4], vec![method(12)]] {
        let said = pb::WatchCatalogResponse { methods, ..Default::default() };
        let expected = Err(BadCatalog("it has more than 3 methods, or 12 declared errors".to_owned()));
        let read = catalog(&[said.encode_to_vec().into()], Limits { bytes: 1_000, ..limits });
        assert_eq!(read.map(|read| read.methods().len()), expected);
    }
    let domains = pb::WatchCatalogResponse { domains: vec!["d".to_owned(); 4], ..Default::default() };
    assert!(catalog(&[domains.encode_to_vec().into()], limits).is_err());
}

#[test]
fn reads_parts_as_one_version_and_refuses_what_is_not_protobuf() {
    let parts: Vec<Bytes> = (10..12).map(|number| version(vec![small(number)]).encode_to_vec().into()).collect();
    assert_eq!(catalog(&parts, Limits::DEFAULT).map(|catalog| catalog.own().len()), Ok(2));
    for broken in [&b"\x12\x05a"[..], b"\x12\x02\x0a\x05", b"\x2a\x01\xff", b"\xff"] {
        let why = catalog(&[Bytes::from_static(broken)], Limits::DEFAULT).unwrap_err();
        assert_eq!(why.to_string(), "it is not a message of WatchCatalog", "{broken:x?}");
    }
}

proptest! {
    /// Whatever a server says: either it is not a catalog, or errors can be written by it.
    #[test]
    fn what_is_read_can_be_used(kinds in proptest::collection::vec(kind(), 0..4)) {
        let version = pb::WatchCatalogResponse { kinds, ..Default::default() };
        let Ok(catalog) = read(version) else { return Ok(()) };
        let translator = Translator::new(catalog);
        for kind in translator.catalog().own() {
            let error = Error::new(kind.clone());
            let _ = translator.read_grpc(translator.write_grpc(&error));
            for dialect in [crate::wire::http::Dialect::KindMessage, crate::wire::http::Dialect::Problem, crate::wire::http::Dialect::Google] {
                let options = WriteHttpOptions::new(Audience::Internal).with_dialect(dialect).with_accept_language("*");
                let (response, _) = translator.write_http_with(&error, &options);
                prop_assert!(serde_json::from_slice::<serde_json::Value>(response.body()).is_ok());
                prop_assert_eq!(response.status().as_u16(), error.status().as_u16());
            }
        }
    }
}

fn fine() -> pb::Kind {
    let message = "Fix it.".into();
    pb::Kind { kind: "a_kind".into(), domain: "d".into(), status: 404, code: 5, message, ..Default::default() }
}

#[test]
fn refuses_what_no_catalog_holds() {
    assert!(entry(fine(), Unknown::Refused).is_ok());
    let internal = pb::MetadataKeyOptions { visibility: pb::Visibility::Internal.into() };
    let delay = |seconds| Some(prost_types::Duration { seconds, nanos: 0 });
    let rows = [
        (pb::Kind { kind: "A\nKind".into(), ..fine() }, "it is not a valid name"),
        (pb::Kind { message: String::new(), ..fine() }, "it has no message"),
        (pb::Kind { domain: "a\nb".into(), ..fine() }, "`a\\nb` is not a domain"),
        (pb::Kind { status: 200, ..fine() }, "200 is not the HTTP status of an error"),
        (pb::Kind { status: 66_000, ..fine() }, "66000 is not the HTTP status of an error"),
        (pb::Kind { message: "a\u{1b}[2J".into(), ..fine() }, "it has a text with characters that act on a terminal"),
        (
            pb::Kind { localized: [("de\u{1b}[2J".to_owned(), "m".to_owned())].into(), ..fine() },
            "it has a text with characters that act on a terminal",
        ),
        (
            pb::Kind { metadata: [("ke\u{202e}y".to_owned(), internal)].into(), ..fine() },
            "it has a text with characters that act on a terminal",
        ),
        (
            pb::Kind { deprecated: Some(pb::Deprecation { since: "\u{9b}2J".into(), ..Default::default() }), ..fine() },
            "it has a text with characters that act on a terminal",
        ),
        (pb::Kind { language: "de\u{7}".into(), ..fine() }, "it has a text with characters that act on a terminal"),
        (pb::Kind { help_url: "javascript:x".into(), ..fine() }, "`javascript:x` is not a web address"),
        (pb::Kind { code: 0, ..fine() }, "0 is not the code of an error"),
        (pb::Kind { retry: 3, ..fine() }, "it has no delay for its retry"),
        (pb::Kind { retry: 3, retry_delay: delay(-1), ..fine() }, "the delay of its retry is negative"),
    ];
    for (kind, expected) in rows {
        assert_eq!(entry(kind.clone(), Unknown::Refused), Err(expected.to_owned()));
        assert_eq!(entry(kind, Unknown::Safe), Err(expected.to_owned()));
    }
}

#[test]
fn methods_come_back() {
    let fine = || pb::Method {
        method: "a.S/Get".into(),
        kinds: vec!["gone".into()],
        declared: true,
        routes: vec![pb::Route { verb: "GET".into(), template: "/v1/{a}".into(), has_body: true }],
    };
    let route = HttpRoute::new("GET", "/v1/{a}").with_body();
    assert_eq!(method(fine()), Ok(Method::new("a.S/Get", ["gone"]).with_routes([route])));
    let undeclared = method(pb::Method { declared: false, ..fine() }).unwrap();
    assert!(!undeclared.is_declared() && undeclared.kinds().len() == 0);
    let route = pb::Route { verb: "GET\u{1b}".into(), ..Default::default() };
    let rows = [
        (pb::Method { method: "a b".into(), ..fine() }, "it is not a valid name"),
        (pb::Method { kinds: vec!["A".into()], ..fine() }, "`A` is not a kind"),
        (pb::Method { routes: vec![route], ..fine() }, "it has a text with characters that act on a terminal"),
    ];
    for (said, expected) in rows {
        assert_eq!(method(said), Err(expected.to_owned()));
    }
}

#[test]
fn what_is_unknown_is_refused_or_safe() {
    let retry = pb::Kind { retry: 9, ..fine() };
    let visibility = pb::Kind { visibility: 9, ..fine() };
    assert!(entry(retry.clone(), Unknown::Refused).unwrap_err().contains("a retry that"));
    assert!(entry(visibility.clone(), Unknown::Refused).unwrap_err().contains("a visibility that"));
    assert_eq!(entry(retry, Unknown::Safe).unwrap().retry, Retry::Never);
    assert_eq!(entry(visibility, Unknown::Safe).unwrap().visibility, Visibility::Internal);
}
