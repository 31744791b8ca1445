//! Declared errors: whether a method declares a kind, and an observer for tests that fails on undeclared ones.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use http::{Method as Verb, Request, uri::PathAndQuery};

use super::{Event, Observer};
use crate::{catalog::Method, translate::Translator};

/// The method of an HTTP request. Small, and kept while the request is in flight.
#[derive(Debug)]
pub(super) enum Declared {
    /// Of the catalog, if it has it.
    Method(Option<Method>),
    /// Looked up by the routes of the methods once the response is an error.
    Route(Verb, PathAndQuery),
}

impl Declared {
    /// By the route of a request.
    #[inline]
    pub(super) fn of_route<B>(request: &Request<B>, translator: &Translator) -> Self {
        match request.uri().path_and_query() {
            Some(path) if translator.has_methods() => Self::Route(request.method().clone(), path.clone()),
            _ => Self::Method(None),
        }
    }

    pub(super) fn method(&self, translator: &Translator) -> Option<Method> {
        match self {
            Self::Method(method) => method.clone(),
            Self::Route(verb, path) => translator.catalog().method_by_route(verb.as_str(), path.path()).cloned(),
        }
    }
}

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
    /// Without findings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The observer for the layers of the test.
    pub fn observer(&self) -> RecordUndeclared {
        self.0.clone()
    }

    /// Takes the findings so far, as `METHOD does not declare KIND`; what is taken does not fail the test.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.seen())
    }
}

impl Drop for RequireDeclared {
    fn drop(&mut self) {
        let seen = self.take();
        // A second panic would hide the first.
        assert!(seen.is_empty() || thread::panicking(), "undeclared errors:\n{}", seen.join("\n"));
    }
}

impl RecordUndeclared {
    fn seen(&self) -> MutexGuard<'_, Vec<String>> {
        // A push cannot leave the list half changed.
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
