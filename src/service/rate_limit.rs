//! What keeps count of the items of a stream.

use std::{fmt, sync::Arc, time::Duration};

/// Told of each item that a caller sends in a stream, once it is there as a whole.
pub(crate) trait Meter: Send + Sync {
    /// Lets the item be answered, or says how long the caller should have waited.
    fn item(&self) -> Result<(), Duration>;
}

/// The meter of a call, in the extensions of its request.
#[derive(Clone)]
pub(crate) struct Metered(pub(crate) Arc<dyn Meter>);

impl fmt::Debug for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metered").finish_non_exhaustive()
    }
}
