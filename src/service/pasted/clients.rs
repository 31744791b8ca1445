//! gRPC errors as the clients of many languages print them, with whatever a program has put in front.

use prost::Message;

use super::{
    literal,
    status::{Printed, code, named, numbered, swift, without_stack},
    text_format,
};
use crate::{catalog::Escapes, model::Code};

/// The error of whichever command line or client printed the text; nothing if none of them did.
pub(super) fn printed(text: &str) -> Option<Result<Printed, String>> {
    type Read = fn(&str) -> Option<Result<Printed, String>>;
    const TOOLS: [Read; 5] =
        [text_format::grpcurl, text_format::evans, text_format::status, |text| read(text).map(Ok), rust];
    TOOLS.iter().find_map(|tool| tool(text))
}

/// The forms that say most about themselves come first.
fn read(text: &str) -> Option<Printed> {
    let clients = [
        go,
        python,
        ruby,
        node,
        dotnet,
        java,
        dart,
        elixir,
        google_api_core,
        command_line,
        core,
        swift,
        named,
        traced,
        numbered,
    ];
    clients.iter().find_map(|client| client(text))
}

/// `rpc error: code = NotFound desc = ...`; within quotes, as a logger writes it, up to their end.
fn go(text: &str) -> Option<Printed> {
    const START: &str = "rpc error: code = ";
    let at = text.find(START)?;
    let literal = text[..at].ends_with('"').then(|| literal::text(&text[at - 1..], Escapes::C)).flatten();
    let (name, message) = literal.as_deref().unwrap_or(&text[at..]).strip_prefix(START)?.split_once(" desc =")?;
    // `go run` adds how the program ended.
    Printed::named(name, message.split("\nexit status ").next().unwrap_or_default())
}

/// `status = StatusCode.NOT_FOUND` and `details = "..."`, whose quotes are not escaped; `(StatusCode.NOT_FOUND, ...)` of old clients,
/// and `code=StatusCode.NOT_FOUND, details="..."`.
fn python(text: &str) -> Option<Printed> {
    let (_, rest) = text.split_once("StatusCode.")?;
    let (name, rest) = rest.split_at(rest.find(|c: char| !(c.is_ascii_uppercase() || c == '_'))?);
    let rest = rest.trim_start_matches(',').trim_start();
    let quoted = ["details = \"", "details=\""].iter().find_map(|start| rest.strip_prefix(start));
    let (message, ends) = match quoted {
        Some(message) => (message, &["debug_error_string = ", ">", ")"][..]),
        None => (rest, &[")>", ")"][..]),
    };
    let end = ends.iter().find_map(|end| message.rfind(end)).unwrap_or(message.len());
    let message = message[..end].trim_end();
    Printed::named(name, message.strip_suffix('"').unwrap_or(message))
}

/// `5:... (GRPC::NotFound)`, `GRPC::NotFound: 5:...` and `GRPC::NotFound (5:...)`, which may have `debug_error_string:{...}` behind the
/// message.
fn ruby(text: &str) -> Option<Printed> {
    let (before, rest) = text.split_once("GRPC::")?;
    let (name, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len()));
    let number = code(name)?;
    let start = format!("{number}:");
    let message = match before.strip_suffix(" (") {
        Some(before) => before.split(DEBUG).next()?.rsplit_once(&start)?.1,
        None => {
            let line = after.trim_start_matches([':', ' ', '(']).strip_prefix(&start)?.lines().next()?;
            line.split(DEBUG).next()?.trim_end_matches(')')
        }
    };
    Some(Printed::new(number, message))
}

/// What grpc's core adds to a message for Ruby.
const DEBUG: &str = ". debug_error_string:";

/// How many beginnings of an error are tried: each may be a literal without an end, and is then read to the end of the text.
const MAX_STARTS: usize = 32;

/// `5 NOT_FOUND: ...` of grpc-js, with the stack and the members of the error behind it.
fn node(text: &str) -> Option<Printed> {
    Code::ALL.iter().find_map(|code| {
        let start = format!("{} {}", code.number(), code.name());
        text.match_indices(&start).take(MAX_STARTS).find_map(|(at, _)| {
            let rest = text[at + start.len()..].strip_prefix([':', '\n'])?;
            match text[..at].chars().next_back() {
                Some('"') => {
                    let literal = literal::text(&text[at - 1..], Escapes::C)?;
                    Printed::named(code.name(), literal.split_once(": ")?.1)
                }
                None | Some(' ' | '\n' | '\t') => Printed::named(code.name(), without_stack(rest)),
                _ => None,
            }
        })
    })
}

/// `Status(StatusCode="NotFound", Detail="...")` of grpc-dotnet, whose quotes are not escaped, and which may go on with
/// `DebugException="..."`. Old clients write `StatusCode=NotFound`.
fn dotnet(text: &str) -> Option<Printed> {
    let (_, rest) = text.split_once("Status(StatusCode=")?;
    let (name, rest) = rest.trim_start_matches('"').split_once(['"', ','])?;
    let message = rest.split_once("Detail=\"").map_or("", |(_, message)| message);
    let line = message.find("\")\n").or_else(|| message.rfind("\")"));
    let end = message.find("\", DebugException=").or(line).unwrap_or(message.len());
    Printed::named(name, &message[..end])
}

