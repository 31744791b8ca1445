//! How long a call may take.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::HeaderValue;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

pin_project! {
    /// The deadline of a call, if it has one.
    pub(super) struct Deadline {
        at: Option<Instant>,
        // Made when there is something to wait for: most answers are there at once.
        #[pin]
        sleep: Option<Sleep>,
        // How often something was there since the clock was looked at.
        unlooked: u8,
    }
}

/// How often something may be there before the clock is looked at, which costs as much as to pass a frame on.
const UNLOOKED: u8 = 16;

impl Deadline {
    pub(super) fn new(at: Option<Instant>) -> Self {
        Self { at, sleep: None, unlooked: 0 }
    }

    pub(super) fn at(&self) -> Option<Instant> {
        self.at
    }

    /// Whether it has passed, for who never has to wait for anything. Looks at the clock the first time, and now and then.
    pub(super) fn passes_by(self: Pin<&mut Self>) -> bool {
        let this = self.project();
        let looks = *this.unlooked == 0;
        *this.unlooked = (*this.unlooked + 1) % UNLOOKED;
        looks && has_passed(*this.at)
    }

    /// Ready when it has passed, which is never if there is none.
    pub(super) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(at) = *this.at else { return Poll::Pending };
        if this.sleep.is_none() {
            this.sleep.set(Some(sleep_until(at)));
        }
        this.sleep.as_pin_mut().map_or(Poll::Pending, |sleep| sleep.poll(cx))
    }
}

pub(super) fn has_passed(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| deadline <= Instant::now())
}

/// The earlier of the caller's deadline, as `grpc-timeout` says it, and our own.
pub(super) fn deadline(callers: Option<&HeaderValue>, own: Option<Duration>) -> Option<Instant> {
    let callers = callers.and_then(|value| grpc_timeout(value.as_bytes()));
    let timeout = [callers, own].into_iter().flatten().min()?;
    // Past what the clock can hold is as good as none.
    Instant::now().checked_add(timeout)
}

/// Reads `grpc-timeout`: at most eight digits and a unit. Anything else is no timeout.
///
/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>
fn grpc_timeout(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let amount = digits.iter().fold(0, |amount: u64, digit| amount * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Some(Duration::from_secs(amount * 3_600)),
        b'M' => Some(Duration::from_secs(amount * 60)),
        b'S' => Some(Duration::from_secs(amount)),
        b'm' => Some(Duration::from_millis(amount)),
        b'u' => Some(Duration::from_micros(amount)),
        b'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_protocol_allows() {
        let rows: [(&[u8], Option<Duration>); 12] = [
            (b"1S", Some(Duration::from_secs(1))),
            (b"99999999H", Some(Duration::from_secs(99_999_999 * 3_600))),
            (b"2M", Some(Duration::from_secs(120))),
            (b"5m", Some(Duration::from_millis(5))),
            (b"0n", Some(Duration::ZERO)),
            (b"7u", Some(Duration::from_micros(7))),
            (b"100000000S", None),
            (b"S", None),
            (b"1", None),
            (b"-1S", None),
            (b"1 S", None),
            (b"", None),
        ];
        for (value, expected) in rows {
            assert_eq!(grpc_timeout(value), expected, "{:?}", std::str::from_utf8(value));
        }
    }
}
