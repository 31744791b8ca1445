//! The kinds that a method declares, as files write them.

use std::collections::HashSet;

#[cfg(feature = "yaml")]
use super::{Field, name};
#[cfg(feature = "yaml")]
use crate::catalog::{draft::DraftMethod, method};
use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Place, Quoted},
    yaml::{Node, Scalar, Value},
};

#[cfg(feature = "yaml")]
const LIST: &str = "Write a list of kinds: [task_not_found]";

/// Reads a mapping from methods to lists of kinds.
#[cfg(feature = "yaml")]
pub(in crate::catalog) fn read(field: Field<'_, '_>, findings: &mut Findings) -> Vec<DraftMethod> {
    let mut methods = Vec::new();
    for (key, value) in field.mapping(findings).unwrap_or_default() {
        let Some(name) = name(key, findings) else { continue };
        if !method::is_name(name) {
            report_bad_method(name, key.place, findings);
            continue;
        }
        let kinds = match &value.value {
            Value::List(nodes) => read_kinds(nodes, findings),
            Value::Refused => continue,
            _ => {
                let message = format!("The errors of {} are {}, not a list", Quoted(name), value.describe());
                let place = if value.is_null() { key.place } else { value.place };
                findings.report(Rule::WrongType, place, message, LIST);
                continue;
            }
        };
        methods.push(DraftMethod { name: name.to_owned(), place: key.place, kinds: Some(kinds), routes: Vec::new() });
    }
    methods
}

/// The kinds of a list, each once, with their places.
pub(in crate::catalog) fn read_kinds(nodes: &[Node<'_>], findings: &mut Findings) -> Vec<(String, Place)> {
    let mut known = HashSet::new();
    let mut kinds = Vec::with_capacity(nodes.len());
    for node in nodes {
        match &node.value {
            Value::Scalar(Scalar::Text, text) if !known.insert(text.clone()) => {
                let message = format!("The kind {} is listed twice", Quoted(text));
                findings.report(Rule::DuplicateKey, node.place, message, "Keep one of the two");
            }
            Value::Scalar(Scalar::Text, text) => kinds.push((text.to_string(), node.place)),
            Value::Refused => {}
            _ => {
                let message = format!("A kind is {}, not text", node.describe());
                findings.report(Rule::WrongType, node.place, message, "Write the name of a kind");
            }
        }
    }
    kinds
}

/// Reports what cannot be the name of a method or of a service.
pub(in crate::catalog) fn report_bad_method(name: &str, place: Place, findings: &mut Findings) {
    let message = format!("{} is not the name of a method", Quoted(name));
    let remedy = "Write it as tasks.v1.TaskService/GetTask, or tasks.v1.TaskService for all methods of the service";
    findings.report(Rule::BadMethod, place, message, remedy);
}
