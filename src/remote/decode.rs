//! From the parts of a version to a catalog, within limits.

use std::{collections::HashSet, fmt};

use bytes::Bytes;
use prost::Message;

use super::entry::{Unknown, domain, entry, method};
use crate::{
    catalog::Catalog,
    model::{Broken, Field, Fields, Kind, KindEntry, kinds, shown},
    pb,
};

/// The limits of one version. They are checked before anything is built, so that a server, or a file, cannot exhaust the memory of a
/// process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The encoded bytes of all parts.
    pub(crate) bytes: usize,
    /// The kinds of all parts, and as many methods.
    pub(crate) kinds: usize,
}

/// The translated messages of a version, and the declared errors, for each kind that it may have.
const OF_KIND: usize = 4;

impl Limits {
    /// For the saved catalog of a server, which may come from several files.
    #[cfg(feature = "server")]
    pub(crate) const OWN: Self = Self { bytes: 256 * 1024 * 1024, kinds: 1_000_000 };

    /// As many bytes as a catalog file may have, and more kinds than fit into a reasonable one of that size.
    pub(crate) const DEFAULT: Self = Self { bytes: 64 * 1024 * 1024, kinds: 250_000 };

    /// How many translated messages all kinds together may have.
    pub(super) fn localized(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }

    /// How many kinds and routes all methods together may have, their names included.
    pub(super) fn declared(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }
}

/// Why something is not a catalog.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadCatalog(pub(super) String);

impl BadCatalog {
    /// The thread that read it is gone.
    pub(super) fn unread() -> Self {
        Self("it was not read to the end".to_owned())
    }

    pub(super) fn too_many_bytes(limits: Limits) -> Self {
        Self(format!("it has more than {} bytes", limits.bytes))
    }

    pub(super) fn too_many_kinds(limits: Limits) -> Self {
        Self(format!("it has more than {} kinds", limits.kinds))
    }
}

impl From<Broken> for BadCatalog {
    fn from(_: Broken) -> Self {
        Self("it is not a message of WatchCatalog".to_owned())
    }
}

impl fmt::Display for BadCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadCatalog {}

/// The fields of `WatchCatalogResponse` and of `Kind` that are read in place.
pub(super) mod field {
    pub(in crate::remote) const VERSION: u32 = 1;
    pub(in crate::remote) const KINDS: u32 = 2;
    pub(in crate::remote) const PART: u32 = 3;
    pub(in crate::remote) const MORE: u32 = 4;
    pub(in crate::remote) const DOMAIN: u32 = 5;
    pub(in crate::remote) const DOMAINS: u32 = 6;
    pub(super) const METHODS: u32 = 7;
    /// Of a kind.
    pub(super) const LOCALIZED: u32 = 12;
}

/// The catalog of the encoded parts of one version.
///
/// A kind with the content of the built-in one of its name is the built-in one, whatever the server says of its domain and its page.
/// Unknown values of a newer server are read as safe ones: an unknown retry as never, an unknown visibility as internal.
///
/// Sizes are checked first, then one kind after another is decoded and kept as its entry. So what this takes is in proportion
/// to what the parts say, and ends at the first kind that cannot be in a catalog.
///
/// # Errors
///
/// The first thing that cannot be in a catalog.
pub(crate) fn catalog(parts: &[Bytes], limits: Limits) -> Result<Catalog, BadCatalog> {
    let outline = Outline::of(parts, limits)?;
    let mut seen = HashSet::new();
    let (mut entries, mut methods) = (Vec::new(), Vec::new());
    for field in parts.iter().flat_map(|part| Fields(part)) {
        let kind = match field? {
            (field::KINDS, Field::Bytes(kind)) => kind,
            (field::METHODS, Field::Bytes(said)) => {
                let said = pb::Method::decode(said).map_err(|_| Broken)?;
                let name = shown(&said.method);
                methods.push(method(said).map_err(|why| BadCatalog(format!("its method `{name}`: {why}")))?);
                continue;
            }
            _ => continue,
        };
        let kind = pb::Kind::decode(kind).map_err(|_| Broken)?;
        let name = kind.kind.clone();
        let entry =
            entry(kind, Unknown::Safe).map_err(|why| BadCatalog(format!("its kind `{}`: {why}", shown(&name))))?;
        match builtin(&entry, outline.domain) {
            Some(builtin) if entry.help_url == builtin.help_url => {}
            // Where its page is, is all that the server adds; the kind is still built in.
            Some(builtin) => entries.push(KindEntry { help_url: entry.help_url, ..builtin.clone() }),
            None => entries.push(entry),
        }
        if let Some(twice) = seen.replace(name) {
            return Err(BadCatalog(format!("it has the kind `{}` twice", shown(&twice))));
        }
    }
    let catalog = Catalog::with_domains(outline.domains, entries.into_iter().map(Kind::from_entry));
    Ok(catalog.with_methods(methods))
}

