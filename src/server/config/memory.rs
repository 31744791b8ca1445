//! How much memory a server may need.

use super::Config;

/// A process without callers, with the built-in kinds.
const PROCESS: u64 = 64 * 1024 * 1024;

/// How much larger a buffer may be than what is in it, since buffers grow by doubling.
const BUFFER: u64 = 2;

/// What HTTP/2 holds of one connection at most: its window, full of what no call has taken yet.
const CONNECTION: u64 = 1024 * 1024;

/// What a call may hold before `max_buffered_bytes` counts it.
const CALL: u64 = 64 * 1024;

/// How much larger the fields of a header are in memory than HTTP/2 counts them, at most.
const HEADER: u64 = 4;

impl Config {
    /// About how many bytes a server holds at most, if callers do their worst at every limit at once: what to give it, with what
    /// its catalog needs besides (about 1 KiB for each kind, twice while it is replaced).
    ///
    /// ```text
    /// 64 MiB + 2 × max_buffered_bytes
    ///        + (max_concurrent_requests + max_open_streams) × (64 KiB + 4 × max_header_list_bytes)
    ///        + max_connections × 1 MiB
    /// ```
    pub fn max_memory_bytes(&self) -> u64 {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let calls = number(self.max_concurrent_requests.get()).saturating_add(number(self.max_open_streams.get()));
        let each_call = CALL + HEADER * u64::from(self.max_header_list_bytes.get());
        let connections = number(self.max_connections.get());
        PROCESS
            .saturating_add(BUFFER * u64::from(self.max_buffered_bytes.get()))
            .saturating_add(calls.saturating_mul(each_call))
            .saturating_add(connections.saturating_mul(CONNECTION))
    }
}
