//! A `google.rpc.Status` or one of its details in the text format of protobuf
//! (<https://protobuf.dev/reference/protobuf/textformat-spec/>), as Go, Python and C++ print messages, and the errors of the command lines
//! grpcurl, which writes that format too, and evans.

use prost_types::Any;
use serde_json::{Map, Value, json};

use super::{literal, status::Printed};
use crate::{
    catalog::{Escapes, quoted},
    model::Depth,
};

/// The fields of `google/rpc/error_details.proto` that are lists: text format says of a field that stands once nothing of this.
const LISTS: [&str; 4] = ["field_violations", "violations", "links", "stack_entries"];

/// How deep messages may be nested.
const MAX_DEPTH: Depth = Depth::of(16);

/// Reads `code: 5 message: "..." details { ... }`, whose details are expanded or have `type_url` and `value`; nothing if it is anything else.
pub(super) fn status(text: &str) -> Option<Result<Printed, String>> {
    let mut rest = text;
    let mut printed = Printed::new(0, "");
    loop {
        rest = unseparated(rest);
        if rest.is_empty() {
            return (printed.status.code != 0).then_some(Ok(printed));
        }
        match name(&mut rest)? {
            "code" => printed.status.code = scalar(&mut rest).parse().ok()?,
            "message" => printed.status.message = text_of(&mut rest)?,
            "details" => {
                rest = rest.strip_prefix(['{', '<'])?.trim_start();
                if rest.starts_with('[') {
                    printed.add(expanded(&mut rest)?);
                } else {
                    printed.add_any(raw_fields(&mut rest)?);
                }
                rest = unseparated(rest).strip_prefix(['}', '>'])?;
            }
            _ => return None,
        }
    }
}

/// Reads `[type.googleapis.com/google.rpc.ErrorInfo]: { reason: "..." }` as ProtoJSON; nothing if it is not that.
pub(super) fn any(text: &str) -> Option<Value> {
    expanded(&mut text.trim_start())
}

/// Reads `type_url: "..." value: "..."`; nothing if it is not that.
pub(super) fn raw(text: &str) -> Option<Any> {
    raw_fields(&mut text.trim_start()).filter(|any| !any.type_url.is_empty())
}

fn expanded(rest: &mut &str) -> Option<Value> {
    let (type_url, after) = rest.strip_prefix('[')?.split_once(']')?;
    *rest = after.trim_start().trim_start_matches(':').trim_start().strip_prefix(['{', '<'])?;
    let Value::Object(mut fields) = fields(rest, MAX_DEPTH)? else { return None };
    // A duration stands in the fields of its message; ProtoJSON has a text.
    if let Some(Value::Object(delay)) = fields.get("retry_delay") {
        let part = |name| delay.get(name).and_then(Value::as_i64).unwrap_or_default();
        let delay = json!(format!("{}.{:09}s", part("seconds"), part("nanos")));
        fields.insert("retry_delay".to_owned(), delay);
    }
    fields.insert("@type".to_owned(), json!(type_url));
    Some(Value::Object(fields))
}

/// The fields of a `google.protobuf.Any` up to the brace that closes it, which stays.
fn raw_fields(rest: &mut &str) -> Option<Any> {
    let mut any = Any::default();
    loop {
        *rest = unseparated(rest);
        if rest.is_empty() || rest.starts_with(['}', '>']) {
            return Some(any);
        }
        match name(rest)? {
            "type_url" => any.type_url = text_of(rest)?,
            "value" => {
                let (value, after) = quoted(rest, Escapes::C).ok()?;
                (any.value, *rest) = (value, after);
            }
            _ => return None,
        }
    }
}

/// The fields up to the brace that closes them.
fn fields(rest: &mut &str, depth: Depth) -> Option<Value> {
    let mut fields = Map::new();
    loop {
        *rest = unseparated(rest);
        if let Some(after) = rest.strip_prefix(['}', '>']) {
            *rest = after;
            return Some(Value::Object(fields));
        }
        let name = name(rest)?;
        let value = value(rest, depth)?;
        if name == "metadata" {
            let Value::Object(entry) = value else { return None };
            let map = fields.entry(name).or_insert_with(|| json!({})).as_object_mut()?;
            let key = entry.get("key").and_then(Value::as_str).unwrap_or_default();
            map.insert(key.to_owned(), entry.get("value").cloned().unwrap_or_else(|| json!("")));
        } else if LISTS.contains(&name) {
            fields.entry(name).or_insert_with(|| json!([])).as_array_mut()?.push(value);
        } else {
            fields.insert(name.to_owned(), value);
        }
    }
}

fn unseparated(rest: &str) -> &str {
    rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
}

/// Takes the name of a field, and the colon behind it.
fn name<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|end| *end > 0)?;
    let (name, after) = rest.split_at(end);
    *rest = after.trim_start().trim_start_matches(':').trim_start();
    Some(name)
}

fn value(rest: &mut &str, depth: Depth) -> Option<Value> {
    if let Some(inner) = rest.strip_prefix(['{', '<']) {
        *rest = inner;
        return fields(rest, depth.deeper(1)?);
    }
    if rest.starts_with(['"', '\'']) {
        return Some(json!(text_of(rest)?));
    }
    let scalar = scalar(rest);
    Some(scalar.parse::<i64>().map_or_else(|_| json!(scalar), |number| json!(number)))
}

fn scalar<'t>(rest: &mut &'t str) -> &'t str {
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | '>' | ',' | ';')).unwrap_or(rest.len());
    let (scalar, after) = rest.split_at(end);
    *rest = after;
    scalar
}

