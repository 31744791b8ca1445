//! The counters of translations.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use foldhash::fast::RandomState;
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, EncodeMetric, LabelValueEncoder, MetricEncoder},
    metrics::{MetricType, TypedMetric, counter::Counter},
    registry::Registry,
};

use crate::{
    model::Kind,
    service::{Direction, Translated, Watch},
    wire::http::Dialect,
};

/// The label of kinds that no catalog has, since their names are chosen by peers.
const OTHER: &str = "_OTHER";

/// The most series by kind; those of larger catalogs share one.
const MOST_KINDS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    direction: Direction,
    kind: Name,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDialect {
    direction: Direction,
    dialect: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDirection {
    direction: Direction,
}

/// The dialect of a body, if there was one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Body(Option<Dialect>);

impl EncodeLabelValue for Body {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.map_or("none", Dialect::name).encode(encoder)
    }
}

impl EncodeLabelValue for Direction {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.name().encode(encoder)
    }
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
#[derive(Debug, Default)]
pub(super) struct Translations {
    kinds: Counters<ByKind>,
    known: AtomicUsize,
    dialects: Counters<ByDialect>,
    redacted: Counters<ByDirection>,
    trimmed: Counters<ByDirection>,
    mismatched: Counters<ByDirection>,
    rejected: Counters<ByDirection>,
}

impl Translations {
    pub(super) fn register(registry: &mut Registry) -> Self {
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

    /// The labels of a new series; `_OTHER` if there are too many kinds.
    fn bounded(&self, series: ByKind) -> ByKind {
        let is_known = |direction| self.kinds.knows(&ByKind { direction, kind: series.kind.clone() });
        if series.kind.0.is_none() || is_known(Direction::GrpcToHttp) || is_known(Direction::HttpToGrpc) {
            return series;
        }
        let more = self.known.fetch_add(1, Ordering::Relaxed) < MOST_KINDS;
        if more { series } else { ByKind { kind: Name(None), ..series } }
    }
}

impl Watch for Translations {
    fn translated(&self, translated: &Translated<'_>) {
        let direction = translated.direction;
        let listed = Some(translated.error.kind()).filter(|kind| kind.entry().is_some());
        let series = ByKind { direction, kind: Name(listed.cloned()) };
        if !self.kinds.count_known(&series) {
            self.kinds.count(self.bounded(series));
        }
        let dialect = Body(translated.dialect);
        self.dialects.count(ByDialect { direction, dialect });
        for (yes, counter) in [
            (translated.redacted, &self.redacted),
            (translated.trimmed, &self.trimmed),
            (translated.mismatched, &self.mismatched),
        ] {
            if yes {
                counter.count(ByDirection { direction });
            }
        }
    }

    fn rejected(&self, direction: Direction) {
        self.rejected.count(ByDirection { direction });
    }
}

/// Counters by their labels. As a `Family`, except that labels which no peer chooses need no hash against collisions.
#[derive(Debug)]
struct Counters<S>(Arc<RwLock<HashMap<S, Counter, RandomState>>>);

impl<S: Eq + Hash> Counters<S> {
    fn knows(&self, series: &S) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(series)
    }

    /// Counts one more of a series, if there is one already.
    fn count_known(&self, series: &S) -> bool {
        let counters = self.0.read().unwrap_or_else(PoisonError::into_inner);
        counters.get(series).map(Counter::inc).is_some()
    }

    fn count(&self, series: S) {
        if !self.count_known(&series) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).entry(series).or_default().inc();
        }
    }
}

impl<S> Clone for Counters<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> Default for Counters<S> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<S: EncodeLabelSet> EncodeMetric for Counters<S> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        for (series, counter) in &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            counter.encode(encoder.encode_family(series)?)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        Counter::<u64>::TYPE
    }

    fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}
