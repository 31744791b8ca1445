//! Responses and gRPC fields as programs mention them: `404 Client Error: Not Found for url`, `Response Status: 404 Not Found`, a
//! browser's list of fields, `grpc-status=5`.

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{curl, literal, status};
use crate::{
    catalog::{Escapes, quoted},
    model::HttpStatus,
    service::pb,
};

/// How many beginnings of a body are tried: each is read until it is not JSON.
const MAX_STARTS: usize = 32;

/// How far in front of a status the word is that names it.
const MAX_BETWEEN: usize = 32;

/// The status that the text mentions first, with the body and the fields that stand with it.
pub(super) fn response(text: &str) -> Option<pb::HttpResponse> {
    let (status, at) = mentioned(text)?;
    if let Some((start, body)) = body(text, at).or_else(|| body(text, 0)) {
        return Some(curl::response(status, fields(&text[..start]), body));
    }
    let start =
        ["data: {", "body: {", "{"].iter().find_map(|start| Some(at + text[at..].find(start)? + start.len() - 1));
    let body = start.and_then(|start| literal::object(&text[start..])).unwrap_or_default();
    Some(curl::response(status, fields(&text[..start.unwrap_or(text.len())]), &body))
}

/// An error status, and where it ends: three digits with the phrase of the status behind, with a word such as `status` in front, or on a
/// line of their own or with a body.
fn mentioned(text: &str) -> Option<(u32, usize)> {
    text.match_indices(['4', '5']).find_map(|(at, _)| {
        let status = text.get(at..at + 3)?.parse().ok().and_then(|status: u16| HttpStatus::new(status).ok())?;
        let (before, after) = (&text[..at], &text[at + 3..]);
        let is_part = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
            || after.starts_with(|c: char| c.is_ascii_digit());
        let is_line = || {
            (at == 0 || before.ends_with('\n'))
                && (after.is_empty() || after.trim_start_matches(' ').starts_with(['\n', '{']))
        };
        let is_status = !is_part && (has_phrase(status, after) || is_named(before) || is_line());
        is_status.then(|| (status.as_u16().into(), at + 3))
    })
}

/// Whether the phrase of the status follows: `404 Not Found`, `(404) Not Found`, `404, message='Not Found'`.
fn has_phrase(status: HttpStatus, after: &str) -> bool {
    let after = after.trim_start_matches([' ', '(', ')', ':', ',', '"']).trim_start_matches("message='");
    status.reason_phrases().into_iter().chain(["Client Error", "Server Error"]).any(|phrase| {
        !phrase.is_empty() && after.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase))
    })
}

/// Whether the word in front says what the number is: `status code 404`, `HTTP/1.1" 404`, `Error 404`.
fn is_named(before: &str) -> bool {
    const NAMES: [&str; 7] = ["status", "code", "statuscode", "status_code", "http", "error", "httperror"];
    let is_between = |c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | '\n' | '\t' | ':' | '=' | '(' | '[' | '"' | '\'' | '`' | '/' | '.')
    };
    let start = before.char_indices().rev().nth(MAX_BETWEEN).map_or(0, |(at, _)| at);
    let before = before[start..].trim_end_matches(is_between);
    let verb = [" of", " was", " is"].iter().find_map(|verb| before.strip_suffix(verb));
    let before = verb.unwrap_or(before);
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic() && c != '_').next().unwrap_or_default();
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// `Error from server (NotFound): tasks "tsk_1" not found`, as kubectl prints a `Status` of Kubernetes. The reason stands for its number
/// (<https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go>).
pub(super) fn kubernetes(text: &str) -> Option<pb::HttpResponse> {
    const REASONS: [(&str, u32); 17] = [
        ("Unauthorized", 401),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("AlreadyExists", 409),
        ("Conflict", 409),
        ("Gone", 410),
        ("Expired", 410),
        ("Invalid", 422),
        ("ServerTimeout", 500),
        ("Timeout", 504),
        ("TooManyRequests", 429),
        ("BadRequest", 400),
        ("MethodNotAllowed", 405),
        ("NotAcceptable", 406),
        ("UnsupportedMediaType", 415),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
    ];
    let (reason, rest) = text.split_once("Error from server (")?.1.split_once("): ")?;
    let (_, code) = *REASONS.iter().find(|(name, _)| *name == reason)?;
    let message = rest.lines().next()?;
    let status = json!({"kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": code});
    Some(curl::response(code, Vec::new(), &status.to_string()))
}