fn text_of(rest: &mut &str) -> Option<String> {
    let (bytes, after) = quoted(rest, Escapes::C).ok()?;
    *rest = after;
    String::from_utf8(bytes).ok()
}

/// `ERROR:`, then indented `Code:`, `Message:` and numbered details in JSON or, with `-format text`, in the text format of protobuf.
/// What grpcurl could not print itself (`Error parsing detail message: ...`) costs that detail alone.
///
/// # Errors
///
/// What is wrong with it, in words.
pub(super) fn grpcurl(text: &str) -> Option<Result<Printed, String>> {
    let at = if text.starts_with("ERROR:\n") { 0 } else { text.find("\nERROR:\n")? + 1 };
    let (name, rest) = text[at..].strip_prefix("ERROR:\n")?.trim_start().strip_prefix("Code:")?.split_once('\n')?;
    let rest = rest.trim_start().strip_prefix("Message:")?;
    let (message, details) = rest.split_once("\n  Details:\n").unwrap_or((rest, ""));
    let Some(mut printed) = Printed::named(name, message) else {
        return Some(Err(format!("`{}` is not a gRPC code.", name.trim())));
    };
    for detail in numbered(details) {
        let detail = detail.trim_start();
        match serde_json::Deserializer::from_str(detail).into_iter().next() {
            Some(Ok(json)) if detail.starts_with('{') => printed.add(json),
            _ => match any(detail) {
                Some(json) => printed.add(json),
                None => match raw(detail) {
                    Some(any) => printed.add_any(any),
                    None => printed.note(detail),
                },
            },
        }
    }
    Some(Ok(printed))
}

/// The details, each begun by its number. Other lines that are not indented are not grpcurl's.
fn numbered(details: &str) -> Vec<String> {
    let mut numbered: Vec<String> = Vec::new();
    for line in details.lines().take_while(|line| line.starts_with([' ', '\t'])) {
        match (line.trim_start().split_once(')'), numbered.last_mut()) {
            (Some((number, detail)), _) if number.parse::<u32>().is_ok() => numbered.push(detail.to_owned()),
            (_, Some(last)) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => {}
        }
    }
    numbered
}

/// `code: NotFound`, `number: 5`, `message: "..."` and `details:` on lines of their own, as `evans cli call --enrich` prints them,
/// or `code = NotFound, number = 5, message = "..."` on one.
pub(super) fn evans(text: &str) -> Option<Result<Printed, String>> {
    if let Some((before, rest)) = text.split_once(", number = ") {
        let name = before.rsplit_once("code = ")?.1;
        let message = literal::text(rest.split_once("message = ")?.1, Escapes::C)?;
        let lines = text.lines().position(|line| line.starts_with("number: ")).and_then(|_| lines(text));
        return Some(Ok(lines.or_else(|| Printed::named(name, &message))?));
    }
    lines(text).map(Ok)
}

fn lines(text: &str) -> Option<Printed> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("code: "));
    let name = lines.next()?.strip_prefix("code: ")?;
    lines.next()?.strip_prefix("number: ")?;
    let message = literal::text(lines.next()?.strip_prefix("message: ")?, Escapes::C)?;
    let mut printed = Printed::named(name, &message)?;
    let details: Vec<&str> = lines.skip(1).take_while(|line| line.starts_with([' ', '\t'])).collect();
    let details = details.join("\n");
    let mut read = serde_json::Deserializer::from_str(&details).into_iter();
    for detail in read.by_ref() {
        match detail {
            Ok(detail) => printed.add(detail),
            Err(_) => break,
        }
    }
    let rest = details.get(read.byte_offset()..).unwrap_or_default();
    if !rest.trim().is_empty() {
        printed.note(rest);
    }
    Some(printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    // What `proto.TextMarshaler{ExpandAny: true}` of golang/protobuf writes.
    #[test]
    fn reads_details() {
        let info = "[type.googleapis.com/google.rpc.ErrorInfo]: {\n  reason: \"TASK_NOT_FOUND\"\n  domain: \"errwire.dev\"\n  metadata: \
                    <\n    key: \"task_id\"\n    value: \"t\\303\\251 \\\"1\\\"\"\n  >\n}";
        let wanted = json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "TASK_NOT_FOUND", "domain": "errwire.dev",
            "metadata": {"task_id": "té \"1\""},
        });
        assert_eq!(any(info), Some(wanted));
        let bad = "[type.googleapis.com/google.rpc.BadRequest]: {field_violations: {field: \"a\"} field_violations: {field: \"b\"}}";
        assert_eq!(any(bad).unwrap()["field_violations"], json!([{"field": "a"}, {"field": "b"}]));
        let retry = "[type.googleapis.com/google.rpc.RetryInfo]: { retry_delay: { seconds: 2 nanos: 5000000 } }";
        assert_eq!(any(retry).unwrap()["retry_delay"], json!("2.005000000s"));
    }

    #[test]
    fn refuses_what_is_broken() {
        for text in [
            "",
            "[",
            "[a]",
            "[a]: {",
            "[a]: { b",
            "[a]: { b: \"",
            "[a]: { b: \"\\9",
            "[a]: { b: \"\\377\" }",
            "Error parsing detail message: x",
        ] {
            assert_eq!(any(text), None, "{text}");
            assert_eq!(raw(text), None, "{text}");
            assert_eq!(status(text), None, "{text}");
        }
        assert_eq!(any(&format!("[a]: {{ {}", "b: { ".repeat(10_000))), None);
        for text in
            ["code: 0", "code: x", "code: 5 more", "code: 5 details {", "code: 5 details { a: 1 }", "message: \"m\""]
        {
            assert_eq!(status(text), None, "{text}");
        }
    }
}
