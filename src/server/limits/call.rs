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
    model::Error,
    server::{config::Config, errors::Caller, listen::ConnectionState},
    service::{CallKind, Meter},
    translate::Translator,
};

/// Those of all connections, and what they may take.
#[derive(Debug)]
pub(crate) struct Calls {
    places: Arc<Places>,
    /// Of those that are held, the ones that are not free.
    bytes: AtomicUsize,
    most_bytes: usize,
    /// How often the allocator is still to be caller to give back what large calls held.
    to_give_back: AtomicUsize,
    most_header_bytes: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) translator: Translator,
}

/// One that was let in. It is over when this is dropped.
#[derive(Debug)]
pub(super) struct Call {
    calls: Arc<Calls>,
    connection: Arc<ConnectionState>,
    items: ItemRate,
    kind: CallKind,
    /// The bytes of the request that came and may still be held.
    received: AtomicUsize,
    /// The bytes of the response that wait for the peer.
    waiting: AtomicUsize,
    /// How many of both count for all calls together.
    taken: AtomicUsize,
}

/// What each call may hold, so that small requests pass while large ones hold all that there is. With the calls at once it is
/// bounded.
const FREE: usize = 64 * 1024;

/// How often the allocator is caller after the last large call. What is freed may be kept for a second, and for one more by the
/// thread that had it.
const GIVE_BACK: usize = 3;

impl Calls {
    pub(crate) fn new(config: &Config, places: Arc<Places>, translator: Translator) -> Self {
        Self {
            places,
            bytes: AtomicUsize::new(0),
            to_give_back: AtomicUsize::new(0),
            most_bytes: config.max_buffered_bytes.as_usize(),
            most_header_bytes: config.max_header_list_bytes.as_usize(),
            timeout: config.request_timeout,
            translator,
        }
    }

    pub(crate) fn most_header_bytes(&self) -> usize {
        self.most_header_bytes
    }

    fn takes_back(&self, bytes: usize) {
        if bytes > 0 {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.to_give_back.store(GIVE_BACK, Ordering::Relaxed);
        }
    }

    /// Whether calls have ended a moment ago that held more than their free part.
    pub(crate) fn give_back(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.to_give_back.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

impl Call {
    /// `None` if there are too many already.
    pub(super) fn begin(
        calls: &Arc<Calls>,
        connection: &Arc<ConnectionState>,
        items: &ItemRate,
        kind: CallKind,
    ) -> Option<Self> {
        if !calls.places.for_calls(kind).take() {
            return None;
        }
        connection.call_begins();
        Some(Self {
            calls: calls.clone(),
            connection: connection.clone(),
            items: items.clone(),
            kind,
            received: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
        })
    }

    /// Says that so many bytes of the request came. `false` if all calls together hold too many.
    pub(super) fn receives(&self, bytes: usize) -> bool {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        self.counts()
    }

    /// Says that what came was used, and is held no more.
    pub(super) fn releases(&self) {
        self.received.store(0, Ordering::Relaxed);
        self.counts();
    }

    /// Says how many bytes of the response wait for the peer. `false` if all calls together hold too many.
    pub(super) fn waits_with(&self, bytes: usize) -> bool {
        self.waiting.store(bytes, Ordering::Relaxed);
        self.counts()
    }

    /// Makes what counts for all calls together what this one holds, if there is room for it.
    fn counts(&self) -> bool {
        let held = self.received.load(Ordering::Relaxed).saturating_add(self.waiting.load(Ordering::Relaxed));
        let wanted = held.saturating_sub(FREE);
        let before = self.taken.swap(wanted, Ordering::Relaxed);
        let Some(more) = wanted.checked_sub(before).filter(|more| *more > 0) else {
            self.calls.takes_back(before - wanted);
            return true;
        };
        let fits = self.calls.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more) <= self.calls.most_bytes;
        if !fits {
            self.calls.bytes.fetch_sub(more, Ordering::Relaxed);
            self.taken.fetch_sub(more, Ordering::Relaxed);
        }
        fits
    }

    pub(super) fn calls(&self) -> &Arc<Calls> {
        &self.calls
    }

    pub(super) fn kind(&self) -> CallKind {
        self.kind
    }

    /// Whether a call that waits for its caller has to make room for others.
    pub(super) fn is_crowded(&self) -> bool {
        self.place().is_scarce()
    }

    fn place(&self) -> &ConcurrencyLimit {
        self.calls.places.for_calls(self.kind)
    }
}

/// A call with what is known of its caller.
#[derive(Debug)]
pub(super) struct LimitedCall {
    pub(super) call: Arc<Call>,
    pub(super) caller: Caller,
}

impl LimitedCall {
    /// When the call ends, whatever it does.
    pub(super) fn ending(&self) -> &CancellationToken {
        match self.call.kind {
            CallKind::Subscription => self.call.connection.draining(),
            CallKind::Unary | CallKind::Stream => self.call.connection.ending(),
        }
    }

    /// Whether there is room for a response of a known size.
    pub(super) fn has_room(&self, response: &Response<Body>) -> bool {
        let exact = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
        let Some(bytes) = exact.filter(|bytes| *bytes > FREE) else { return true };
        self.call.releases();
        self.call.waits_with(bytes)
    }

    /// The whole response to a call that failed with this.
    pub(super) fn answer(&self, error: &Error) -> Response<Body> {
        self.caller.answer(&self.call.calls.translator, error)
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
        // All calls together take back what this one took.
        self.calls.takes_back(*self.taken.get_mut());
        self.place().give_back();
        self.connection.call_ends();
    }
}

/// How often to look whether large calls have ended. An allocator keeps memory for about as long.
const INTERVAL: Duration = Duration::from_secs(1);

/// So large that an allocator does not take it from what it keeps at hand.
const LARGE: usize = 4 * 1024 * 1024;

/// Asks the allocator for something large whenever large calls have ended, until `end`. Nothing is written to it, so that it costs no
/// memory.
pub(crate) async fn give_back(calls: std::sync::Weak<Calls>, end: CancellationToken) {
    let ask = async {
        loop {
            time::sleep(INTERVAL).await;
            let Some(calls) = calls.upgrade() else { return };
            if calls.give_back() {
                // On whichever threads are free: each keeps its own.
                (0..4).for_each(|_| drop(task::spawn(async { drop(black_box(Vec::<u8>::with_capacity(LARGE))) })));
            }
        }
    };
    tokio::select! {
        () = ask => {}
        () = end.cancelled() => {}
    }
}
