//! A catalog as messages: its kinds and methods, and a version in parts.

use std::{borrow::Cow, iter::Peekable};

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;

use super::pb;
use crate::{
    catalog::{Catalog, Method},
    model::{Kind, KindEntry, Retry, Visibility},
    translate::Translator,
};

/// From how many encoded bytes on a part is full.
const PART_BYTES: usize = 256 * 1024;

/// The bytes in front of each message: a flag, and its length
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>).
pub(super) const PREFIX: usize = 5;

/// The parts of a version, each as a message of gRPC: not compressed, with its length in front.
pub(super) fn encoded_parts(translator: &Translator, catalog: &Catalog) -> Vec<Bytes> {
    parts(translator, catalog, kind_message, PART_BYTES).map(|part| prefixed(&part)).collect()
}

fn prefixed(part: &pb::WatchCatalogResponse) -> Bytes {
    let len = part.encoded_len();
    let mut bytes = BytesMut::with_capacity(PREFIX + len);
    bytes.put_u8(0);
    // A part is not much larger than `PART_BYTES`, and no single kind or method comes near 4 GiB.
    bytes.put_u32(u32::try_from(len).unwrap_or(u32::MAX));
    // The buffer has room for all of it.
    let _ = part.encode(&mut bytes);
    bytes.freeze()
}

/// A whole version as one message, to be saved: the entries of the catalog, without addresses of pages.
pub(crate) fn whole_catalog(translator: &Translator, catalog: &Catalog) -> Bytes {
    let whole = parts(translator, catalog, kept, usize::MAX).next().unwrap_or_default();
    whole.encode_to_vec().into()
}

/// One version in parts, at least one.
struct Parts<'a, I: Iterator> {
    translator: &'a Translator,
    catalog: &'a Catalog,
    items: Peekable<I>,
    number: u32,
    is_done: bool,
    part_bytes: usize,
}

/// An item of a version.
enum Item {
    Kind(Box<pb::Kind>),
    Method(pb::Method),
}

fn parts<'a>(
    translator: &'a Translator,
    catalog: &'a Catalog,
    encode: fn(&Translator, &Kind) -> pb::Kind,
    part_bytes: usize,
) -> impl Iterator<Item = pb::WatchCatalogResponse> + use<'a> {
    let kinds = catalog.iter().map(move |kind| Item::Kind(Box::new(encode(translator, kind))));
    let methods = catalog.methods().map(|method| Item::Method(self::method(method)));
    let items = kinds.chain(methods).peekable();
    Parts { translator, catalog, items, number: 0, is_done: false, part_bytes }
}

impl<I: Iterator<Item = Item>> Iterator for Parts<'_, I> {
    type Item = pb::WatchCatalogResponse;

    fn next(&mut self) -> Option<pb::WatchCatalogResponse> {
        if self.is_done {
            return None;
        }
        let (mut kinds, mut methods, mut bytes) = (Vec::new(), Vec::new(), 0);
        for item in self.items.by_ref() {
            match item {
                Item::Kind(kind) => {
                    bytes += kind.encoded_len();
                    kinds.push(*kind);
                }
                Item::Method(method) => {
                    bytes += method.encoded_len();
                    methods.push(method);
                }
            }
            if bytes >= self.part_bytes {
                break;
            }
        }
        self.is_done = self.items.peek().is_none();
        let part = self.number;
        self.number += 1;
        Some(pb::WatchCatalogResponse {
            version: self.catalog.version().to_owned(),
            kinds,
            part,
            more: !self.is_done,
            domain: self.translator.policy().domain.to_string(),
            domains: match part {
                0 => self.catalog.domains().map(str::to_owned).collect(),
                _ => Vec::new(),
            },
            methods,
        })
    }
}

/// A kind for callers: the entry of the catalog, and the address of its page, also if that is not in the entry.
pub(crate) fn kind_message(translator: &Translator, kind: &Kind) -> pb::Kind {
    let help_url = translator.help_url_of(kind).unwrap_or_default().into_owned();
    pb::Kind { help_url, ..kept(translator, kind) }
}

/// The entry of a kind as a message; without one, the name alone.
fn kept(translator: &Translator, kind: &Kind) -> pb::Kind {
    match kind.entry() {
        Some(entry) => self::entry(entry, translator.domain_of(kind)),
        None => pb::Kind { kind: kind.as_str().to_owned(), ..Default::default() },
    }
}

