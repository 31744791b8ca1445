//! The calls that are under way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::ItemRate;
use crate::{
    Translator,
    server::{concurrency::Slots, config::Config, listen::ConnectionState},
    service::Meter,
};

/// Those of all connections, and what they may take.
#[derive(Debug)]
pub(crate) struct Calls {
    slots: Arc<Slots>,
    /// Of those that are held, the ones that are not free.
    bytes: AtomicUsize,
    most_bytes: usize,
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
    /// The bytes that came and may still be held.
    received: AtomicUsize,
    /// How many of them count for all calls together.
    taken: AtomicUsize,
}

/// What each call may hold, so that small requests pass while large ones hold all that there is. With the calls at once it is
/// bounded.
const FREE: usize = 64 * 1024;

impl Calls {
    pub(crate) fn new(config: &Config, slots: Arc<Slots>, translator: Translator) -> Self {
        Self {
            slots,
            bytes: AtomicUsize::new(0),
            most_bytes: config.max_buffered_bytes.as_usize(),
            most_header_bytes: config.max_header_list_bytes.as_usize(),
            timeout: config.request_timeout,
            translator,
        }
    }

    pub(crate) fn most_header_bytes(&self) -> usize {
        self.most_header_bytes
    }

    /// Whether a call that waits for its caller has to make room for others.
    pub(super) fn are_crowded(&self) -> bool {
        self.slots.are_scarce()
    }
}

impl Call {
    /// `None` if there are too many already.
    pub(super) fn begin(calls: &Arc<Calls>, connection: &Arc<ConnectionState>, items: &ItemRate) -> Option<Self> {
        if !calls.slots.take() {
            return None;
        }
        connection.call_begins();
        Some(Self {
            calls: calls.clone(),
            connection: connection.clone(),
            items: items.clone(),
            received: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
        })
    }

    /// Says that so many bytes of the request came. `false` if all calls together hold too many.
    pub(super) fn receives(&self, bytes: usize) -> bool {
        let received = self.received.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let more = received.saturating_sub(FREE).saturating_sub(self.taken.load(Ordering::Relaxed));
        if more == 0 {
            return true;
        }
        if self.calls.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more) > self.calls.most_bytes {
            self.calls.bytes.fetch_sub(more, Ordering::Relaxed);
            return false;
        }
        self.taken.fetch_add(more, Ordering::Relaxed);
        true
    }

    /// Says that what came was used, and is held no more.
    pub(super) fn releases(&self) {
        self.received.store(0, Ordering::Relaxed);
        self.calls.bytes.fetch_sub(self.taken.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }

    pub(super) fn calls(&self) -> &Arc<Calls> {
        &self.calls
    }

    pub(super) fn connection(&self) -> &ConnectionState {
        &self.connection
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
        self.releases();
        self.calls.slots.give_back();
        self.connection.call_ends();
    }
}
