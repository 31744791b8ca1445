//! What the file, the environment and the flags say, before it is known whether it makes sense.

use std::{ffi::OsString, path::Path};

use super::{
    Problem, Problems, Resolved, Setting, Source,
    file::{self, Written},
    problem::{Order, quoted},
    resolve::resolve,
};
use crate::catalog::{nearest, read_file};

/// Collects settings. However they are added, a flag is stronger than a variable, and that is stronger than the file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) given: Vec<Given>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
}

/// A setting as one source has it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) setting: &'static Setting,
    pub(super) texts: Vec<String>,
    pub(super) source: Source,
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
        match read_file(path, MAX_BYTES).map(String::from_utf8) {
            Ok(Ok(text)) => self.add_file_text(&name, &text),
            Ok(Err(_)) => self
                .problems
                .push(Problem::new(&name, "The file is not UTF-8", "Save it as UTF-8").ordered(Order::default())),
            Err(why) => {
                let message = format!("The file cannot be read: {why}");
                self.problems
                    .push(Problem::new(&name, message, "Check its name and its permissions").ordered(Order::default()));
            }
        }
    }

    /// As [`add_file`](Self::add_file), with its text. `name` is how problems call the file.
    pub fn add_file_text(&mut self, name: &str, text: &str) {
        for Written { key, at, value } in file::read(name, text, &mut self.problems) {
            match (Setting::named(&key), value) {
                (Some(setting), Some((texts, place))) => {
                    self.given.push(Given { setting, texts, source: Source::File(place) });
                }
                (Some(_), None) => {}
                (None, _) => {
                    let source = Source::File(at);
                    let names = Setting::names();
                    let remedy = match nearest(&key.replace('-', "_"), names) {
                        Some(near) => format!("Write `{near}`"),
                        None => "Remove it; `errwire serve --print-config` shows the keys".to_owned(),
                    };
                    let message = format!("The key {} is unknown", quoted(&key));
                    self.problems.push(Problem::new(&source, message, remedy).ordered(source.order()));
                }
            }
        }
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
            let Some(setting) = super::Config::SETTINGS.iter().find(|setting| setting.env() == name) else {
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
                    self.given.push(Given { setting, texts, source: Source::Env(setting) });
                }
                Err(_) => {
                    let problem = Problem::new(name, "The value is not UTF-8", "Write it in UTF-8");
                    self.problems.push(problem.ordered(Source::VARIABLE));
                }
            }
        }
    }

    /// Adds a flag by the name of its setting. A name that no setting has is a problem too.
    pub fn add_flag(&mut self, name: &str, texts: Vec<String>) {
        match Setting::named(name) {
            Some(setting) => self.given.push(Given { setting, texts, source: Source::Flag(setting) }),
            None => self.problems.push(Problem::new(quoted(name), "No setting has this name", "Remove it")),
        }
    }

    /// What all of it means. Files that settings name are read: certificates, and catalogs.
    ///
    /// # Errors
    ///
    /// All problems at once.
    pub fn resolve(self) -> Result<Resolved, Problems> {
        resolve(self)
    }
}

fn unknown_variable(name: &str) -> Problem {
    let inner = name.trim_start_matches(PREFIX).to_ascii_lowercase();
    let remedy = match nearest(&inner, Setting::names()).and_then(Setting::named) {
        Some(near) => format!("Write {}", near.env()),
        None => "It is not used".to_owned(),
    };
    Problem::new(name, "No setting has this variable", remedy)
}

impl Setting {
    fn names() -> impl Iterator<Item = &'static str> {
        super::Config::SETTINGS.iter().map(|setting| setting.name)
    }
}
