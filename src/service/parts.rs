//! A version of the catalog as messages.

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
    // A part is not much larger than `PART_BYTES`, and no single kind comes near 4 GiB.
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
struct Parts<'a, K> {
    translator: &'a Translator,
    catalog: &'a Catalog,
    kinds: K,
    /// The first kind of the next part.
    next: Option<pb::Kind>,
    number: u32,
    is_done: bool,
    part_bytes: usize,
}

fn parts<'a>(
    translator: &'a Translator,
    catalog: &'a Catalog,
    encode: fn(&Translator, &Kind) -> pb::Kind,
    part_bytes: usize,
) -> impl Iterator<Item = pb::WatchCatalogResponse> + use<'a> {
    let kinds = catalog.iter().map(move |kind| encode(translator, kind));
    Parts { translator, catalog, kinds, next: None, number: 0, is_done: false, part_bytes }
}

impl<K: Iterator<Item = pb::Kind>> Iterator for Parts<'_, K> {
    type Item = pb::WatchCatalogResponse;

    fn next(&mut self) -> Option<pb::WatchCatalogResponse> {
        if self.is_done {
            return None;
        }
        let (mut kinds, mut bytes) = (Vec::new(), 0);
        let mut next = self.next.take().or_else(|| self.kinds.next());
        while let Some(kind) = next {
            bytes += kind.encoded_len();
            kinds.push(kind);
            next = self.kinds.next();
            if bytes >= self.part_bytes {
                break;
            }
        }
        self.next = next;
        self.is_done = self.next.is_none();
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_together_are_the_whole() {
        let translator = Translator::default();
        let catalog = Catalog::builtin();
        let whole = pb::WatchCatalogResponse::decode(whole_catalog(&translator, &catalog)).unwrap();
        assert_eq!((whole.kinds.len(), whole.part, whole.more), (catalog.len(), 0, false));
        for bytes in [0, 1, 1_000, 4_000] {
            let parts: Vec<_> = parts(&translator, &catalog, encode::kind, bytes).collect();
            let kinds: Vec<_> = parts.iter().flat_map(|part| part.kinds.clone()).collect();
            assert_eq!(kinds, whole.kinds, "parts of {bytes}");
            for (at, part) in parts.iter().enumerate() {
                assert_eq!((part.part as usize, part.more), (at, at + 1 < parts.len()), "parts of {bytes}");
                let last = part.kinds.last().unwrap().encoded_len();
                let len: usize = part.kinds.iter().map(Message::encoded_len).sum();
                assert!(len - last < bytes.max(1) && part.version == whole.version, "parts of {bytes}");
            }
            assert!(parts.len() > 1);
        }
    }
}