/// The parts of a version that are known without decoding its kinds.
struct Outline<'a> {
    domain: &'a str,
    domains: Vec<String>,
}

impl<'a> Outline<'a> {
    fn of(parts: &'a [Bytes], limits: Limits) -> Result<Self, BadCatalog> {
        let bytes = parts.iter().map(Bytes::len).fold(0, usize::saturating_add);
        if bytes > limits.bytes {
            return Err(BadCatalog::too_many_bytes(limits));
        }
        let (mut kinds, mut localized, mut methods, mut declared) = (0, 0, 0, 0);
        let mut outline = Outline { domain: "", domains: Vec::new() };
        for field in parts.iter().flat_map(|part| Fields(part)) {
            match field? {
                (field::KINDS, Field::Bytes(kind)) => {
                    kinds += 1;
                    localized += count(kind, field::LOCALIZED);
                }
                (field::METHODS, Field::Bytes(method)) => {
                    methods += 1;
                    declared += Fields(method).map_while(Result::ok).count();
                }
                (field::DOMAIN, Field::Bytes(domain)) => outline.domain = text(domain)?,
                (field::DOMAINS, Field::Bytes(text_of_domain)) => {
                    let name = text(text_of_domain)?;
                    domain(name).map_err(BadCatalog)?;
                    outline.domains.push(name.to_owned());
                }
                _ => {}
            }
            if kinds > limits.kinds || outline.domains.len() > limits.kinds {
                return Err(BadCatalog::too_many_kinds(limits));
            }
            if methods > limits.kinds || declared > limits.declared() {
                let (most, declared) = (limits.kinds, limits.declared());
                return Err(BadCatalog(format!("it has more than {most} methods, or {declared} declared errors")));
            }
            if localized > limits.localized() {
                return Err(BadCatalog(format!("it has more than {} translated messages", limits.localized())));
            }
        }
        Ok(outline)
    }
}

/// How many fields of this number there are, up to the first broken one.
pub(super) fn count(message: &[u8], number: u32) -> usize {
    Fields(message).map_while(Result::ok).filter(|field| field.0 == number).count()
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Broken> {
    str::from_utf8(bytes).map_err(|_| Broken)
}

/// The built-in entry that says the same, its page aside; the server writes `domain` for it.
fn builtin(entry: &KindEntry, domain: &str) -> Option<&'static KindEntry> {
    let builtin = kinds::ALL.iter().find(|builtin| builtin.kind == entry.kind)?;
    let of_server = KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..(*builtin).clone() };
    ((entry.domain == domain || entry.domain == builtin.domain) && *entry == of_server).then_some(builtin)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, option, prelude::*};

    use super::*;
    use crate::{
        model::{Audience, Error},
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
        let read =
            |kinds, limits| catalog(&[version(kinds).encode_to_vec().into()], limits).map(|read| read.own().len());
        let limits = Limits { bytes: 1_000, kinds: 3 };
        let kinds = |count: usize| (10..10 + count).map(small).collect::<Vec<_>>();
        assert_eq!(read(kinds(3), limits), Ok(3));
        assert_eq!(read(kinds(4), limits), Err(BadCatalog("it has more than 3 kinds".to_owned())));
        assert_eq!(read(vec![pb::Kind::default(); 4], limits), Err(BadCatalog("it has more than 3 kinds".to_owned())));
        assert_eq!(
            read(kinds(3), Limits { bytes: 50, ..limits }),
            Err(BadCatalog("it has more than 50 bytes".to_owned()))
        );
        let localized = (0..13).map(|number| (format!("l{number}"), "x".to_owned())).collect();
        let expected = Err(BadCatalog("it has more than 12 translated messages".to_owned()));
        assert_eq!(read(vec![pb::Kind { localized, ..small(10) }], limits), expected);
        let method =
            |kinds| pb::Method { method: "a.S/M".into(), kinds: vec!["gone".into(); kinds], ..Default::default() };
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
}
