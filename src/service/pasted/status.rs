//! A gRPC error that a client printed, the names that clients have for codes, and errors of which no more was printed than the code, by
//! its name or its number, and the message.

use prost_types::Any;
use serde_json::{Value, json};

use crate::{
    catalog::{Escapes, quoted},
    model::{Code, rpc},
    service::Json,
};

/// The longest text of a detail in a note, in characters.
const MAX_NOTE: usize = 1_024;

/// A gRPC error, and what of it could not be read.
#[derive(Debug, PartialEq)]
pub(super) struct Printed {
    pub(super) status: rpc::Status,
    pub(super) notes: Vec<String>,
}

impl Printed {
    pub(super) fn new(code: i32, message: &str) -> Self {
        let status = rpc::Status { code, message: message.trim().to_owned(), details: Vec::new() };
        Self { status, notes: Vec::new() }
    }

    /// An error whose code has a name; nothing if no code has this one.
    pub(super) fn named(name: &str, message: &str) -> Option<Self> {
        Some(Self::new(code(name)?, message))
    }

    /// Adds a detail in ProtoJSON. One that cannot be decoded stays readable in a note.
    pub(super) fn add(&mut self, detail: Value) {
        // A type that a tool does not know has its bytes in `@value`, which are `value` here.
        let known = match (detail.get("@type"), detail.get("@value")) {
            (Some(name), Some(value)) => json!({"@type": name, "value": value}),
            _ => detail,
        };
        let status = json!({"details": [known]}).to_string();
        match Json::default().read::<rpc::Status>("google.rpc.Status", &status) {
            Ok(status) => self.status.details.extend(status.details),
            Err(_) => self.note(&known.to_string()),
        }
    }

    /// Adds a detail whose bytes are known.
    pub(super) fn add_any(&mut self, detail: Any) {
        self.status.details.push(detail);
    }

    /// Keeps what a detail says where it cannot be a detail.
    pub(super) fn note(&mut self, detail: &str) {
        let words: Vec<&str> = detail.split_whitespace().collect();
        let text: String = words.join(" ").chars().take(MAX_NOTE).collect();
        self.notes.push(format!("a detail cannot be decoded and is left out: {text}"));
    }
}

/// The number of a code: `NOT_FOUND`, `NotFound`, `not_found`, `Code(5)`, `5`, or as tonic describes it.
pub(super) fn code(name: &str) -> Option<i32> {
    let name = name.trim();
    let number = name.strip_prefix("Code(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(name);
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    // Go and Connect have one L less.
    let folded = match name.replace('_', "").to_ascii_lowercase() {
        name if name == "canceled" => "cancelled".to_owned(),
        name => name,
    };
    let is_named = |code: &&Code| {
        let described = tonic::Code::from(code.number()).description();
        code.name().replace('_', "").eq_ignore_ascii_case(&folded) || described == name
    };
    Code::ALL.iter().find(is_named).map(|code| code.number())
}

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
        printed.add_any(Any { type_url: type_url.to_owned(), value });
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
