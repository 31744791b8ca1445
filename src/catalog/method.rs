//! Methods, and the kinds that they declare.

use std::sync::Arc;

use super::HttpRoute;

/// The kinds that layers and transport add to every method, so that no method declares them: those of a handler that panics, times
/// out, or is never reached.
pub(crate) const IMPLIED: [&str; 13] = [
    "internal_error",
    "unknown_error",
    "deadline_exceeded",
    "service_unavailable",
    "request_cancelled",
    "unimplemented",
    "method_not_allowed",
    "request_timeout",
    "content_too_large",
    "uri_too_long",
    "unsupported_media_type",
    "unprocessable_content",
    "header_fields_too_large",
];

/// A method of an API, and the kinds of error that it declares. Cheap to clone.
///
/// A method is named as gRPC names it, `tasks.v1.TaskService/GetTask`. The name of a service alone stands for those of its
/// methods that are not listed.
///
/// ```
/// use errwire::{Catalog, catalog::Method};
///
/// let method = Method::new("tasks.v1.TaskService/GetTask", ["task_not_found"]);
/// assert!(method.may_return("task_not_found"));
/// assert!(!method.may_return("run_not_found"));
/// // What the layers and the transport add needs no declaration.
/// assert!(method.may_return("deadline_exceeded"));
///
/// let catalog = Catalog::builtin().with_methods([method]);
/// assert!(catalog.method("tasks.v1.TaskService/GetTask").is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method(Arc<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    name: Box<str>,
    /// `None` if nothing was declared.
    kinds: Option<Vec<Box<str>>>,
    routes: Vec<HttpRoute>,
}

impl Method {
    /// A method that fails with these kinds, and with those that layers and transport add.
    pub fn new(name: impl Into<String>, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let kinds = kinds.into_iter().map(|kind| kind.into().into_boxed_str()).collect();
        Self(Arc::new(Inner { name: name.into().into(), kinds: Some(kinds), routes: Vec::new() }))
    }

    /// A method that does not declare its errors.
    #[cfg(any(feature = "catalog-files", test))]
    pub(crate) fn undeclared(name: String) -> Self {
        Self(Arc::new(Inner { name: name.into(), kinds: None, routes: Vec::new() }))
    }

    /// The same, which HTTP callers reach by these routes.
    #[must_use]
    pub fn with_routes(self, routes: impl IntoIterator<Item = HttpRoute>) -> Self {
        let inner = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Inner { routes: routes.into_iter().collect(), ..inner }))
    }

    /// The name: `tasks.v1.TaskService/GetTask`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The service: `tasks.v1.TaskService`.
    pub fn service(&self) -> &str {
        self.name().split_once('/').map_or(self.name(), |(service, _)| service)
    }

    /// The declared kinds, in the order of the declaration, those of the service last. None of those that layers and
    /// transport add, unless they are declared too.
    pub fn kinds(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.kinds.as_deref().unwrap_or_default().iter().map(|kind| &**kind)
    }

    /// Whether the method, or its service, says what it fails with.
    pub fn is_declared(&self) -> bool {
        self.0.kinds.is_some()
    }

    /// Whether the method declares the kind, or need not.
    pub fn may_return(&self, kind: &str) -> bool {
        self.kinds().any(|declared| declared == kind) || is_implied(kind)
    }

    /// How HTTP callers reach it, by `google.api.http` annotations.
    pub fn routes(&self) -> &[HttpRoute] {
        &self.0.routes
    }
}

/// Whether layers and transport add this kind to every method.
pub(crate) fn is_implied(kind: &str) -> bool {
    IMPLIED.contains(&kind)
}

/// Whether a text has the form of the name of a method, or of a service.
#[cfg(any(feature = "catalog-files", test))]
pub(crate) fn is_method_name(name: &str) -> bool {
    let is_identifier = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    let (service, method) = name.split_once('/').map_or((name, None), |(service, method)| (service, Some(method)));
    service.split('.').all(is_identifier) && method.is_none_or(is_identifier)
}

/// The methods of a catalog, in the order of their names.
#[derive(Clone, Debug, Default)]
pub(super) struct Methods(Vec<Method>);

impl Methods {
    /// Of two methods of one name the later wins.
    pub(super) fn new(methods: impl IntoIterator<Item = Method>) -> Self {
        let mut methods: Vec<Method> = methods.into_iter().collect();
        // The sort is stable, so the later of two comes first once the order is reversed.
        methods.reverse();
        methods.sort_by(|a, b| a.name().cmp(b.name()));
        methods.dedup_by(|a, b| a.name() == b.name());
        Self(methods)
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[Method] {
        &self.0
    }

    /// The method of this name; else its service, if that is listed.
    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<&Method> {
        // Most catalogs list none.
        if self.0.is_empty() { None } else { self.find(name) }
    }

    fn find(&self, name: &str) -> Option<&Method> {
        let find = |name: &str| {
            let found = self.0.binary_search_by(|method| method.name().cmp(name));
            found.ok().and_then(|at| self.0.get(at))
        };
        find(name).or_else(|| find(name.split_once('/')?.0))
    }

    /// The method that serves this request. Of several the one with the most literal path.
    pub(super) fn by_route(&self, verb: &str, path: &str) -> Option<&Method> {
        let routes = self.0.iter().flat_map(|method| method.routes().iter().map(move |route| (route, method)));
        let matching = routes.filter(|(route, _)| route.matches(verb, path));
        matching.min_by_key(|(route, _)| route.variables().count()).map(|(_, method)| method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn finds_methods_and_services() {
        let methods = [
            Method::new("a.S", ["token_missing"]),
            Method::new("a.S/Get", ["task_not_found"]),
            Method::new("a.S/Get", ["run_not_found"]),
            Method::undeclared("a.T/Get".to_owned()),
        ];
        let catalog = Catalog::builtin().with_methods(methods);
        let kinds = |name: &str| catalog.method(name).map(|method| method.kinds().collect::<Vec<_>>());
        assert_eq!(kinds("a.S/Get"), Some(vec!["run_not_found"]));
        assert_eq!(kinds("a.S/List"), Some(vec!["token_missing"]));
        assert_eq!(kinds("a.T/Get"), Some(vec![]));
        assert_eq!(kinds("a.T/List"), None);
        assert_eq!(kinds(""), None);
        assert_eq!(catalog.methods().len(), 3);
        assert!(catalog.method("a.T/Get").is_some_and(|method| !method.is_declared()));
    }

    #[test]
    fn implied_kinds_are_built_in() {
        for kind in IMPLIED {
            assert!(Catalog::builtin().iter().any(|known| known.as_str() == kind), "{kind}");
        }
    }

    #[test]
    fn names_of_methods() {
        for name in ["a.v1.S/M", "S/M", "S", "a.v1.S", "_a.S_/m2"] {
            assert!(is_method_name(name), "{name}");
        }
        for name in ["", "/M", "a./M", "a.S/", "a.S/M/N", "a S/M", "GET /v1", "2a.S/M", "a.ü/M"] {
            assert!(!is_method_name(name), "{name}");
        }
    }
}
