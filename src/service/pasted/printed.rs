//! gRPC errors as clients print them: grpcurl, Go, Python, Node, .NET, Java and tonic; and the strings and bytes in them, as Rust prints
//! them for debugging.

use prost::Message;
use serde_json::{Value, json};

use super::text_format;
use crate::{
    model::Code,
    service::{Json, pb::grpc_to_http_request::Source},
};

/// Reads the error of whichever client printed the text; nothing if none of them did.
///
/// # Errors
///
/// What is wrong with it, in words.
pub(super) fn read(text: &str) -> Option<Result<Source, String>> {
    [grpcurl, go, python, node, dotnet, java, tonic].iter().find_map(|client| client(text))
}

/// `ERROR:`, then indented `Code:`, `Message:` and numbered details in JSON or, with `-format text`, in the text format of protobuf.
/// What grpcurl could not print itself (`Error parsing detail message: ...`) costs that detail alone.
fn grpcurl(text: &str) -> Option<Result<Source, String>> {
    let at = if text.starts_with("ERROR:\n") { 0 } else { text.find("\nERROR:\n")? + 1 };
    let (name, rest) = text[at..].strip_prefix("ERROR:\n")?.trim_start().strip_prefix("Code:")?.split_once('\n')?;
    let rest = rest.trim_start().strip_prefix("Message:")?;
    let (message, details) = rest.split_once("\n  Details:\n").unwrap_or((rest, ""));
    let mut numbered: Vec<String> = Vec::new();
    for line in details.lines() {
        match line.trim_start().split_once(')') {
            Some((number, json)) if number.parse::<u32>().is_ok() => numbered.push(json.to_owned()),
            _ => numbered.last_mut()?.push_str(line),
        }
    }
    let details = numbered.iter().filter_map(|detail| match detail.trim_start() {
        json if json.starts_with('{') => serde_json::from_str(json).ok(),
        text => text_format::any(text),
    });
    Some(status(name, message, details.collect()))
}

/// `rpc error: code = NotFound desc = ...`, with whatever a program has put in front.
fn go(text: &str) -> Option<Result<Source, String>> {
    let (_, rest) = text.split_once("rpc error: code = ")?;
    let (name, message) = rest.split_once(" desc =")?;
    Some(status(name, message, Vec::new()))
}

