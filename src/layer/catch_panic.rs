//! Panics as errors.

// docs/rules.md: R-LAYER-3

use std::{
    any::Any,
    error, fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
};

use crate::model::{Error, kinds};

/// Runs `f`; a panic in it becomes an `internal_error`, whose text stays in the error's source.
///
/// After a panic the state that `f` worked on must be dropped and not be used again.
#[inline]
pub(crate) fn catch<T>(f: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(f)).map_err(error_of)
}

#[cold]
fn error_of(payload: Box<dyn Any + Send>) -> Error {
    Error::new(kinds::INTERNAL_ERROR).with_source(Panic::new(&*payload))
}

/// Replaces a future or body, and drops the old one, which may panic again. The new one is made in its place, since a state without
/// content would be copied in its full size.
#[inline]
pub(crate) fn replace<T>(mut place: Pin<&mut T>, with: impl FnOnce() -> T) {
    let _ = catch(|| place.set(with()));
}

/// The message of a panic.
#[derive(Debug)]
struct Panic(String);

impl Panic {
    fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Self(text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default())
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.0)
    }
}

impl error::Error for Panic {}
