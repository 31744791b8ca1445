//! Tests that fail if a method returns an error that it does not declare.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::layer::{Event, Observer};

/// Fails the test that holds it when it is dropped, if a layer saw an error of a kind that its method does not declare.
///
/// ```
/// use errwire::{
///     Catalog, Translator,
///     catalog::Method,
///     layer::{GrpcServerLayer, RequireDeclared},
/// };
///
/// let method = Method::new("tasks.v1.TaskService/GetTask", ["task_not_found"]);
/// let translator = Translator::new(Catalog::builtin().with_methods([method]));
///
/// let declared = RequireDeclared::new();
/// let layer = GrpcServerLayer::new(translator).with_observer(declared.observer());
/// // Call the service through the layer. What the method did not declare ends the test here, with its name and the kind:
/// drop(declared);
/// ```
#[derive(Debug, Default)]
pub struct RequireDeclared(RecordUndeclared);

/// The observer of a [`RequireDeclared`].
#[derive(Clone, Debug, Default)]
pub struct RecordUndeclared(Arc<Mutex<Vec<String>>>);

impl RequireDeclared {
    /// Has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// To be given to layers: each that is made of one `RequireDeclared` tells it what it sees.
    pub fn observer(&self) -> RecordUndeclared {
        self.0.clone()
    }

    /// What was not declared so far, as `METHOD does not declare KIND`; what is taken does not fail the test.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.seen())
    }
}

impl Drop for RequireDeclared {
    fn drop(&mut self) {
        let seen = self.take();
        // A test that fails already says why.
        assert!(seen.is_empty() || thread::panicking(), "undeclared errors:\n{}", seen.join("\n"));
    }
}

impl RecordUndeclared {
    fn seen(&self) -> MutexGuard<'_, Vec<String>> {
        // Nothing in here can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for RecordUndeclared {
    fn on_error(&self, event: &Event<'_>) {
        if let Some(method) = &event.report.undeclared {
            self.seen().push(format!("{method} does not declare {}", event.error.kind()));
        }
    }
}
