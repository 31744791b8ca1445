//! A detail in the text format of protobuf (<https://protobuf.dev/reference/protobuf/textformat-spec/>), as `grpcurl -format text`
//! prints it.

use serde_json::{Map, Value, json};

/// The fields of `google/rpc/error_details.proto` that are lists: text format says of a field that stands once nothing of this.
const LISTS: [&str; 4] = ["field_violations", "violations", "links", "stack_entries"];

/// How deep messages may be nested.
const MAX_DEPTH: u8 = 16;

/// Reads `[type.googleapis.com/google.rpc.ErrorInfo]: { reason: "..." }` as ProtoJSON; nothing if it is not that.
pub(super) fn any(text: &str) -> Option<Value> {
    let (name, rest) = text.trim_start().strip_prefix('[')?.split_once(']')?;
    let mut rest = rest.trim_start().trim_start_matches(':').trim_start();
    rest = rest.strip_prefix(['{', '<'])?;
    let Value::Object(mut fields) = fields(&mut rest, MAX_DEPTH)? else { return None };
    // A duration stands in the fields of its message; ProtoJSON has a text.
    if let Some(Value::Object(delay)) = fields.get("retry_delay") {
        let part = |name| delay.get(name).and_then(Value::as_i64).unwrap_or_default();
        let delay = json!(format!("{}.{:09}s", part("seconds"), part("nanos")));
        fields.insert("retry_delay".to_owned(), delay);
    }
    fields.insert("@type".to_owned(), json!(name));
    Some(Value::Object(fields))
}

/// The fields up to the brace that closes them.
fn fields(rest: &mut &str, depth: u8) -> Option<Value> {
    let mut fields = Map::new();
    loop {
        *rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        if let Some(after) = rest.strip_prefix(['}', '>']) {
            *rest = after;
            return Some(Value::Object(fields));
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|end| *end > 0)?;
        let name = &rest[..end];
        *rest = rest[end..].trim_start().trim_start_matches(':').trim_start();
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

fn value(rest: &mut &str, depth: u8) -> Option<Value> {
    if let Some(inner) = rest.strip_prefix(['{', '<']) {
        *rest = inner;
        return fields(rest, depth.checked_sub(1)?);
    }
    if rest.starts_with('"') {
        return Some(json!(text(rest)?));
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | '>' | ',' | ';')).unwrap_or(rest.len());
    let (scalar, after) = rest.split_at(end);
    *rest = after;
    Some(scalar.parse::<i64>().map_or_else(|_| json!(scalar), |number| json!(number)))
}

/// A text in quotes, in which bytes stand as `\\n` or in octal, `\\303\\251`.
fn text(rest: &mut &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut from = rest.strip_prefix('"')?.bytes().enumerate();
    while let Some((at, byte)) = from.next() {
        match byte {
            b'"' => {
                *rest = &rest[at + 2..];
                return String::from_utf8(bytes).ok();
            }
            b'\\' => match from.next()?.1 {
                b'n' => bytes.push(b'\n'),
                b'r' => bytes.push(b'\r'),
                b't' => bytes.push(b'\t'),
                first @ b'0'..=b'3' => {
                    let (second, third) = (from.next()?.1, from.next()?.1);
                    let digit = |digit: u8| digit.checked_sub(b'0').filter(|digit| *digit < 8);
                    bytes.push(digit(first)? * 64 + digit(second)? * 8 + digit(third)?);
                }
                other => bytes.push(other),
            },
            other => bytes.push(other),
        }
    }
    None
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
        }
        assert_eq!(any(&format!("[a]: {{ {}", "b: { ".repeat(10_000))), None);
    }
}
