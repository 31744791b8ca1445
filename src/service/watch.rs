//! `WatchCatalog`: one version after another, in parts.

use prost::Message;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{encode, pb};
use crate::{Catalog, Kind, Translator, translate::CatalogChanges};

/// From how many encoded bytes on a part is full.
const PART_BYTES: usize = 256 * 1024;

/// The answers to one watcher.
pub(super) type Watch = ReceiverStream<Result<pb::WatchCatalogResponse, Status>>;

/// Begins to send the catalog and its changes, until the watcher is gone or `end` is true.
///
/// One part is under way at most, and the next one is made when there is room for it: a watcher that reads slowly costs
/// no more than one part, and not even the catalog that it began with once there is a newer one.
pub(super) fn watch(translator: Translator, mut end: watch::Receiver<bool>) -> Watch {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            // The sender of `end` is gone with the last reader, and then nobody is left to end this.
            Ok(_) = end.wait_for(|end| *end) => {}
            () = send(&translator, &sender) => {}
        }
    });
    ReceiverStream::new(receiver)
}

type Sender = mpsc::Sender<Result<pb::WatchCatalogResponse, Status>>;

/// Returns once the watcher is gone.
async fn send(translator: &Translator, watcher: &Sender) {
    let mut changes = translator.changes();
    let mut sent = None;
    let mut next = changes.next().await;
    loop {
        // What says the same is no new version.
        if sent.as_deref() != Some(next.version()) {
            match send_version(translator, &next, &mut changes, watcher).await {
                Sent::Whole => sent = Some(next.version().to_owned()),
                Sent::Overtaken(newer) => {
                    (sent, next) = (None, newer);
                    continue;
                }
                Sent::Gone => return,
            }
        }
        // While it waits, a watcher holds no catalog.
        drop(next);
        next = tokio::select! {
            newer = changes.next() => newer,
            () = watcher.closed() => return,
        };
    }
}

enum Sent {
    Whole,
    Overtaken(Catalog),
    Gone,
}

async fn send_version(
    translator: &Translator,
    catalog: &Catalog,
    changes: &mut CatalogChanges,
    watcher: &Sender,
) -> Sent {
    for part in parts(translator, catalog, encode::kind, PART_BYTES) {
        let room = tokio::select! {
            biased;
            newer = changes.next() => return Sent::Overtaken(newer),
            room = watcher.reserve() => room,
        };
        match room {
            Ok(room) => room.send(Ok(part)),
            Err(_) => return Sent::Gone,
        }
    }
    Sent::Whole
}

/// A whole version as one message, to be kept: only what the catalog says itself.
pub(crate) fn whole_catalog(translator: &Translator, catalog: &Catalog) -> pb::WatchCatalogResponse {
    parts(translator, catalog, encode::kept, usize::MAX).next().unwrap_or_default()
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
        let whole = whole_catalog(&translator, &catalog);
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
