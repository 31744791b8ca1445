//! `WatchCatalog`: one version after another, in parts that all watchers share.
//!
//! Each version is encoded once. A watcher holds no more than the part that is on its way to it, which others hold too; while it
//! waits, it holds nothing. So what watchers cost does not grow with the catalog.

// docs/rules.md: R-SERVICE-6

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::{
    sync::watch,
    task::{self, AbortHandle},
};
use tokio_stream::wrappers::WatchStream;

use super::catalog_messages::encoded_parts;
use crate::{catalog::Catalog, translate::Translator};

/// One version, encoded.
#[derive(Debug)]
struct Version {
    name: String,
    /// Each a message of gRPC, with its prefix.
    parts: Vec<Bytes>,
}

type Newest = Option<Arc<Version>>;

/// Encodes the versions of a catalog for all watchers. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Watches(Arc<Mutex<State>>);

#[derive(Debug)]
enum State {
    /// Without watchers.
    Idle,
    Running {
        versions: watch::Sender<Newest>,
        encoding: AbortHandle,
    },
    Ended,
}

impl Watches {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State::Idle)))
    }

    /// Begins to watch; `None` once watching has [ended](Self::end). Encoding begins with the first watcher, and ends with the
    /// last one.
    pub(super) fn watch(&self, translator: &Translator) -> Option<Parts> {
        let mut state = self.state();
        let receiver = match &*state {
            State::Ended => return None,
            State::Running { versions, encoding } if !encoding.is_finished() => versions.subscribe(),
            State::Running { .. } | State::Idle => {
                let (versions, receiver) = watch::channel(None);
                let encoding = task::spawn(encode(translator.clone(), versions.clone(), self.clone()));
                *state = State::Running { versions, encoding: encoding.abort_handle() };
                receiver
            }
        };
        Some(Parts { news: WatchStream::new(receiver.clone()), receiver, sent: Sent::default() })
    }

    /// Ends all streams, and refuses new ones.
    pub(super) fn end(&self) {
        if let State::Running { encoding, .. } = std::mem::replace(&mut *self.state(), State::Ended) {
            encoding.abort();
        }
    }

    /// Whether the last watcher is gone; the state is idle then.
    fn is_idle(&self, versions: &watch::Sender<Newest>) -> bool {
        let mut state = self.state();
        // One may have come meanwhile.
        let is_idle = versions.receiver_count() == 0;
        if is_idle && matches!(&*state, State::Running { versions: current, .. } if current.same_channel(versions)) {
            *state = State::Idle;
        }
        is_idle
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No change of the state can be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Encodes each version as long as there are watchers.
async fn encode(translator: Translator, versions: watch::Sender<Newest>, watches: Watches) {
    let mut changes = translator.changes();
    loop {
        tokio::select! {
            catalog = changes.next() => {
                // Equal content is not a new version.
                if versions.borrow().as_ref().is_some_and(|newest| newest.name == catalog.version()) {
                    continue;
                }
                let translator = translator.clone();
                // A large one takes some milliseconds, which others on this thread should not wait for.
                match task::spawn_blocking(move || Arc::new(Version::of(&translator, &catalog))).await {
                    Ok(version) => drop(versions.send_replace(Some(version))),
                    Err(why) => tracing::error!(error = %why, "a version of the catalog was not encoded"),
                }
            }
            () = versions.closed() => if watches.is_idle(&versions) {
                return;
            },
        }
    }
}

impl Version {
    fn of(translator: &Translator, catalog: &Catalog) -> Self {
        Self { name: catalog.version().to_owned(), parts: encoded_parts(translator, catalog) }
    }
}

/// The parts of each version, as messages of gRPC with their prefixes. A watcher that is slow skips to the newest version.
#[derive(Debug)]
pub(super) struct Parts {
    /// Only wakes the stream; its values are not read, since they would be held.
    news: WatchStream<Newest>,
    receiver: watch::Receiver<Newest>,
    sent: Sent,
}

/// The parts that a watcher has been sent.
#[derive(Debug, Default)]
struct Sent {
    version: String,
    parts: usize,
}

impl Parts {
    /// The next part of the newest version, if there is one that was not sent.
    fn next_part(&mut self) -> Option<Bytes> {
        let newest = self.receiver.borrow();
        let newest = newest.as_ref()?;
        if newest.name != self.sent.version {
            self.sent = Sent { version: newest.name.clone(), parts: 0 };
        }
        let part = newest.parts.get(self.sent.parts)?.clone();
        self.sent.parts += 1;
        Some(part)
    }
}

impl Stream for Parts {
    type Item = Bytes;

    /// Ends when watching does.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            if let Some(part) = self.next_part() {
                return Poll::Ready(Some(part));
            }
            if ready!(Pin::new(&mut self.news).poll_next(cx)).is_none() {
                return Poll::Ready(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use prost::Message as _;
    use tokio::time::{sleep, timeout};
    use tokio_stream::StreamExt as _;

    use super::{super::catalog_messages::PREFIX, *};
    use crate::{
        model::{Code, HttpStatus, KindEntry, MessageTemplate},
        pb,
    };

    const HANG: Duration = Duration::from_secs(30);

    fn catalog(kinds: usize, message: &str) -> Catalog {
        let entry = |number| {
            let message = MessageTemplate::from(message.to_owned());
            KindEntry::new(format!("k_{number}"), "d".into(), HttpStatus::from_static(404), Code::NotFound, message)
        };
        Catalog::with_entries((100..100 + kinds).map(entry))
    }

    async fn next(parts: &mut Parts) -> Bytes {
        timeout(HANG, parts.next()).await.expect("a part comes").expect("watching goes on")
    }

    #[tokio::test]
    async fn watchers_share_one_encoding() {
        let translator = Translator::new(catalog(10_000, "It is not there any more. Look again."));
        let watches = Watches::new();
        let mut watchers: Vec<_> = (0..3).map(|_| watches.watch(&translator).unwrap()).collect();
        let mut first = Vec::new();
        for watcher in &mut watchers {
            first.push(next(watcher).await);
        }
        assert!(first.iter().all(|part| part.as_ptr() == first[0].as_ptr() && part.len() > 256 * 1024));
        // One in the middle of a version goes on with the newest.
        translator.swap(catalog(1, "Another one."));
        let mut fresh = watches.watch(&translator).unwrap();
        let newest = async {
            loop {
                let part = fresh.next().await.unwrap();
                let message = pb::WatchCatalogResponse::decode(&part[PREFIX..]).unwrap();
                if message.version == translator.catalog().version() {
                    return part;
                }
            }
        };
        let newest = timeout(HANG, newest).await.unwrap();
        assert_eq!(next(&mut watchers[0]).await.as_ptr(), newest.as_ptr());
    }

    #[tokio::test]
    async fn nothing_is_held_without_watchers() {
        let translator = Translator::default();
        let watches = Watches::new();
        for _ in 0..2 {
            let mut parts = watches.watch(&translator).unwrap();
            next(&mut parts).await;
            drop(parts);
            let idle = async {
                while !matches!(&*watches.state(), State::Idle) {
                    sleep(Duration::from_millis(1)).await;
                }
            };
            timeout(HANG, idle).await.expect("it still runs without watchers");
        }
        let mut parts = watches.watch(&translator).unwrap();
        next(&mut parts).await;
        watches.end();
        assert_eq!(timeout(HANG, parts.next()).await.unwrap(), None);
        assert!(watches.watch(&translator).is_none());
    }
}
