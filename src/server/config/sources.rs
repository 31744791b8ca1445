//! The values that the configuration file, the environment and the flags give to settings.
//!
//! The file is one flat mapping in YAML, where each value is one text or a list of them. What a text means is decided by its setting, so
//! that a file, a variable and a flag take the same.

use std::{ffi::OsString, path::Path};

use super::{
    Config,
    setting::{At, Place, Problem, RawValue, Report, Setting, SettingRule, Source},
    value::quoted,
};
use crate::{
    catalog::read_file,
    diagnostic::{Findings, Notation, Quoted, nearest},
    yaml::{Field, Node, Scalar, Value, fields, parse},
};

/// Collects settings. However they are added, a flag is stronger than a variable, and that is stronger than the file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) given: Vec<RawValue>,
    pub(super) report: Report,
    pub(super) warnings: Vec<Problem>,
}

/// The most bytes of a configuration file.
const MAX_BYTES: u64 = 1024 * 1024;

/// The beginning of every variable of a setting.
const PREFIX: &str = "ERRWIRE_";

/// Names the file itself, so it is not a setting.
const CONFIG: &str = "ERRWIRE_CONFIG";

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
        let mut findings = Findings::new(name, Notation::Yaml);
        let root = parse(text, &mut findings);
        match root.as_ref().map(|root| (&root.value, root)) {
            Some((Value::Mapping(pairs), _)) => self.add_pairs(pairs, &mut findings),
            // An empty file sets nothing.
            None | Some((Value::Scalar(Scalar::Null, _) | Value::Refused, _)) => {}
            Some((_, root)) => {
                let message = format!("The file is {}, not a mapping", root.describe());
                let remedy = "Write lines such as `max_connections: 1000`";
                findings.report(SettingRule::WrongType, root.place, message, remedy);
            }
        }
        self.report.add_file(findings.finish());
        self.report.set_file(name, text);
    }

    fn add_pairs(&mut self, pairs: &[(Node<'_>, Node<'_>)], findings: &mut Findings<SettingRule>) {
        let names: Vec<&str> = Setting::names().collect();
        let otherwise = || "Remove it; `errwire serve --print-config` shows the keys".to_owned();
        for Field { name, value, .. } in fields(pairs, &names, ("Write the name of a setting", &otherwise), findings) {
            let (Some(setting), Some(texts)) = (Setting::named(name), texts(name, value, findings)) else { continue };
            let place = Place { file: findings.file().clone(), at: value.place };
            self.given.push(RawValue { setting, texts, source: Source::File(place) });
        }
    }

    /// Adds those of these variables that begin with `ERRWIRE_`. An empty one counts as unset; a list is separated by
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

/// The texts of a value; `None` if it is null, or was reported.
fn texts(key: &str, value: &Node<'_>, findings: &mut Findings<SettingRule>) -> Option<Vec<String>> {
    let mut refused = |node: &Node<'_>, message: String, remedy| {
        if !matches!(node.value, Value::Refused) {
            findings.report(SettingRule::WrongType, node.place, message, remedy);
        }
        None
    };
    match &value.value {
        Value::Scalar(Scalar::Null, _) => None,
        Value::Scalar(_, text) => Some(vec![text.to_string()]),
        Value::List(items) => {
            let mut texts = Vec::with_capacity(items.len());
            for item in items {
                match &item.value {
                    Value::Scalar(_, text) => texts.push(text.to_string()),
                    _ => {
                        let message = format!("An item of {} is {}, not text", Quoted(key), item.describe());
                        return refused(item, message, "Write each item on one line");
                    }
                }
            }
            Some(texts)
        }
        _ => {
            let message = format!("The value of {} is {}, not text or a list of texts", Quoted(key), value.describe());
            refused(value, message, "Write it on one line")
        }
    }
}
