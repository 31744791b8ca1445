//! Access: authentication, and how often a caller may call.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use errwire::{Error, kinds};

use super::Key;

const WINDOW: Duration = Duration::from_secs(60);

/// Counts the calls of each key.
#[derive(Debug, Default)]
pub(crate) struct Access {
    windows: Mutex<HashMap<&'static str, Window>>,
}

#[derive(Debug)]
struct Window {
    ends: Instant,
    calls: u32,
}

impl Access {
    /// Lets a caller in by its `Authorization` header.
    pub(crate) fn enter(&self, authorization: Option<&str>) -> Result<&'static Key, Error> {
        let key = Key::of(authorization)?;
        self.count(key, Instant::now())?;
        Ok(key)
    }

    fn count(&self, key: &'static Key, now: Instant) -> Result<(), Error> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key.secret).or_insert(Window { ends: now + WINDOW, calls: 0 });
        if window.ends <= now {
            *window = Window { ends: now + WINDOW, calls: 0 };
        }
        if window.calls == key.per_minute {
            let limit = key.per_minute;
            return Err(Error::new(kinds::RATE_LIMITED)
                .with_message(format!(
                    "This API key may make {limit} calls a minute. Reduce the frequency of requests."
                ))
                .with_metadata("limit", limit.to_string())
                .with_retry_after(window.ends - now));
        }
        window.calls += 1;
        Ok(())
    }
}
