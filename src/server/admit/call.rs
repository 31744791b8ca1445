//! The calls that are under way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::{
    Translator,
    server::{config::Config, listen::ConnectionState},
};

/// Those of all connections, and what they may take.
#[derive(Debug)]
pub(crate) struct Calls {
    under_way: AtomicUsize,
    most: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) translator: Translator,
}

/// One that was let in. It is over when this is dropped.
#[derive(Debug)]
pub(super) struct Call {
    calls: Arc<Calls>,
    connection: Arc<ConnectionState>,
}

impl Calls {
    pub(crate) fn new(config: &Config, translator: Translator) -> Self {
        Self {
            under_way: AtomicUsize::new(0),
            most: config.max_concurrent_requests.get(),
            timeout: config.request_timeout,
            translator,
        }
    }
}

impl Call {
    /// `None` if there are too many already.
    pub(super) fn begin(calls: &Arc<Calls>, connection: &Arc<ConnectionState>) -> Option<Self> {
        if calls.under_way.fetch_add(1, Ordering::Relaxed) >= calls.most {
            calls.under_way.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        connection.call_begins();
        Some(Self { calls: calls.clone(), connection: connection.clone() })
    }

    pub(super) fn calls(&self) -> &Arc<Calls> {
        &self.calls
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.calls.under_way.fetch_sub(1, Ordering::Relaxed);
        self.connection.call_ends();
    }
}
