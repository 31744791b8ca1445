//! Whether a method declares what it fails with.

// docs/rules.md: R-CATALOG-6

use http::{Method as Verb, Request, request::Parts, uri::PathAndQuery};

use crate::{
    catalog::Method,
    model::Error,
    translate::{Report, Translator},
};

/// The method that a request is for, as far as the catalog declares methods. Small, and kept while the request is in flight.
#[derive(Clone, Debug, Default)]
pub(super) enum Declared {
    /// Nothing is known, or nothing is declared.
    #[default]
    Unknown,
    Method(Method),
    /// To be looked up by the routes of the methods if the response is an error.
    Route(Verb, PathAndQuery),
}

impl Declared {
    /// Of a gRPC call, whose path is the name of the method.
    pub(super) fn of_call<B>(request: &Request<B>, translator: &Translator) -> Self {
        Self::named(request.uri().path().trim_start_matches('/'), translator)
    }

    /// Of a method by its name.
    pub(super) fn named(name: &str, translator: &Translator) -> Self {
        translator.method(name).map_or(Self::Unknown, Self::Method)
    }

    /// Of an HTTP request, by its route.
    pub(super) fn of_route<B>(request: &Request<B>, translator: &Translator) -> Self {
        match request.uri().path_and_query() {
            Some(path) if translator.has_methods() => Self::Route(request.method().clone(), path.clone()),
            _ => Self::Unknown,
        }
    }

    /// Says in the report if the method fails with a kind that it does not declare.
    pub(super) fn note(&self, error: &Error, translator: &Translator, report: &mut Report) {
        let by_route;
        let method = match self {
            Self::Unknown => return,
            Self::Method(method) => method,
            Self::Route(verb, path) => {
                by_route = translator.catalog().method_by_route(verb.as_str(), path.path()).cloned();
                let Some(method) = &by_route else { return };
                method
            }
        };
        if method.is_declared() && !method.may_return(error.kind().as_str()) {
            report.undeclared = Some(method.name().to_owned());
        }
    }
}

/// Names the method that a request is for.
pub(super) type NameMethod = dyn Fn(&Parts) -> Option<String> + Send + Sync;
