//! Memory that large calls held goes back to the system.
//!
//! An allocator keeps what is freed for a while, and gives it back when somebody next asks it for something large. After calls that
//! held much, nobody may for hours.

use std::{hint::black_box, time::Duration};

use tokio::{task, time};
use tokio_util::sync::CancellationToken;

use super::limits::Calls;

/// How often to look whether large calls have ended. An allocator keeps memory for about as long.
const INTERVAL: Duration = Duration::from_secs(1);

/// So large that an allocator does not take it from what it keeps at hand.
const LARGE: usize = 4 * 1024 * 1024;

/// Asks the allocator for something large whenever large calls have ended, until `end`. Nothing is written to it, so that it costs no
/// memory.
pub(super) async fn give_back(calls: std::sync::Weak<Calls>, end: CancellationToken) {
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
