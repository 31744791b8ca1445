//! gRPC errors of which no more was printed than the code, by its name or its number, and the message.

use super::status::Printed;
use crate::{
    catalog::{Escapes, quoted},
    model::Code,
};

/// `not found (5): ...` of grpc-swift, and `notFound: "..."` since version 2, whose quotes are not escaped.
pub(super) fn swift(text: &str) -> Option<Printed> {
    Code::ALL.iter().find_map(|code| {
        let words = match code {
            Code::Internal => "internal error".to_owned(),
            _ => code.name().replace('_', " ").to_ascii_lowercase(),
        };
        let name: String = words
            .split(' ')
            .enumerate()
            .map(|(at, word)| {
                let (first, rest) = word.split_at(usize::from(at > 0));
                first.to_ascii_uppercase() + rest
            })
            .collect();
        let behind = |start: String| {
            let at = text.find(&start)?;
            text[..at].chars().next_back().is_none_or(char::is_whitespace).then(|| &text[at + start.len()..])
        };
        let message = match behind(format!("{words} ({})", code.number())) {
            Some(rest) => rest.trim_start_matches(':').lines().next().unwrap_or_default(),
            None => {
                let quoted = behind(format!("{name}: \""))?;
                let end = quoted.find("\" (cause: ").or_else(|| quoted.rfind('"'))?;
                &quoted[..end]
            }
        };
        Printed::named(code.name(), message)
    })
}

/// `NOT_FOUND: ...` as `absl::Status` and nice-grpc write it, `not_found: ...` as connect-go and `[not_found] ...` as connect-es do.
pub(super) fn named(text: &str) -> Option<Printed> {
    let found = Code::ALL.iter().flat_map(|code| {
        let bracketed = format!("[{}] ", code.connect_name());
        let plain = [format!("{}:", code.name()), format!("{}: ", code.connect_name()), bracketed];
        plain.into_iter().filter_map(move |start| {
            let mut all = text.match_indices(&start).map(|(at, _)| at);
            let at = all.find(|at| text[..*at].chars().next_back().is_none_or(char::is_whitespace))?;
            Some((at, at + start.len(), code))
        })
    });
    let (_, end, code) = found.min_by_key(|(at, ..)| *at)?;
    let (message, payloads) = match text[end..].find(" [type.googleapis.com/") {
        Some(at) => text[end..].split_at(at),
        None => (&text[end..], ""),
    };
    let mut printed = Printed::named(code.name(), without_stack(message))?;
    // Each payload of absl: ` [type.googleapis.com/google.rpc.ErrorInfo='...']`
    let mut rest = payloads;
    while let Some((type_url, value)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once('=')) {
        let Ok((value, after)) = quoted(value, Escapes::C) else {
            printed.note(rest);
            break;
        };
        printed.add_any(prost_types::Any { type_url: type_url.to_owned(), value });
        // Without its bracket the text is cut off, and what was read of it stays.
        rest = after.strip_prefix(']').unwrap_or_default();
    }
    Some(printed)
}

/// `5: ...` at the start, as programs in C++ print number and message.
pub(super) fn numbered(text: &str) -> Option<Printed> {
    let (number, message) = text.lines().next()?.split_once(": ")?;
    let number: i32 = number.parse().ok().filter(|number| Code::ALL.iter().any(|code| code.number() == *number))?;
    Some(Printed::new(number, message))
}

/// What stands in front of the stack: lines such as `    at Object.call (x.js:1:1)`, and what caused the error.
pub(super) fn without_stack(text: &str) -> &str {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let is_indented = line.starts_with([' ', '\t']);
        let is_frame = line.trim_start().starts_with("at ") && (is_indented || line.trim_end().ends_with(')'));
        if is_frame || line.starts_with("Caused by: ") {
            break;
        }
        end += line.len();
    }
    &text[..end]
}
