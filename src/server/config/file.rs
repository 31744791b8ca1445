//! The configuration file: one flat mapping in YAML, where each value is one text or a list of them. What a text means is
//! for its setting to say, so that a file, a variable and a flag take the same.

use std::{collections::HashMap, sync::Arc};

use super::{
    problem::{At, Problem, Report, SettingRule},
    setting::{Place, RawValue},
    value::{self, Invalid},
};
use crate::{
    diagnostic::{self, Findings, Notation, Quoted},
    yaml::{Node, Scalar, Value, parse},
};

/// One key with its value.
pub(super) struct RawEntry {
    pub(super) key: String,
    pub(super) at: Place,
    /// With where it begins; `None` of nothing.
    pub(super) value: Option<(Vec<String>, Place)>,
}

/// Reads what can be read, and reports the rest.
pub(super) fn read(name: &str, text: &str) -> (Vec<RawEntry>, Vec<Problem>) {
    let mut findings = Findings::new(name, Notation::Yaml);
    let root = parse(text, &mut findings);
    let entries = match root.as_ref().map(|root| (&root.value, root)) {
        Some((Value::Mapping(pairs), _)) => entries(name.into(), pairs, &mut findings),
        // An empty file sets nothing.
        None | Some((Value::Scalar(Scalar::Null, _) | Value::Refused, _)) => Vec::new(),
        Some((_, root)) => {
            let message = format!("The file is {}, not a mapping", root.describe());
            findings.report(SettingRule::WrongType, root.place, message, "Write lines such as `max_connections: 1000`");
            Vec::new()
        }
    };
    (entries, findings.finish())
}

fn entries(file: Arc<str>, pairs: &[(Node<'_>, Node<'_>)], findings: &mut Findings<SettingRule>) -> Vec<RawEntry> {
    let place = |at: diagnostic::Place| Place { file: file.clone(), line: at.line, column: at.column };
    let mut lines: HashMap<&str, u32> = HashMap::new();
    let mut entries = Vec::new();
    for (key, value) in pairs {
        let Value::Scalar(_, name) = &key.value else {
            if !matches!(key.value, Value::Refused) {
                let message = format!("A key is {}, not text", key.describe());
                findings.report(SettingRule::WrongType, key.place, message, "Write the name of a setting");
            }
            continue;
        };
        let Ok(texts) = texts(name, value, findings) else { continue };
        if let Some(line) = lines.get(&**name) {
            let message = format!("The key {} is repeated, after line {line}", Quoted(name));
            findings.report(SettingRule::DuplicateKey, key.place, message, "Keep one of the two");
            continue;
        }
        lines.insert(name, key.place.line);
        let value = texts.map(|texts| (texts, place(value.place)));
        entries.push(RawEntry { key: name.to_string(), at: place(key.place), value });
    }
    entries
}

/// The texts of a value; `None` of nothing.
fn texts(key: &str, value: &Node<'_>, findings: &mut Findings<SettingRule>) -> Result<Option<Vec<String>>, ()> {
    let mut refused = |node: &Node<'_>, message: String, remedy| {
        if !matches!(node.value, Value::Refused) {
            findings.report(SettingRule::WrongType, node.place, message, remedy);
        }
        Err(())
    };
    match &value.value {
        Value::Scalar(Scalar::Null, _) => Ok(None),
        Value::Scalar(_, text) => Ok(Some(vec![text.to_string()])),
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
            Ok(Some(texts))
        }
        _ => {
            let message = format!("The value of {} is {}, not text or a list of texts", Quoted(key), value.describe());
            refused(value, message, "Write it out, on one line")
        }
    }
}

/// Gives the settings their values.
pub(super) struct Reader<'g> {
    pub(super) given: &'g [RawValue],
    pub(super) report: &'g mut Report,
}

impl Reader<'_> {
    /// The strongest value. The weaker ones are read too, so that all problems are found.
    pub(super) fn value<T: value::Value>(&mut self, name: &str) -> Option<T> {
        let mut strongest = None;
        for given in self.given.iter().filter(|given| given.setting.name == name) {
            match T::read(&given.texts) {
                Ok(value) => strongest = Some(value),
                Err(Invalid { message, remedy }) => {
                    let at = At { source: given.source.clone(), setting: given.setting };
                    self.report.add(SettingRule::InvalidValue, &at, message, remedy);
                }
            }
        }
        strongest
    }
}