/// `io.grpc.StatusRuntimeException: NOT_FOUND: ...` of grpc-java, with the stack behind it, without a description only the name; and
/// `Status{code=NOT_FOUND, description=..., cause=null}`.
fn java(text: &str) -> Option<Printed> {
    if let Some((_, rest)) = text.split_once("Status{code=") {
        let (name, rest) = rest.split_once(", description=")?;
        let (message, _) = rest.split_once(", cause=").or_else(|| rest.split_once('}')).unwrap_or((rest, ""));
        return Printed::named(name, if message == "null" { "" } else { message });
    }
    let at = ["StatusRuntimeException: ", "StatusException: "]
        .iter()
        .find_map(|name| Some(text.find(name)? + name.len()))?;
    let rest = without_stack(&text[at..]);
    let first = rest.lines().next().unwrap_or_default();
    let (name, message) = rest.split_once(':').filter(|(name, _)| code(name).is_some()).unwrap_or((first, ""));
    Printed::named(name, message)
}

/// `gRPC Error (code: 5, codeName: NOT_FOUND, message: ..., details: ...)`, and `gRPC Error (5, ...)` of old clients.
fn dart(text: &str) -> Option<Printed> {
    let (_, rest) = text.split_once("gRPC Error (")?;
    let (number, rest) = rest.trim_start_matches("code: ").split_once(", ")?;
    let Some((_, message)) = rest.split_once("message: ") else {
        return Printed::named(number, rest.split_once(")\n").or_else(|| rest.rsplit_once(')'))?.0);
    };
    let end = message.find(", details: ").or_else(|| message.rfind(')')).unwrap_or(message.len());
    Printed::named(number, &message[..end])
}

/// `%GRPC.RPCError{status: 5, message: "..."}`, in any order.
fn elixir(text: &str) -> Option<Printed> {
    let (_, rest) = text.split_once("%GRPC.RPCError{")?;
    let number = rest.split_once("status: ")?.1;
    let number = &number[..number.find(|c: char| !c.is_ascii_digit())?];
    let message = rest.split_once("message: ").and_then(|(_, message)| literal::text(message, Escapes::C));
    Printed::named(number, &message.unwrap_or_default())
}

/// `google.api_core.exceptions.NotFound: 404 ...`
fn google_api_core(text: &str) -> Option<Printed> {
    // <https://github.com/googleapis/python-api-core/blob/main/google/api_core/exceptions.py>: the classes that gRPC has another name for.
    const CLASSES: [(&str, Code); 7] = [
        ("BadRequest", Code::InvalidArgument),
        ("Forbidden", Code::PermissionDenied),
        ("Conflict", Code::Aborted),
        ("TooManyRequests", Code::ResourceExhausted),
        ("InternalServerError", Code::Internal),
        ("MethodNotImplemented", Code::Unimplemented),
        ("ServiceUnavailable", Code::Unavailable),
    ];
    let (_, rest) = text.split_once("google.api_core.exceptions.")?;
    let (class, rest) = rest.split_once(": ")?;
    let message = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let known = CLASSES.iter().find(|(name, _)| *name == class).map(|(_, code)| code.number());
    Some(Printed::new(known.or_else(|| code(class))?, message))
}

/// `Rpc failed with status code 5, error message: ...` of grpc_cli, and `code:5|msg:...`.
fn command_line(text: &str) -> Option<Printed> {
    const FORMS: [(&str, &str); 2] = [("failed with status code ", ", error message:"), ("code:", "|msg:")];
    FORMS.iter().find_map(|(start, middle)| {
        let (number, message) = text.split_once(start)?.1.split_once(middle)?;
        Printed::named(number, message.lines().next().unwrap_or_default())
    })
}

/// `UNKNOWN:Error received from peer {grpc_message:"...", grpc_status:5}` of grpc's core, in JSON in old versions.
fn core(text: &str) -> Option<Printed> {
    let member = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        Some(rest.trim_start_matches(['"', ':', ' ']))
    };
    let number = member("grpc_status")?;
    let number = &number[..number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len())];
    let message = match text.split_once("grpc_message") {
        Some((_, rest)) => literal::text(rest.trim_start_matches('"').trim_start_matches([':', ' ']), Escapes::C)?,
        None => {
            let (before, _) = text.split_once(" {").unwrap_or((text, ""));
            before.split_once(':').map_or(before, |(_, message)| message).to_owned()
        }
    };
    Printed::named(number, &message)
}

/// `code: 5, details: '...'` and `code=5 details="..."`, as grpc-js shows the members of an error, and in its trace.
fn traced(text: &str) -> Option<Printed> {
    const MARKS: [char; 3] = [':', '=', ' '];
    text.match_indices("details").take(MAX_STARTS).find_map(|(at, name)| {
        let before = text[..at].trim_end_matches([',', ' ', '\n']);
        let metadata = before.rfind("metadata").filter(|_| before.ends_with('}'));
        let before = metadata.map_or(before, |at| before[..at].trim_end_matches([',', ' ', '\n']));
        let (rest, number) = before.split_at(before.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let is_code = !number.is_empty() && rest.trim_end_matches(MARKS).ends_with("code");
        let message = text[at + name.len()..].trim_start_matches(MARKS);
        if is_code { Printed::named(number, &literal::text(message, Escapes::C)?) } else { None }
    })
}

/// tonic, in the forms of `Display` and `Debug`: `code: '...', message: "..."`, the same within `Status { ... }`, and what tonic up to 0.14.2 writes: `status: NotFound, message:
/// "..."` and `status: '...', self: "..."`.
///
/// # Errors
///
/// What is wrong with it, in words.
fn rust(text: &str) -> Option<Result<Printed, String>> {
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
        Some(message) => literal::text(message, Escapes::Rust)?,
        None => String::new(),
    };
    let mut printed = Printed::named(name, &message)?;
    // The bytes are a whole status, as in `grpc-status-details-bin`.
    if let Some(bytes) = after(", details: ").and_then(literal::bytes)
        && printed.status.merge(&*bytes).is_err()
    {
        return Some(Err("The `details` of tonic's error are not a google.rpc.Status.".to_owned()));
    }
    Some(Ok(printed))
}
