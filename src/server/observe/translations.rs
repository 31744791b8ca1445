//! The counters of translations.

use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use crate::{
    model::Kind,
    service::{Direction, Translated},
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
#[derive(Default)]
pub(super) struct Translations {
    kinds: Family<ByKind, Counter>,
    known: AtomicUsize,
    dialects: Family<ByDialect, Counter>,
    redacted: Family<ByDirection, Counter>,
    trimmed: Family<ByDirection, Counter>,
    mismatched: Family<ByDirection, Counter>,
    rejected: Family<ByDirection, Counter>,
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

    pub(super) fn translated(&self, translated: &Translated<'_>) {
        let direction = translated.direction;
        let listed = Some(translated.error.kind()).filter(|kind| kind.entry().is_some());
        let series = ByKind { direction, kind: Name(listed.cloned()) };
        match self.kinds.get(&series) {
            Some(counter) => drop(counter.inc()),
            None => drop(self.kinds.get_or_create(&self.bounded(series)).inc()),
        }
        let dialect = Body(translated.dialect);
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

    pub(super) fn rejected(&self, direction: Direction) {
        self.rejected.get_or_create(&ByDirection { direction }).inc();
    }

    /// The labels of a new series; `_OTHER` if there are too many kinds.
    fn bounded(&self, series: ByKind) -> ByKind {
        let is_known = |direction| self.kinds.get(&ByKind { direction, kind: series.kind.clone() }).is_some();
        if series.kind.0.is_none() || is_known(Direction::GrpcToHttp) || is_known(Direction::HttpToGrpc) {
            return series;
        }
        let more = self.known.fetch_add(1, Ordering::Relaxed) < MOST_KINDS;
        if more { series } else { ByKind { kind: Name(None), ..series } }
    }
}