fn entry(entry: &KindEntry, domain: &str) -> pb::Kind {
    let (retry, retry_delay) = match entry.retry {
        Retry::Never => (pb::Retry::Never, None),
        Retry::AfterBackoff => (pb::Retry::AfterBackoff, None),
        Retry::AfterDelay(delay) => (pb::Retry::AfterDelay, prost_types::Duration::try_from(delay).ok()),
    };
    let visibility = |visibility| match visibility {
        Visibility::Public => pb::Visibility::Public.into(),
        Visibility::Internal => pb::Visibility::Internal.into(),
    };
    let metadata_key = |(key, of): &(Cow<'static, str>, Visibility)| {
        (key.to_string(), pb::MetadataKeyOptions { visibility: visibility(*of) })
    };
    let text = |text: &Option<Cow<'static, str>>| text.as_deref().unwrap_or_default().to_owned();
    pb::Kind {
        kind: entry.kind.to_string(),
        reason: entry.reason.to_string(),
        domain: domain.to_owned(),
        status: entry.status.as_u16().into(),
        code: entry.code.number(),
        message: entry.message.to_string(),
        description: entry.description.to_string(),
        help_url: text(&entry.help_url),
        retry: retry.into(),
        retry_delay,
        visibility: visibility(entry.visibility),
        localized: entry.localized.iter().map(|(tag, text)| (tag.to_string(), text.to_string())).collect(),
        deprecated: entry.deprecated.as_ref().map(|deprecation| pb::Deprecation {
            since: deprecation.since.to_string(),
            replaced_by: text(&deprecation.replaced_by),
        }),
        owner: text(&entry.owner),
        metadata: entry.metadata.iter().map(metadata_key).collect(),
        language: entry.language.to_string(),
    }
}

/// A method of a catalog as a message.
fn method(method: &Method) -> pb::Method {
    let routes = method.routes().iter().map(|route| pb::Route {
        verb: route.verb().to_owned(),
        template: route.template().to_owned(),
        has_body: route.has_body(),
    });
    pb::Method {
        method: method.name().to_owned(),
        kinds: method.kinds().map(str::to_owned).collect(),
        declared: method.is_declared(),
        routes: routes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::HttpRoute,
        model::{kinds, rpc},
    };

    #[test]
    fn parts_together_are_the_whole() {
        let translator = Translator::default();
        let route = HttpRoute::new("POST", "/v1/tasks").with_body();
        let methods = (0..99).map(|n| Method::new(format!("a.S/M{n}"), ["gone"]).with_routes([route.clone()]));
        let catalog = Catalog::builtin().with_methods(methods);
        let whole = pb::WatchCatalogResponse::decode(whole_catalog(&translator, &catalog)).unwrap();
        assert_eq!((whole.kinds.len(), whole.part, whole.more), (catalog.len(), 0, false));
        let expected = pb::Method {
            method: "a.S/M0".into(),
            kinds: vec!["gone".into()],
            declared: true,
            routes: vec![pb::Route { verb: "POST".into(), template: "/v1/tasks".into(), has_body: true }],
        };
        assert_eq!((whole.methods.len(), &whole.methods[0]), (99, &expected));
        for bytes in [0, 1, 1_000, 4_000] {
            let parts: Vec<_> = parts(&translator, &catalog, kind_message, bytes).collect();
            let kinds: Vec<_> = parts.iter().flat_map(|part| part.kinds.clone()).collect();
            let methods: Vec<_> = parts.iter().flat_map(|part| part.methods.clone()).collect();
            assert_eq!((&kinds, &methods), (&whole.kinds, &whole.methods), "parts of {bytes}");
            for (at, part) in parts.iter().enumerate() {
                assert_eq!((part.part as usize, part.more), (at, at + 1 < parts.len()), "parts of {bytes}");
                let lengths = part.kinds.iter().map(Message::encoded_len);
                let lengths: Vec<_> = lengths.chain(part.methods.iter().map(Message::encoded_len)).collect();
                let before_last: usize = lengths.iter().rev().skip(1).sum();
                assert!(!lengths.is_empty() && before_last < bytes.max(1), "parts of {bytes}");
                assert_eq!(part.version, whole.version, "parts of {bytes}");
            }
            assert!(parts.len() > 1);
        }
    }

    #[test]
    fn a_kind_has_the_fields_of_its_entry() {
        let message = kind_message(&Translator::default(), &kinds::RATE_LIMITED);
        assert_eq!((message.kind.as_str(), message.reason.as_str()), ("rate_limited", "RATE_LIMITED"));
        assert_eq!((message.status, message.code()), (429, rpc::Code::ResourceExhausted));
        assert_eq!((message.retry(), message.visibility()), (pb::Retry::AfterBackoff, pb::Visibility::Public));
        assert_eq!(message.domain, "errwire.dev");
    }

    #[cfg(feature = "cli")]
    fn read(kinds: Vec<pb::Kind>) -> Vec<KindEntry> {
        let version = pb::WatchCatalogResponse { kinds, ..Default::default() };
        crate::remote::entries(&[version.encode_to_vec().into()], crate::remote::Limits::DEFAULT).unwrap().0
    }

    #[test]
    #[cfg(feature = "cli")]
    fn internal_keys_survive_a_round_trip() {
        let mut entry = kinds::RATE_LIMITED.entry().cloned().unwrap();
        entry.metadata = vec![("shard".into(), Visibility::Internal), ("zone".into(), Visibility::Public)].into();
        let sent = self::entry(&entry, "errwire.dev");
        assert_eq!(read(vec![sent]), [entry]);
    }

    #[test]
    #[cfg(feature = "cli")]
    fn every_built_in_kind_survives_a_round_trip() {
        let translator = Translator::default();
        let catalog = translator.catalog();
        let sent = catalog.iter().map(|original| kind_message(&translator, original)).collect();
        let originals: Vec<_> = catalog.iter().filter_map(Kind::entry).cloned().collect();
        assert_eq!(read(sent), originals);
    }
}