/// `status = StatusCode.NOT_FOUND` and `details = "..."`, whose quotes are not escaped.
fn python(text: &str) -> Option<Result<Source, String>> {
    let (_, rest) = text.split_once("status = StatusCode.")?;
    let (name, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix("details = \"")?;
    let end = rest.rfind("debug_error_string = ").or_else(|| rest.rfind('>')).unwrap_or(rest.len());
    let message = rest[..end].trim_end();
    Some(status(name, message.strip_suffix('"').unwrap_or(message), Vec::new()))
}

/// `5 NOT_FOUND: ...` of grpc-js, with the stack and the members of the error behind it.
fn node(text: &str) -> Option<Result<Source, String>> {
    Code::ALL.iter().find_map(|code| {
        let (before, rest) = text.split_once(&format!("{} {}: ", code.number(), code.name()))?;
        if !before.is_empty() && !before.ends_with([' ', '\n']) {
            return None;
        }
        let message = rest.split_once("\n    at ").map_or(rest, |(message, _)| message);
        Some(status(code.name(), message, Vec::new()))
    })
}

/// `Status(StatusCode="NotFound", Detail="...")` of grpc-dotnet, whose quotes are not escaped, and which may go on with
/// `DebugException="..."`.
fn dotnet(text: &str) -> Option<Result<Source, String>> {
    let (name, rest) = text.split_once("StatusCode=\"")?.1.split_once('"')?;
    let message = rest.split_once("Detail=\"").map_or("", |(_, message)| message);
    let line = message.find("\")\n").or_else(|| message.rfind("\")"));
    let end = message.find("\", DebugException=").or(line).unwrap_or(message.len());
    Some(status(name, &message[..end], Vec::new()))
}

/// `io.grpc.StatusRuntimeException: NOT_FOUND: ...` of grpc-java, with the stack behind it; without a description only the name.
fn java(text: &str) -> Option<Result<Source, String>> {
    let at = ["StatusRuntimeException: ", "StatusException: "]
        .iter()
        .find_map(|name| Some(text.find(name)? + name.len()))?;
    let rest = text[at..].split("\n\tat ").next().unwrap_or_default();
    let rest = rest.split("\n    at ").next().unwrap_or_default();
    let (name, message) = rest.split_once(':').filter(|(name, _)| code(name).is_some()).unwrap_or((rest.trim(), ""));
    code(name).is_some().then(|| status(name, message, Vec::new()))
}

/// `code: '...', message: "..."`, the same within `Status { ... }`, and what tonic up to 0.14.2 writes: `status: NotFound, message:
/// "..."` and `status: '...', self: "..."`.
fn tonic(text: &str) -> Option<Result<Source, String>> {
    let starts = ["status: ", "code: "].into_iter().filter_map(|key| text.find(key).map(|at| at + key.len()));
    let (name, rest) = starts.min().and_then(|at| {
        let rest = &text[at..];
        match rest.strip_prefix('\'') {
            Some(described) => described.split_once('\''),
            None => Some(rest.split_at(rest.find([',', ' ', '\n']).unwrap_or(rest.len()))),
        }
    })?;
    // A line such as `grpc-status: 5` is a field, and not what tonic prints.
    if name.starts_with(|c: char| c.is_ascii_digit()) || code(name).is_none() {
        return None;
    }
    let after = |key: &str| rest.split_once(key).map(|(_, value)| value);
    let message = rest.trim_start_matches(',').trim_start();
    let message = match ["message: ", "self: "].iter().find_map(|key| message.strip_prefix(key)) {
        Some(message) => String::from_utf8(quoted(message)?).ok()?,
        None => String::new(),
    };
    let mut read = status(name, &message, Vec::new());
    // The bytes are a whole status, as in `grpc-status-details-bin`.
    if let (Ok(Source::Status(status)), Some(bytes)) = (&mut read, after(", details: ").and_then(bytes))
        && status.merge(&*bytes).is_err()
    {
        return Some(Err("The `details` of tonic's error are not a google.rpc.Status.".to_owned()));
    }
    Some(read)
}

fn status(name: &str, message: &str, details: Vec<Value>) -> Result<Source, String> {
    let name = name.trim();
    let code = code(name).ok_or_else(|| format!("`{name}` is not a gRPC code."))?;
    let details: Vec<Value> = details.into_iter().map(known).collect();
    let status = json!({"code": code, "message": message.trim(), "details": details}).to_string();
    Json::default().read("google.rpc.Status", &status).map(Source::Status).map_err(|error| error.message().into_owned())
}

/// A type that grpcurl does not know has its bytes in `@value`, which are `value` here.
fn known(detail: Value) -> Value {
    match (detail.get("@type"), detail.get("@value")) {
        (Some(name), Some(value)) => json!({"@type": name, "value": value}),
        _ => detail,
    }
}

/// The number of a code: `NOT_FOUND`, `NotFound`, `Code(5)`, or as tonic describes it.
fn code(name: &str) -> Option<i32> {
    let name = name.trim();
    let number = name.strip_prefix("Code(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(name);
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    // Go writes `Canceled`.
    let folded = if name == "Canceled" { "cancelled".to_owned() } else { name.replace('_', "").to_ascii_lowercase() };
    let is_named = |code: &&Code| {
        let described = tonic::Code::from(code.number()).description();
        code.name().replace('_', "").eq_ignore_ascii_case(&folded) || described == name
    };
    Code::ALL.iter().find(is_named).map(|code| code.number())
}

/// Reads the text between quotes that `text` begins with; nothing if the literal is broken. An escape `\x80` is the byte.
pub(super) fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.strip_prefix('"')?.chars();
    let mut bytes = Vec::new();
    loop {
        let char = match rest.next()? {
            '"' => return Some(bytes),
            '\\' => match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'x' => {
                    let digits: String = rest.by_ref().take(2).collect();
                    bytes.push(u8::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
                'u' => {
                    let digits: String = rest.by_ref().take_while(|&c| c != '}').skip(1).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            },
            other => other,
        };
        bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Reads `[8, 5, 18]` or `b"\x08\x05"`; nothing if it is neither.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(text) = text.strip_prefix('b') {
        return quoted(text);
    }
    let (list, _) = text.strip_prefix('[')?.split_once(']')?;
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| item.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rust_prints() {
        for text in ["", "a \"b\" \\ c", "tab\t, line\n, nul\0, \u{7f}, é, \u{200b}"] {
            assert_eq!(quoted(&format!("{text:?}, more")).as_deref(), Some(text.as_bytes()), "{text:?}");
        }
        assert_eq!(bytes("[8, 5, 255], metadata"), Some(vec![8, 5, 255]));
        assert_eq!(bytes("[]"), Some(vec![]));
        assert_eq!(bytes(r#"b"\x08\x05\xffA\n""#), Some(vec![8, 5, 255, b'A', b'\n']));
    }

    #[test]
    fn refuses_what_is_broken() {
        for text in ["", "\"", "\"\\", "\"\\x", "\"\\u{110000}\"", "a"] {
            assert_eq!(quoted(text), None, "{text}");
        }
        assert_eq!((bytes("[256]"), bytes("[1"), bytes("b")), (None, None, None));
    }
}
