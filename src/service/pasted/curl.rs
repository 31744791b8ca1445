//! Responses as `curl -i`, `curl -iL`, `curl -v`, HTTPie and `wget -S` print them: status lines, and lines of the form `name: value`. Of
//! several responses the last one counts.

use super::trace;
use crate::service::pb::{self, http_response::Body};

/// Reads the last response; nothing if no line is a status line.
///
/// # Errors
///
/// What is wrong with its head.
pub(super) fn read(text: &str) -> Option<Result<pb::HttpResponse, String>> {
    if is_indented(text) {
        return Some(indented(text));
    }
    let first = text.lines().position(|line| status_line(line.strip_prefix("< ").unwrap_or(line)).is_some());
    let Some(first) = first else { return unversioned(text).map(Ok) };
    if text.lines().nth(first).is_some_and(|line| line.starts_with("< ")) {
        return Some(verbose(text));
    }
    // In front of the response may be a prompt, or what curl shows of its progress.
    let skipped: usize = text.split_inclusive('\n').take(first).map(str::len).sum();
    Some(included(&text[skipped..]))
}

/// The output of `-i`: heads, each with an empty line behind it, and the body of the last one.
fn included(mut text: &str) -> Result<pb::HttpResponse, String> {
    loop {
        // Some leave out the empty line in front of the body.
        let is_head = |line: &&str| !(*line == "\n" || line.starts_with(['{', '[', '<']));
        let end = text.split_inclusive('\n').take_while(is_head).map(str::len).sum();
        let (head, rest) = text.split_at(end);
        let rest = rest.strip_prefix('\n').unwrap_or(rest);
        let mut lines = head.lines();
        let status = lines.next().and_then(status_line).unwrap_or_default();
        let next = rest.trim_start_matches('\n');
        if is_followed(status) && next.lines().next().and_then(status_line).is_some() {
            text = next;
            continue;
        }
        // The body of a response that is not an error is not looked at.
        if status < 400
            && let Some(at) = next
                .match_indices("\nHTTP/")
                .find(|(at, _)| next[at + 1..].lines().next().and_then(status_line).is_some())
        {
            text = &next[at.0 + 1..];
            continue;
        }
        return Ok(response(status, fields(lines)?, rest));
    }
}

/// Whether the first status line is indented, as `wget -S` prints it.
pub(super) fn is_indented(text: &str) -> bool {
    let first = text.lines().find(|line| status_line(line.strip_prefix("  ").unwrap_or(line)).is_some());
    first.is_some_and(|line| line.starts_with("  "))
}

/// The output of `wget -S`: indented heads among lines about the transfer. A body is on the last lines, if it is printed at all.
fn indented(text: &str) -> Result<pb::HttpResponse, String> {
    let mut rest = text;
    let (mut status, mut head) = (0, Vec::new());
    while let Some(at) =
        rest.split_inclusive('\n').position(|line| line.strip_prefix("  ").and_then(status_line).is_some())
    {
        let before: usize = rest.split_inclusive('\n').take(at).map(str::len).sum();
        let lines = rest[before..].lines().map_while(|line| line.strip_prefix("  "));
        head = lines.collect();
        status = head.first().copied().and_then(status_line).unwrap_or_default();
        let length: usize = rest[before..].split_inclusive('\n').take(head.len()).map(str::len).sum();
        rest = &rest[before + length..];
    }
    // What wget says of the transfer has no braces.
    let body = rest.find('{').and_then(|start| rest.get(start..=rest.rfind('}')?)).unwrap_or_default();
    Ok(response(status, fields(head.into_iter().skip(1))?, body))
}

/// A response that begins with `404 Not Found`.
fn unversioned(text: &str) -> Option<pb::HttpResponse> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (number, phrase) = first.trim().split_once(' ')?;
    let status = http::StatusCode::from_bytes(number.as_bytes()).ok()?;
    let is_error = status.as_u16() >= 400 && status.canonical_reason()?.eq_ignore_ascii_case(phrase);
    let (head, body) =
        rest.strip_prefix('\n').map(|body| ("", body)).or_else(|| rest.split_once("\n\n")).unwrap_or((rest, ""));
    // A body that follows at once is not a head.
    let is_head = !head.starts_with(['{', '[', '<']);
    (is_error && is_head)
        .then(|| fields(head.lines()).ok())
        .flatten()
        .map(|fields| response(status.as_u16().into(), fields, body))
}

/// An interim response, the response of a proxy to `CONNECT`, a redirect, or a demand for credentials: curl goes on after
/// these. The body of any other response may begin with text that looks like a status line.
fn is_followed(status: u32) -> bool {
    status < 400 || matches!(status, 401 | 407)
}

