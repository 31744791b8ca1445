//! The metrics of a server: those of translations, of the process and of the catalog, and the text form of all.

use std::{
    fmt, fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::UNIX_EPOCH,
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeLabelValue, EncodeMetric, LabelValueEncoder, text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        info::Info,
    },
    registry::{Registry, Unit},
};

use super::series::Calls;
use crate::{
    model::Kind,
    server::{CatalogStatus, CatalogWatch},
    service::{Direction, Translated, Watch},
    wire::http::Dialect,
};

/// The metrics of one server. Cheap to clone.
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

    /// Nothing is counted yet. The state of the catalog is read at each scrape.
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

/// The label of kinds that no catalog has, since their names are chosen by peers.
const OTHER: &str = "_OTHER";

/// The most series by kind; those of larger catalogs share one.
const MOST_KINDS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    direction: &'static str,
    kind: Name,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDialect {
    direction: &'static str,
    dialect: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDirection {
    direction: &'static str,
}

/// The name of a listed kind, or `_OTHER`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name(Option<Kind>);

impl EncodeLabelValue for Name {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.as_ref().map_or(OTHER, Kind::as_str).encode(encoder)
    }
}

/// Counters by direction and by what was found.
#[derive(Default)]
struct Translations {
    kinds: Family<ByKind, Counter>,
    known: AtomicUsize,
    dialects: Family<ByDialect, Counter>,
    redacted: Family<ByDirection, Counter>,
    trimmed: Family<ByDirection, Counter>,
    mismatched: Family<ByDirection, Counter>,
    rejected: Family<ByDirection, Counter>,
}

impl Translations {
    fn register(registry: &mut Registry) -> Self {
        let this = Self::default();
        let Self { kinds, dialects, redacted, trimmed, mismatched, rejected, .. } = &this;
        registry.register("errwire_translated_errors", "Errors translated, by kind", kinds.clone());
        registry.register(
            "errwire_translated_bodies",
            "Errors translated, by the dialect of the body",
            dialects.clone(),
        );
        for (name, help, family) in [
            ("errwire_redacted_errors", "Errors of which something was withheld from the audience", redacted),
            ("errwire_trimmed_errors", "Errors that were trimmed to fit the budget", trimmed),
            ("errwire_mismatched_errors", "Errors whose status disagreed with their details", mismatched),
            ("errwire_rejected_inputs", "Inputs that are not errors, or are malformed", rejected),
        ] {
            registry.register(name, help, family.clone());
        }
        this
    }

    fn translated(&self, translated: &Translated<'_>) {
        let direction = direction(translated.direction);
        let listed = Some(translated.error.kind()).filter(|kind| kind.entry().is_some());
        let series = ByKind { direction, kind: Name(listed.cloned()) };
        match self.kinds.get(&series) {
            Some(counter) => drop(counter.inc()),
            None => drop(self.kinds.get_or_create(&self.bounded(series)).inc()),
        }
        let dialect = translated.dialect.map_or("none", Dialect::name);
        self.dialects.get_or_create(&ByDialect { direction, dialect }).inc();
        let by_direction = ByDirection { direction };
        for (yes, counter) in [
            (translated.redacted, &self.redacted),
            (translated.trimmed, &self.trimmed),
            (translated.mismatched, &self.mismatched),
        ] {
            if yes {
                counter.get_or_create(&by_direction).inc();
            }
        }
    }

    fn rejected(&self, towards: Direction) {
        self.rejected.get_or_create(&ByDirection { direction: direction(towards) }).inc();
    }

    /// The labels of a new series; `_OTHER` if there are too many kinds.
    fn bounded(&self, series: ByKind) -> ByKind {
        let is_known = |direction| self.kinds.get(&ByKind { direction, kind: series.kind.clone() }).is_some();
        if series.kind.0.is_none() || is_known("grpc_to_http") || is_known("http_to_grpc") {
            return series;
        }
        let more = self.known.fetch_add(1, Ordering::Relaxed) < MOST_KINDS;
        if more { series } else { ByKind { kind: Name(None), ..series } }
    }
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::GrpcToHttp => "grpc_to_http",
        Direction::HttpToGrpc => "http_to_grpc",
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
        let metrics: [(&str, &str, &dyn Encode); 8] = [
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
            metric.encode_as(&mut encoder, &format!("errwire_catalog{name}"), help, unit)
        })
    }
}

/// A metric of any type.
trait Encode {
    fn encode_as(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
    ) -> Result<(), fmt::Error>;
}

impl<M: EncodeMetric> Encode for M {
    fn encode_as(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
    ) -> Result<(), fmt::Error> {
        self.encode(encoder.encode_descriptor(name, help, unit, self.metric_type())?)
    }
}

fn gauge(value: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}
