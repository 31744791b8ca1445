//! A version of the catalog as messages.

use std::iter::Peekable;

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;

use super::{encode, pb};
use crate::{catalog::Catalog, model::Kind, translate::Translator};

/// From how many encoded bytes on a part is full.
const PART_BYTES: usize = 256 * 1024;

/// The bytes in front of each message: a flag, and its length
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>).
pub(super) const PREFIX: usize = 5;

/// The parts of a version, each as a message of gRPC: not compressed, with its length in front.
pub(super) fn encoded_parts(translator: &Translator, catalog: &Catalog) -> Vec<Bytes> {
    parts(translator, catalog, encode::kind, PART_BYTES).map(|part| prefixed(&part)).collect()
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

/// A whole version as one message, to be kept: only what the catalog says itself.
pub(crate) fn whole_catalog(translator: &Translator, catalog: &Catalog) -> Bytes {
    let whole = parts(translator, catalog, encode::kept, usize::MAX).next().unwrap_or_default();
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

/// What a version consists of.
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
    let methods = catalog.methods().map(|method| Item::Method(encode::method(method)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{HttpRoute, Method};

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
            let parts: Vec<_> = parts(&translator, &catalog, encode::kind, bytes).collect();
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
}