/// The output of `-v`: `<` in front of what arrived, and the body among lines about the connection.
fn verbose(text: &str) -> Result<pb::HttpResponse, String> {
    let text = text.replace('\r', "\n");
    let (mut status, mut head, mut body) = (0, Vec::new(), String::new());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(received) = bare.strip_prefix("< ").or_else(|| (bare == "<").then_some("")) {
            if let Some(next) = status_line(received) {
                status = next;
                head.clear();
                body.clear();
            } else if !received.trim().is_empty() {
                head.push(received.to_owned());
            }
        } else if !is_about_the_transfer(bare) {
            body.push_str(line);
        }
    }
    let body = body.trim_start_matches('\n');
    // With `-i` as well, the body has the heads in front of it once more.
    if body.lines().next().and_then(status_line).is_some() {
        return included(body);
    }
    Ok(response(status, fields(head.iter().map(String::as_str))?, body))
}

/// A line that curl adds: what it does, sends and counts.
fn is_about_the_transfer(line: &str) -> bool {
    let counts = ["{ [", "} ["].iter().any(|start| line.starts_with(start)) && line.ends_with(']');
    let progress = line.trim_start().starts_with("% Total")
        || line.trim_start().starts_with("Dload  Upload")
        || line.starts_with(|c: char| c == ' ' || c.is_ascii_digit()) && line.contains("--:--:--");
    counts || progress || line == ">" || ["* ", "> "].iter().any(|start| line.starts_with(start))
}

pub(super) fn response(status: u32, mut headers: Vec<pb::Header>, body: &str) -> pb::HttpResponse {
    let body = without_farewell(body);
    let is_chunked = headers.iter().any(|field| field.name == "transfer-encoding" && field.value.contains("chunked"));
    let whole = is_chunked.then(|| trace::unchunked(body)).flatten();
    let body = whole.as_deref().unwrap_or(body);
    // What can be pasted is decoded, as `--compressed` and HTTPie do it.
    headers.retain(|field| body.is_empty() || field.name != "content-encoding");
    pb::HttpResponse { status, headers, body: (!body.is_empty()).then(|| Body::Text(body.to_owned())) }
}

/// On a terminal, the last line of `-v` follows a body without a line end at once.
fn without_farewell(body: &str) -> &str {
    match body.rfind("* Connection #") {
        Some(at) if !body[at..].trim_end().contains('\n') && body[at..].trim_end().ends_with("left intact") => {
            &body[..at]
        }
        _ => body,
    }
}

/// The status of a line such as `HTTP/1.1 404 Not Found` or `:status: 404`; nothing if it is not such a line.
pub(super) fn status_line(line: &str) -> Option<u32> {
    let rest = match line.strip_prefix(":status:") {
        Some(rest) => rest,
        None => line.strip_prefix("HTTP/")?.split_once(' ')?.1,
    };
    let digits = rest.split_whitespace().next()?;
    if digits.len() != 3 { None } else { digits.parse().ok() }
}

/// The fields of a head. A line that begins with a space continues the one before it.
///
/// # Errors
///
/// What is wrong with the first line that is not a field.
pub(super) fn fields<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<pb::Header>, String> {
    let mut fields: Vec<pb::Header> = Vec::new();
    for line in lines {
        if let (true, Some(last)) = (line.starts_with([' ', '\t']) && !line.contains(':'), fields.last_mut()) {
            last.value.push(' ');
            last.value.push_str(line.trim());
            continue;
        }
        fields.push(field(line)?);
    }
    Ok(fields)
}

fn field(line: &str) -> Result<pb::Header, String> {
    match line.split_once(':') {
        Some((name, value)) => Ok(pb::Header { name: name.trim().to_lowercase(), value: value.trim().to_owned() }),
        None => Err(format!(
            "The line `{line}` is not a field. Begin with `HTTP/1.1 404 Not Found`, with `grpc-status: 5`, or with `{{`; write \
             each field as `name: value`; and leave an empty line before the body."
        )),
    }
}

/// The three fields of a gRPC error, if there is a `grpc-status`.
pub(super) fn trailers(fields: &[pb::Header]) -> Option<pb::GrpcTrailers> {
    let value = |name| fields.iter().find(|field| field.name == name).map(|field| field.value.clone());
    Some(pb::GrpcTrailers {
        grpc_status: value("grpc-status")?,
        grpc_message: value("grpc-message").unwrap_or_default(),
        grpc_status_details_bin: value("grpc-status-details-bin").unwrap_or_default(),
    })
}