/// `googleapi: Error 404: No task., notFound`, as Google's library for Go prints the error of a response: with its details as JSON before
/// the reason, or a line `Reason: ...` for each (<https://github.com/googleapis/google-api-go-client/blob/main/googleapi/googleapi.go>).
pub(super) fn google(text: &str) -> Option<pb::HttpResponse> {
    let (code, rest) = text.split_once("googleapi: Error ")?.1.split_once(": ")?;
    let code: u32 = code.parse().ok()?;
    let line = rest.lines().next()?;
    let details = body(rest, 0).filter(|_| rest.contains("\nDetails:\n"));
    let end = details.map_or(line.len(), |(at, details)| at + details.len());
    let is_reason = |reason: &&str| !reason.is_empty() && reason.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (message, reason) = match rest[..end].rsplit_once(", ").filter(|(_, reason)| is_reason(reason)) {
        Some(both) => both,
        None => {
            let behind = rest[end..].trim_start().strip_prefix(", ").and_then(|rest| rest.lines().next());
            let listed = || rest.split_once("\nReason: ")?.1.split(',').next();
            (line, behind.or_else(listed).unwrap_or_default())
        }
    };
    let details: Value = details.and_then(|(_, details)| serde_json::from_str(details).ok()).unwrap_or_default();
    let error = json!({"code": code, "message": message, "errors": [{"reason": reason}], "details": details});
    Some(curl::response(code, Vec::new(), &json!({"error": error}).to_string()))
}

/// The first JSON object behind `from`, a list on lines of its own, or a document; and where it begins.
pub(super) fn body(text: &str, from: usize) -> Option<(usize, &str)> {
    let is_line = |at: usize| text[..at].ends_with('\n') || at == 0;
    let starts = text[from..].match_indices(['{', '[']).map(|(at, start)| (from + at, start));
    let starts = starts.filter(|(at, start)| *start == "{" || is_line(*at)).take(MAX_STARTS);
    let mut read = starts.filter_map(|(at, _)| {
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        Some((at, &text[at..at + values.byte_offset()]))
    });
    let document = || text[from..].find("<?xml").map(|at| (from + at, &text[from + at..]));
    read.find(|(_, body)| body.len() > "{}".len()).or_else(document)
}

/// The fields that stand on lines of their own, with the value behind a colon or on the next line, as a browser shows them.
fn fields(head: &str) -> Vec<pb::Header> {
    let bare = |text: &str| text.trim().trim_end_matches(',').trim_matches(['\'', '"']).to_owned();
    let mut fields = Vec::new();
    let mut lines = head.lines().peekable();
    while let Some(line) = lines.next() {
        // What a logger puts in front ends with a bracket.
        let line = line.rsplit_once("]  ").map_or(line, |(_, field)| field).trim();
        let (name, value) = match line.split_once(": ") {
            Some((name, value)) => (name, value),
            None => (line.trim_end_matches(':'), *lines.peek().unwrap_or(&"")),
        };
        let name = bare(name).to_lowercase();
        let is_name = name.contains('-') || matches!(&*name, "allow" | "link");
        let is_token = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_name && is_token && !value.is_empty() {
            fields.push(pb::Header { name, value: bare(value) });
        }
    }
    fields
}

/// The fields of a gRPC error within other text: `grpc-status=5`, `grpc-status:[5]`, `grpc-message="..."`.
pub(super) fn trailers(text: &str) -> Option<pb::GrpcTrailers> {
    let grpc_status = value(text, "grpc-status")?;
    let end = grpc_status.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(grpc_status.len());
    Some(pb::GrpcTrailers {
        grpc_status: status::code(&grpc_status[..end])?.to_string(),
        grpc_message: value(text, "grpc-message").unwrap_or_default(),
        grpc_status_details_bin: value(text, "grpc-status-details-bin").unwrap_or_default(),
    })
}

/// What stands behind a name: within quotes or a bracket up to their end, else up to the next such field or the end of the line.
fn value(text: &str, name: &str) -> Option<String> {
    let is_it = |(at, _): &(usize, &str)| !text[at + name.len()..].starts_with('-');
    let (at, _) = text.match_indices(name).find(is_it)?;
    let rest = text[at + name.len()..].trim_start_matches(['"', '\'']).trim_start_matches([':', '=', '>', ' ']);
    let (is_list, rest) = rest.strip_prefix('[').map_or((false, rest), |rest| (true, rest));
    if rest.starts_with(['"', '\'']) {
        return String::from_utf8(quoted(rest, Escapes::C).ok()?.0).ok();
    }
    let line = rest.lines().next().unwrap_or_default();
    let line = if is_list { line.split(']').next().unwrap_or_default() } else { line };
    let line = line.split("grpc-").next().unwrap_or_default();
    Some(line.trim_end_matches([' ', ',', ')', '}', ']', '\'', '"']).to_owned())
}
