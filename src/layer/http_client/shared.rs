//! What all calls through one layer share, and what they do with an error.

use http::response::Parts;

use crate::{
    layer::{Direction, Event, Observer, catch_panic, collect::Collected, error_source},
    model::{BoxError, Error, kinds},
    translate::{ReadOptions, Report, StatusTable, Translator},
};

#[derive(Clone)]
pub(super) struct Shared<O> {
    pub(super) translator: Translator,
    pub(super) table: StatusTable,
    pub(super) observer: O,
}

impl<O: Observer> Shared<O> {
    /// Reads the response of the service.
    pub(super) fn read(&self, head: &Parts, body: Collected, to_head: bool) -> Error {
        let mut options = ReadOptions::new().with_table(self.table);
        options.to_head = to_head;
        let status = head.status.as_u16().into();
        let (error, mut report) = match self.translator.read_http_with(status, &head.headers, &body.bytes, &options) {
            Ok(read) => read,
            // Only what is an error is read.
            Err(_) => (Error::new(kinds::UNKNOWN_ERROR), Report::default()),
        };
        report.notes.extend(body.note.map(str::to_owned));
        self.observe(error, &report)
    }

    /// There was no response.
    pub(super) fn failed(&self, cause: BoxError) -> Error {
        self.observe(error_of(cause), &Report::default())
    }

    fn observe(&self, error: Error, report: &Report) -> Error {
        let event = Event { direction: Direction::HttpClient, error: &error, report };
        // An observer must not affect the response.
        let _ = catch_panic::catch(|| self.observer.on_error(&event));
        error
    }
}

/// The `errwire::Error` in the chain. Else UNAVAILABLE: the service was not reached, or it went away; what an I/O error
/// is called (`NotFound`, `PermissionDenied`) is not a response of an application.
pub(super) fn error_of(cause: BoxError) -> Error {
    // The caller's own patience ended.
    if error_source::is_timeout(&*cause) {
        return Error::new(kinds::DEADLINE_EXCEEDED).with_source(cause);
    }
    match error_source::find::<Error>(&*cause).cloned() {
        Some(error) => error.with_source(cause),
        None => Error::new(kinds::SERVICE_UNAVAILABLE).with_source(cause),
    }
}
