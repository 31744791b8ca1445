//! The metrics of a server: those of the process and of the catalog, and the text form of all.

use std::{fmt, fs, sync::Arc, time::UNIX_EPOCH};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text},
    metrics::{counter::ConstCounter, gauge::ConstGauge, info::Info},
    registry::{Registry, Unit},
};

use super::{series::Calls, translations::Translations};
use crate::{
    server::{CatalogStatus, CatalogWatch},
    service::Watch,
};

/// The metrics of one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    calls: Calls,
    translations: Arc<Translations>,
}

impl Metrics {
    /// The media type of [`text`](Self::text).
    pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Nothing is counted yet. The state of the catalog is read at each scrape.
    pub(in crate::server) fn new(catalog: Option<CatalogWatch>) -> Self {
        let mut registry = Registry::default();
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("errwire_build", "Version of the server", build);
        registry.register_collector(Box::new(Process));
        let calls = Calls::register(&mut registry);
        let translations = Arc::new(Translations::register(&mut registry));
        if let Some(catalog) = catalog {
            registry.register_collector(Box::new(CatalogState(catalog)));
        }
        Self(Arc::new(Inner { registry, calls, translations }))
    }

    /// All metrics as [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into memory cannot fail.
        let _ = text::encode(&mut text, &self.0.registry);
        text
    }

    pub(super) fn calls(&self) -> &Calls {
        &self.0.calls
    }

    /// Counts translations.
    pub(in crate::server) fn translations(&self) -> Arc<dyn Watch> {
        self.0.translations.clone()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// Read at each scrape. Linux only; elsewhere there are no such metrics.
#[derive(Debug)]
struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut gauge = |name, help, value: Option<u64>| {
            let Some(value) = value.and_then(|value| i64::try_from(value).ok()) else { return Ok(()) };
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)
        };
        gauge("process_resident_memory_bytes", "Memory in use", resident_bytes())?;
        gauge("process_open_fds", "Open file descriptors", open_descriptors())
    }
}

/// <https://www.kernel.org/doc/html/latest/filesystems/proc.html>
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

fn open_descriptors() -> Option<u64> {
    u64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}

/// Read at each scrape.
#[derive(Debug)]
struct CatalogState(CatalogWatch);

impl Collector for CatalogState {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let CatalogStatus {
            generation,
            version,
            kinds,
            last_reload_successful,
            last_success,
            successes,
            failures,
            is_restored,
        } = self.0.status();
        let seconds = last_success.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let seconds = seconds.map_or(0.0, |since| since.as_secs_f64());
        let metrics: [(&str, &str, &dyn EncodeMetric); 8] = [
            ("", "The catalog in use", &Info::new([("version", version)])),
            ("_generation", "Catalogs loaded since the start", &gauge(generation)),
            ("_kinds", "Kinds of the catalog in use", &gauge(kinds as u64)),
            (
                "_last_reload_successful",
                "Whether the files had no problems when they were last read",
                &gauge(last_reload_successful.into()),
            ),
            (
                "_last_reload_success_timestamp",
                "Time of the last read of the files without problems",
                &ConstGauge::new(seconds),
            ),
            (
                "_restored",
                "Whether the catalog in use is the last good one, since the files had problems at the start",
                &gauge(is_restored.into()),
            ),
            ("_reloads", "Reads of the files without problems", &ConstCounter::new(successes)),
            ("_reload_failures", "Reads of the files with problems", &ConstCounter::new(failures)),
        ];
        metrics.into_iter().try_for_each(|(name, help, metric)| {
            let unit = name.ends_with("timestamp").then_some(&Unit::Seconds);
            let name = format!("errwire_catalog{name}");
            metric.encode(encoder.encode_descriptor(&name, help, unit, metric.metric_type())?)
        })
    }
}

fn gauge(value: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}
