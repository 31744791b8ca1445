//! Why certificates cannot be used.

use std::path::Path;

/// One file, or two that do not belong together.
#[derive(Debug)]
pub(crate) struct Failure {
    setting: &'static str,
    message: String,
    remedy: &'static str,
}

impl Failure {
    pub(super) fn new(setting: &'static str, path: &Path, why: impl std::fmt::Display, remedy: &'static str) -> Self {
        Self { setting, message: format!("{}: {why}", path.display()), remedy }
    }

    /// The setting that names the file.
    pub(crate) fn setting(&self) -> &'static str {
        self.setting
    }

    /// A sentence without its full stop.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The same.
    pub(crate) fn remedy(&self) -> &'static str {
        self.remedy
    }
}
