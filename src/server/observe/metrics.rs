//! Everything that is counted, and its text form.

use std::{fmt, sync::Arc};

use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};

use super::{catalog::CatalogState, kinds::Translations, process::Process, series::Calls};
use crate::{
    server::CatalogWatch,
    service::{Direction, Translated, Watch},
};

/// What is counted of one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    calls: Calls,
    translations: Translations,
}

impl Metrics {
    /// The media type of [`text`](Self::text).
    pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Nothing is counted yet. The catalog is looked at whenever somebody asks.
    pub(in crate::server) fn new(catalog: Option<CatalogWatch>) -> Self {
        let mut registry = Registry::default();
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("errwire_build", "Version of the server", build);
        registry.register_collector(Box::new(Process));
        let calls = Calls::register(&mut registry);
        let translations = Translations::register(&mut registry);
        if let Some(catalog) = catalog {
            registry.register_collector(Box::new(CatalogState(catalog)));
        }
        Self(Arc::new(Inner { registry, calls, translations }))
    }

    /// All that was counted, as [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into memory cannot fail.
        let _ = text::encode(&mut text, &self.0.registry);
        text
    }

    pub(super) fn calls(&self) -> &Calls {
        &self.0.calls
    }
}

impl Watch for Metrics {
    fn translated(&self, translated: &Translated<'_>) {
        self.0.translations.translated(translated);
    }

    fn rejected(&self, direction: Direction) {
        self.0.translations.rejected(direction);
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
