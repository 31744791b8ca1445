//! Values as text: YAML in blocks, and JSON.

use std::fmt::Write;

use serde_json::Value;

use crate::catalog::YamlScalar;

/// Writes a key and its value, each on lines of their own, at an indentation.
pub(super) fn block(out: &mut String, indent: usize, key: &str, value: &Value) {
    // Writing to a string does not fail.
    let _ = write!(out, "{:indent$}{}:", "", YamlScalar(key));
    below(out, indent, value);
}

/// What follows a colon or a dash.
fn below(out: &mut String, indent: usize, value: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            for (key, value) in map {
                block(out, indent + 2, key, value);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            out.push('\n');
            for value in list {
                item(out, indent + 2, value);
            }
        }
        Value::String(text) => {
            let _ = writeln!(out, " {}", YamlScalar(text));
        }
        // Numbers, true, false, null, `{}` and `[]` are the same in both.
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

/// One item of a list. The first key of an object stands next to the dash.
fn item(out: &mut String, indent: usize, value: &Value) {
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
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
pub(super) fn member(indent: Option<usize>, key: &str, value: &Value) -> String {
    let key = Value::from(key);
    match indent {
        None => format!("{key}:{value}"),
        Some(indent) => {
            let text = format!("{value:#}").replace('\n', &format!("\n{:indent$}", ""));
            format!("{key}: {text}")
        }
    }
}
