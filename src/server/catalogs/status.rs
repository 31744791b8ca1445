//! The status of a catalog: for the metrics, and as lines of the log.

use std::{io, time::SystemTime};

use tokio::sync::watch;

use crate::catalog::{Catalog, Problem, Problems};

/// The status of the catalog of a server, as the metrics show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogStatus {
    /// How many catalogs have been in use since the start; the first is 1.
    pub generation: u64,
    /// The [version](crate::Catalog::version) of the catalog in use.
    pub version: String,
    /// How many kinds it has.
    pub kinds: usize,
    /// Whether the files had no problems when they were last read.
    pub last_reload_successful: bool,
    /// When the files last had none.
    pub last_success: Option<SystemTime>,
    /// How often the files were read without problems, the start included.
    pub successes: u64,
    /// How often the files were read with problems.
    pub failures: u64,
    /// Whether the catalog in use is the one of the state directory, since the files had problems at the start.
    pub is_restored: bool,
}

/// Reads the [`CatalogStatus`] of a follower. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CatalogWatch(watch::Sender<CatalogStatus>);

impl CatalogWatch {
    pub(super) fn new(status: CatalogStatus) -> Self {
        Self(watch::Sender::new(status))
    }

    /// The status as of now.
    pub fn status(&self) -> CatalogStatus {
        self.0.borrow().clone()
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut CatalogStatus)) {
        self.0.send_modify(change);
    }
}

/// How many problems a line holds at most. `errwire check` shows all.
const MOST: usize = 100;

/// The files are bad, and the catalog in use stays.
pub(super) fn refused(problems: &Problems, in_use: &Catalog) {
    bad(problems, in_use, "the current catalog stays in use");
}

/// The files were bad at the start, and what the state directory has is served.
pub(super) fn restored(problems: &Problems, in_use: &Catalog) {
    bad(problems, in_use, "the last good catalog of the state directory is served");
}

fn bad(problems: &Problems, in_use: &Catalog, instead: &str) {
    let (text, count) = listed(problems.iter());
    let version = in_use.version();
    tracing::error!(problems = text, count, version, "the catalog files have problems: {instead}");
}

/// A catalog is in use: the first one, or with its `generation` one that replaced another.
pub(super) fn used(warnings: &[Problem], catalog: &Catalog, generation: Option<u64>) {
    let what = if generation.is_some() { "the catalog was replaced" } else { "the catalog files are followed" };
    let (text, count) = listed(warnings);
    tracing::info!(
        version = catalog.version(),
        generation,
        kinds = catalog.len(),
        warnings = count,
        problems = (count > 0).then_some(text),
        "{what}"
    );
}

/// A file is one that cannot be read twice.
pub(super) fn special(in_use: &Catalog) {
    tracing::error!(
        version = in_use.version(),
        "a catalog file is a pipe or a device and cannot be read again: the current catalog stays in use"
    );
}

pub(super) fn unchanged(catalog: &Catalog) {
    tracing::info!(version = catalog.version(), "the catalog files were read again and are unchanged");
}

pub(super) fn not_kept(why: &io::Error) {
    tracing::warn!(error = %why, "the catalog cannot be saved in the state directory");
}

fn listed<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> (String, usize) {
    let (mut text, mut count) = (String::new(), 0);
    for problem in problems {
        if count < MOST {
            let line = if count > 0 { "\n" } else { "" };
            text.push_str(&format!("{line}{problem}"));
        }
        count += 1;
    }
    if count > MOST {
        text.push_str(&format!("\nand {} more", count - MOST));
    }
    (text, count)
}

#[cfg(all(test, feature = "yaml"))]
mod tests {
    use super::*;

    #[test]
    fn lists_no_more_than_a_line_holds() {
        let broken = |count: usize| {
            let entries: String = (0..count).map(|number| format!("\n  Bad{number}: {{}}")).collect();
            Catalog::from_yaml("f.yaml", &format!("domain: d\nkinds:{entries}\n")).unwrap_err()
        };
        let (text, count) = listed(broken(1).iter());
        assert_eq!(count, text.lines().count());
        assert!(!text.contains("more"));
        let (text, count) = listed(broken(500).iter());
        assert!(count >= 500);
        assert_eq!(text.lines().count(), 101);
        assert!(text.ends_with(&format!("and {} more", count - 100)));
    }
}
