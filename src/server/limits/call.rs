//! The calls that are in flight, and what they hold in memory.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Response;
use http_body::Body as _;
use tokio::{task, time};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;

use super::{
    ItemRate,
    concurrency::{ConcurrencyLimit, Places},
};
use crate::{
    layer::Caller,
    model::Error,
    server::{config::Config, errors, listen::ConnectionState},
    service::{CallKind, Meter},
    translate::Translator,
};

/// The calls of all connections, and their shared limits.
#[derive(Debug)]
pub(crate) struct Calls {
    places: Arc<Places>,
    /// The buffered bytes of all calls beyond the free part of each.
    bytes: AtomicUsize,
    /// How many more times the allocator is to be asked to return memory.
    to_give_back: AtomicUsize,
    pub(super) config: Arc<Config>,
    pub(super) translator: Translator,
}

/// An admitted call. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Call {
    calls: Arc<Calls>,
    connection: Arc<ConnectionState>,
    items: ItemRate,
    kind: CallKind,
    caller: Caller,
    /// The bytes of the request that may still be in memory.
    received: AtomicUsize,
    /// The bytes of the response that wait for the peer.
    waiting: AtomicUsize,
    /// How many of both are counted in [`Calls::bytes`].
    taken: AtomicUsize,
}

/// The bytes of each call that do not count, so that small calls pass while large ones use up the limit. The limit of calls
/// bounds their sum.
const FREE: usize = 64 * 1024;

/// How often the allocator is told to free memory after the last large call: it may keep freed memory for a second, and the thread that
/// freed it for one more.
const GIVE_BACK: usize = 3;

impl Calls {
    pub(crate) fn new(config: Arc<Config>, places: Arc<Places>, translator: Translator) -> Self {
        Self { places, bytes: AtomicUsize::new(0), to_give_back: AtomicUsize::new(0), config, translator }
    }

    /// Takes a place for a call; `false` if there is none.
    pub(super) fn take_place(&self, kind: CallKind) -> bool {
        self.places.for_calls(kind).take()
    }

    fn takes_back(&self, bytes: usize) {
        if bytes > 0 {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.to_give_back.store(GIVE_BACK, Ordering::Relaxed);
        }
    }

    /// Whether calls that held more than their free part have just ended.
    pub(crate) fn give_back(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.to_give_back.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

impl Call {
    /// A call that has [taken its place](Calls::take_place), which it gives back at its end.
    pub(super) fn begin(
        calls: Arc<Calls>,
        connection: Arc<ConnectionState>,
        items: ItemRate,
        kind: CallKind,
        caller: Caller,
    ) -> Self {
        connection.call_begins();
        Self {
            calls,
            connection,
            items,
            kind,
            caller,
            received: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
        }
    }

    /// Counts bytes of the request. `false` if all calls together hold too many.
    pub(super) fn receives(&self, bytes: usize) -> bool {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        self.counts()
    }

    /// The request is no longer in memory.
    pub(super) fn releases(&self) {
        self.received.store(0, Ordering::Relaxed);
        self.counts();
    }

    /// Counts the bytes of the response that wait for the peer. `false` if all calls together hold too many.
    pub(super) fn waits_with(&self, bytes: usize) -> bool {
        self.waiting.store(bytes, Ordering::Relaxed);
        self.counts()
    }

    /// Updates the shared count to what this call holds, if the limit allows it.
    fn counts(&self) -> bool {
        let held = self.received.load(Ordering::Relaxed).saturating_add(self.waiting.load(Ordering::Relaxed));
        let wanted = held.saturating_sub(FREE);
        // Nearly always: no call of a usual size is counted.
        if self.taken.load(Ordering::Relaxed) == wanted {
            return true;
        }
        let before = self.taken.swap(wanted, Ordering::Relaxed);
        let Some(more) = wanted.checked_sub(before).filter(|more| *more > 0) else {
            self.calls.takes_back(before - wanted);
            return true;
        };
        let held = self.calls.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        let fits = held <= self.calls.config.max_buffered_bytes.as_usize();
        if !fits {
            self.calls.bytes.fetch_sub(more, Ordering::Relaxed);
            self.taken.fetch_sub(more, Ordering::Relaxed);
        }
        fits
    }

    pub(super) fn translator(&self) -> &Translator {
        &self.calls.translator
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(super) fn kind(&self) -> CallKind {
        self.kind
    }

    /// Whether places are scarce, so that calls that wait for their callers have to end.
    pub(super) fn is_crowded(&self) -> bool {
        self.place().is_scarce()
    }

    fn place(&self) -> &ConcurrencyLimit {
        self.calls.places.for_calls(self.kind)
    }

    /// Cancelled when the call has to end: subscriptions at the drain, others at the end of the drain timeout.
    pub(super) fn ending(&self) -> &CancellationToken {
        match self.kind {
            CallKind::Subscription => &self.connection.draining,
            CallKind::Unary | CallKind::Stream => &self.connection.ending,
        }
    }

    /// Whether there is room for a response of a known size.
    pub(super) fn has_room(&self, response: &Response<Body>) -> bool {
        let exact = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
        let Some(bytes) = exact.filter(|bytes| *bytes > FREE) else { return true };
        self.releases();
        self.waits_with(bytes)
    }

    /// The response to a call that failed with this error.
    pub(super) fn response(&self, error: &Error) -> Response<Body> {
        errors::response(&self.caller, error, self.translator(), false)
    }
}

impl Meter for Call {
    fn item(&self) -> Result<(), Duration> {
        self.releases();
        self.items.take()
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // Returns the bytes of this call to the shared count.
        self.calls.takes_back(*self.taken.get_mut());
        self.place().give_back();
        self.connection.call_ends();
    }
}

/// How often to check whether large calls have ended: about as long as an allocator keeps freed memory.
const INTERVAL: Duration = Duration::from_secs(1);

/// Too large for an allocator to serve from its caches.
const LARGE: usize = 4 * 1024 * 1024;

/// Makes the allocator return memory after large calls, until `end`: a large allocation makes it release its caches. Nothing is written
/// to the allocation, so it uses no memory.
pub(crate) async fn give_back(calls: std::sync::Weak<Calls>, end: CancellationToken) {
    let ask = async {
        loop {
            time::sleep(INTERVAL).await;
            let Some(calls) = calls.upgrade() else { return };
            if calls.give_back() {
                // On several threads, since each has a cache of its own.
                (0..4).for_each(|_| drop(task::spawn(async { drop(black_box(Vec::<u8>::with_capacity(LARGE))) })));
            }
        }
    };
    tokio::select! {
        () = ask => {}
        () = end.cancelled() => {}
    }
}
