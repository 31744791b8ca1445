//! The values that the configuration file, the environment and the flags give to settings.
//!
//! The file is one flat mapping in YAML, where each value is one text or a list of them. What a text means is decided by its setting, so
//! that a file, a variable and a flag take the same.

use std::{borrow::Cow, ffi::OsString, path::Path};

use super::{
    Config,
    setting::{FILE, Place, Problem, Problems, RawValue, Setting, SettingRule, Source},
};
use crate::{
    catalog::{self, read_file},
    diagnostic::{self, Findings, Notation, Quoted, nearest, show_lines},
    yaml::{Field, Node, Scalar, Value, fields, parse},
};

/// Collects settings. In whatever order they are added, a flag takes precedence over a variable, and a variable over the file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) given: Vec<RawValue>,
    /// Each with the strength of its source, by which they are sorted at the end.
    pub(super) found: Vec<(u8, Problem)>,
    /// The name of the file and its text, to show lines of.
    file: Option<(String, String)>,
    pub(super) warnings: Vec<Problem>,
}

/// Behind the problems of single settings: conflicts between them.
const LAST: u8 = u8::MAX;

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
        let problem =
            Problem::new((&*name).into(), diagnostic::Place::NOWHERE, SettingRule::UnreadableFile, message, remedy);
        self.found.push((FILE, problem));
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
        self.found.extend(findings.finish().into_iter().map(|problem| (FILE, problem)));
        self.file = Some((name.to_owned(), text.to_owned()));
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
                    let (source, message) = (Source::Env(setting), "The value is not UTF-8".to_owned());
                    let problem = setting.problem(&source, SettingRule::InvalidValue, message, "Write it in UTF-8");
                    self.found.push((source.strength(), problem));
                }
            }
        }
    }

    /// Adds a flag by the name of its setting. A name that no setting has is a problem too.
    pub fn add_flag(&mut self, name: &str, texts: Vec<String>) {
        match Setting::named(name) {
            Some(setting) => self.given.push(RawValue { setting, texts, source: Source::Flag(setting) }),
            None => {
                let name = Quoted(name).to_string().into();
                let message = "No setting has this name".to_owned();
                self.found.push((
                    FILE,
                    Problem::new(name, diagnostic::Place::NOWHERE, SettingRule::UnknownKey, message, "Remove it"),
                ));
            }
        }
    }

    /// Where the value of a setting comes from, once what is given is sorted.
    pub(super) fn source(&self, name: &str) -> Source {
        let strongest = self.given.iter().rfind(|given| given.setting.name == name);
        strongest.map_or(Source::Default, |given| given.source.clone())
    }

    /// A setting that conflicts with others. `message` and `remedy` are sentences without their full stops.
    pub(super) fn conflict(&mut self, name: &'static str, message: String, remedy: impl Into<Cow<'static, str>>) {
        // The names are literals of the rules, and the tests name each of them.
        let setting = Setting::named(name).unwrap_or(&Config::SETTINGS[0]);
        self.found.push((LAST, setting.problem(&self.source(name), SettingRule::Conflict, message, remedy)));
    }

    /// The problems of catalogs.
    pub(super) fn add_catalogs(&mut self, problems: catalog::Problems) {
        let with_rule = |problem: catalog::Problem| {
            let rule = SettingRule::Catalog(problem.rule());
            (LAST, problem.with_rule(rule))
        };
        self.found.extend(problems.into_iter().map(with_rule));
    }

    /// All problems, if there are any.
    pub(super) fn problems(mut self) -> Option<Problems> {
        self.found.sort_by_key(|(order, problem)| match *order {
            FILE => (FILE, problem.line(), problem.column()),
            order => (order, None, None),
        });
        if let Some((name, text)) = &self.file {
            let in_file = self.found.iter_mut().map(|(_, problem)| problem).filter(|problem| problem.file() == name);
            show_lines(in_file.take_while(|problem| !problem.has_excerpt()), text);
        }
        Problems::some(self.found.into_iter().map(|(_, problem)| problem).collect())
    }
}

fn unknown_variable(name: &str) -> Problem {
    let inner = name.trim_start_matches(PREFIX).to_ascii_lowercase();
    let remedy = match nearest(&inner, Setting::names()).and_then(Setting::named) {
        Some(near) => format!("Write {}", near.env()),
        None => "It is not used".to_owned(),
    };
    let message = "No setting has this variable".to_owned();
    Problem::new(name.into(), diagnostic::Place::NOWHERE, SettingRule::UnknownVariable, message, remedy)
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
