//! The errors of the command lines grpcurl and evans, with their details.

use super::{literal, status::Printed, text_format};
use crate::catalog::Escapes;

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
            _ => match text_format::any(detail) {
                Some(json) => printed.add(json),
                None => match text_format::raw(detail) {
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
