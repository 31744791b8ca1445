//! What the file, the environment and the flags say, before it is known whether it makes sense.

use std::{ffi::OsString, path::Path};

use super::{
    file::{self, RawEntry},
    problem::{At, Problem, Report, SettingRule},
    setting::Setting,
    source::{RawValue, Source},
    table::Config,
    value::quoted,
};
use crate::{
    catalog::read_file,
    diagnostic::{self, nearest},
};

/// Collects settings. However they are added, a flag is stronger than a variable, and that is stronger than the file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) given: Vec<RawValue>,
    pub(super) report: Report,
    pub(super) warnings: Vec<Problem>,
}

/// The most bytes of a file of settings.
const MAX_BYTES: u64 = 1024 * 1024;

/// What every variable of ours begins with.
const PREFIX: &str = "ERRWIRE_";

/// Names the file itself, so it is not a setting.
pub(super) const CONFIG: &str = "ERRWIRE_CONFIG";

impl Sources {
    /// Adds a YAML file: one mapping, with the name of each setting as its key. `null` leaves a setting as it is.
    pub fn add_file(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        let (message, remedy) = match read_file(path, MAX_BYTES).map(String::from_utf8) {
            Ok(Ok(text)) => return self.add_file_text(&name, &text),
            Ok(Err(_)) => ("The file is not UTF-8".to_owned(), "Save it as UTF-8"),
            Err(why) => (format!("The file cannot be read: {why}"), "Check its name and its permissions"),
        };
        let problem = Problem::new((&*name).into(), None, SettingRule::UnreadableFile, message, remedy);
        self.report.add_file(vec![problem]);
    }

    /// As [`add_file`](Self::add_file), with its text. `name` is how problems call the file.
    pub fn add_file_text(&mut self, name: &str, text: &str) {
        let (entries, mut problems) = file::read(name, text);
        for RawEntry { key, at, value } in entries {
            match (Setting::named(&key), value) {
                (Some(setting), Some((texts, place))) => {
                    self.given.push(RawValue { setting, texts, source: Source::File(place) });
                }
                (Some(_), None) => {}
                (None, _) => {
                    let remedy = match nearest(&key.replace('-', "_"), Setting::names()) {
                        Some(near) => format!("Write `{near}`"),
                        None => "Remove it; `errwire serve --print-config` shows the keys".to_owned(),
                    };
                    let message = format!("The key {} is unknown", quoted(&key));
                    let place = diagnostic::Place { line: at.line, column: at.column };
                    problems.push(Problem::new(at.file, Some(place), SettingRule::UnknownKey, message, remedy));
                }
            }
        }
        self.report.add_file(problems);
        self.report.set_file(name, text);
    }

    /// Adds those of these variables that begin with `ERRWIRE_`. One that is empty is as none; a list is separated by
    /// commas. One that is unknown is a warning and not a problem: Kubernetes sets some of these for a Service that is named
    /// `errwire`.
    pub fn add_env(&mut self, variables: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>) {
        for (name, value) in variables {
            let name = name.into().to_string_lossy().into_owned();
            if !name.starts_with(PREFIX) || name == CONFIG {
                continue;
            }
            let Some(setting) = Config::SETTINGS.iter().find(|setting| setting.env() == name) else {
                self.warnings.push(unknown_variable(&name));
                continue;
            };
            match value.into().into_string() {
                Ok(value) if value.is_empty() => {}
                Ok(value) => {
                    let texts = match setting.list {
                        true => value.split(',').map(|text| text.trim().to_owned()).collect(),
                        false => vec![value],
                    };
                    self.given.push(RawValue { setting, texts, source: Source::Env(setting) });
                }
                Err(_) => {
                    let at = At { source: Source::Env(setting), setting };
                    self.report.add(
                        SettingRule::InvalidValue,
                        &at,
                        "The value is not UTF-8".to_owned(),
                        "Write it in UTF-8",
                    );
                }
            }
        }
    }

    /// Adds a flag by the name of its setting. A name that no setting has is a problem too.
    pub fn add_flag(&mut self, name: &str, texts: Vec<String>) {
        match Setting::named(name) {
            Some(setting) => self.given.push(RawValue { setting, texts, source: Source::Flag(setting) }),
            None => {
                let name = quoted(name).to_string().into();
                let message = "No setting has this name".to_owned();
                self.report.add_file(vec![Problem::new(name, None, SettingRule::UnknownKey, message, "Remove it")]);
            }
        }
    }
}

fn unknown_variable(name: &str) -> Problem {
    let inner = name.trim_start_matches(PREFIX).to_ascii_lowercase();
    let remedy = match nearest(&inner, Setting::names()).and_then(Setting::named) {
        Some(near) => format!("Write {}", near.env()),
        None => "It is not used".to_owned(),
    };
    let message = "No setting has this variable".to_owned();
    Problem::new(name.into(), None, SettingRule::UnknownVariable, message, remedy)
}
