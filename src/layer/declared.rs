//! Declared errors: whether a method declares a kind, and an observer for tests that fails on undeclared ones.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use http::{Method as Verb, Request, request::Parts, uri::PathAndQuery};

use super::{Event, Observer};
use crate::{
    catalog::Method,
    model::Error,
    translate::{Report, Translator},
};

// docs/rules.md: R-CATALOG-6

/// The method of an HTTP request. Small, and kept while the request is in flight.
#[derive(Debug, Default)]
pub(super) enum Declared {
    /// The method is unknown, or declares nothing.
    #[default]
    Unknown,
    Method(Method),
    /// Looked up by the routes of the methods once the response is an error.
    Route(Verb, PathAndQuery),
}

impl Declared {
    /// Of a method by its name.
    pub(super) fn named(name: &str, translator: &Translator) -> Self {
        translator.method(name).map_or(Self::Unknown, Self::Method)
    }

    /// By the route of a request.
    #[inline]
    pub(super) fn of_route<B>(request: &Request<B>, translator: &Translator) -> Self {
        match request.uri().path_and_query() {
            Some(path) if translator.has_methods() => Self::Route(request.method().clone(), path.clone()),
            _ => Self::Unknown,
        }
    }

    pub(super) fn method(&self, translator: &Translator) -> Option<Method> {
        match self {
            Self::Unknown => None,
            Self::Method(method) => Some(method.clone()),
            Self::Route(verb, path) => translator.catalog().method_by_route(verb.as_str(), path.path()).cloned(),
        }
    }
}

/// The method of a gRPC call, whose path is its name.
#[inline]
pub(super) fn method_of_call<B>(request: &Request<B>, translator: &Translator) -> Option<Method> {
    translator.method(request.uri().path().strip_prefix('/').unwrap_or_default())
}

/// Notes in the report a kind that the method does not declare.
pub(super) fn note(method: Option<&Method>, error: &Error, report: &mut Report) {
    let Some(method) = method else { return };
    if method.is_declared() && !method.may_return(error.kind().as_str()) {
        report.undeclared = Some(method.name().to_owned());
    }
}

/// Names the method that a request is for.
pub(super) type NameMethod = dyn Fn(&Parts) -> Option<String> + Send + Sync;

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
