//! Values as text: YAML in blocks, and JSON.

use std::fmt::Write;

use crate::{catalog::YamlScalar, docs::json::Json};

/// Writes a key and its value, each on lines of their own, at an indentation.
pub(super) fn block(out: &mut String, indent: usize, key: &str, value: &Json) {
    // Writing to a string does not fail.
    let _ = write!(out, "{:indent$}{}:", "", YamlScalar(key));
    below(out, indent, value);
}

/// What follows a colon or a dash.
fn below(out: &mut String, indent: usize, value: &Json) {
    match value {
        Json::Object(object) if !object.is_empty() => {
            out.push('\n');
            for (key, value) in object.iter() {
                block(out, indent + 2, key, value);
            }
        }
        Json::List(list) if !list.is_empty() => {
            out.push('\n');
            for value in list {
                item(out, indent + 2, value);
            }
        }
        Json::Text(text) => {
            let _ = writeln!(out, " {}", YamlScalar(text));
        }
        // Numbers, true, false, null, `{}` and `[]` are the same in both.
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

/// One item of a list. The first key of an object stands next to the dash.
fn item(out: &mut String, indent: usize, value: &Json) {
    let mut text = String::new();
    match value {
        Json::Object(object) if !object.is_empty() => {
            for (key, value) in object.iter() {
                block(&mut text, indent + 2, key, value);
            }
            let _ = write!(out, "{:indent$}- {}", "", text.trim_start());
        }
        other => {
            let _ = write!(out, "{:indent$}-", "");
            below(out, indent, other);
        }
    }
}

/// A member of a JSON object, on lines of their own at an indentation, or on one line.
pub(super) fn member(indent: Option<usize>, key: &str, value: &Json) -> String {
    let key = Json::from(key);
    match indent {
        None => format!("{key}:{value}"),
        Some(indent) => {
            let text = format!("{value:#}").replace('\n', &format!("\n{:indent$}", ""));
            format!("{key}: {text}")
        }
    }
}
