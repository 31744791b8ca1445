//! How the catalog stands.

use std::time::UNIX_EPOCH;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge, info::Info},
    registry::Unit,
};

use crate::server::{CatalogStatus, CatalogWatch};

/// Looks when it is asked.
#[derive(Debug)]
pub(super) struct CatalogState(pub(super) CatalogWatch);

impl Collector for CatalogState {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
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
        let mut encode =
            |name, help, unit: Option<&Unit>, metric: &dyn Encode| metric.encode_as(&mut encoder, name, help, unit);
        encode("errwire_catalog", "The catalog in use", None, &Info::new([("version", version)]))?;
        encode("errwire_catalog_generation", "Catalogs loaded since the start", None, &gauge(generation))?;
        encode("errwire_catalog_kinds", "Kinds of the catalog in use", None, &gauge(kinds as u64))?;
        encode(
            "errwire_catalog_last_reload_successful",
            "Whether the files had no problems when they were last read",
            None,
            &gauge(last_reload_successful.into()),
        )?;
        encode(
            "errwire_catalog_last_reload_success_timestamp",
            "Time of the last read of the files without problems",
            Some(&Unit::Seconds),
            &ConstGauge::new(seconds),
        )?;
        encode(
            "errwire_catalog_restored",
            "Whether the catalog in use is the last good one, since the files had problems at the start",
            None,
            &gauge(is_restored.into()),
        )?;
        encode("errwire_catalog_reloads", "Reads of the files without problems", None, &ConstCounter::new(successes))?;
        encode(
            "errwire_catalog_reload_failures",
            "Reads of the files with problems",
            None,
            &ConstCounter::new(failures),
        )
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
    ) -> Result<(), std::fmt::Error>;
}

impl<M: EncodeMetric> Encode for M {
    fn encode_as(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
    ) -> Result<(), std::fmt::Error> {
        self.encode(encoder.encode_descriptor(name, help, unit, self.metric_type())?)
    }
}

fn gauge(value: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}
