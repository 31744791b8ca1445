//! A translation for a person: the error, both wires, and why.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::{
    cli::style::{ERROR, NAME, fact, heading, indented},
    docs::{
        why::why,
        wire_text::{self, response_message, trailers},
        words,
    },
    model::{Error, HttpStatus, rpc},
    service::{
        ErrorMapping,
        pb::{self, grpc_to_http_request, http_to_grpc_request},
    },
};

/// Writes the answer to a response, with the response that errwire writes for the error.
pub(super) fn http_to_grpc(
    mapping: &ErrorMapping,
    answer: pb::HttpToGrpcResponse,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let source = Some(grpc_to_http_request::Source::Trailers(answer.trailers.clone().unwrap_or_default()));
    let http = mapping.grpc_to_http(pb::GrpcToHttpRequest { source, options: None })?.response;
    let both = Both { error: answer.error, http, grpc: answer.trailers, status: answer.status, report: answer.report };
    // Writing into memory cannot fail.
    let _ = write(&both, out);
    Ok(())
}

/// Writes the answer to a gRPC error, with the trailers that errwire writes for it.
pub(super) fn grpc_to_http(
    mapping: &ErrorMapping,
    answer: pb::GrpcToHttpResponse,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let source = answer.error.clone().map(http_to_grpc_request::Source::Error);
    let grpc = mapping.http_to_grpc(pb::HttpToGrpcRequest { source, options: None })?;
    let (http, report) = (answer.response, answer.report);
    let both = Both { error: answer.error, http, grpc: grpc.trailers, status: grpc.status, report };
    let _ = write(&both, out);
    Ok(())
}

/// Writes why there is no translation.
pub(super) fn failure(line: u64, error: &Error, out: &mut Vec<u8>) {
    // Writing into memory cannot fail.
    let _ = write!(out, "{}line {line}:{} {}", ERROR.render(), ERROR.render_reset(), error.message());
}

struct Both {
    error: Option<pb::ErrorRecord>,
    http: Option<pb::HttpResponse>,
    grpc: Option<pb::GrpcTrailers>,
    status: Option<rpc::Status>,
    report: Option<pb::Report>,
}

fn write(Both { error, http, grpc, status, report }: &Both, out: &mut Vec<u8>) -> io::Result<()> {
    if let Some(error) = error {
        writeln!(out, "{}{}{}: {}\n", NAME.render(), error.kind, NAME.render_reset(), error.message)?;
        let number = u16::try_from(error.status).ok().and_then(|status| HttpStatus::new(status).ok());
        fact(out, "HTTP status", number.map(words::status).unwrap_or_default())?;
        fact(out, "gRPC code", format_args!("{} ({})", error.code().as_str_name(), error.code))?;
    }
    section(out, "Over HTTP", &http.as_ref().map(response_message).unwrap_or_default())?;
    section(out, "Over gRPC", &grpc.as_ref().map(trailers).unwrap_or_default())?;
    section(out, "Over gRPC, decoded", &status.as_ref().map(wire_text::status).unwrap_or_default())?;
    let Some(report) = report else { return Ok(()) };
    heading(out, "Why")?;
    why(report, error.as_ref()).into_iter().try_for_each(|(term, value)| fact(out, term, value))
}

fn section(out: &mut Vec<u8>, title: &str, text: &str) -> io::Result<()> {
    heading(out, title)?;
    let lines: Vec<_> = text.lines().map(shortened).collect();
    indented(out, &lines.join("\n"))
}

/// Details in base64 say nothing to a person, and are decoded below.
fn shortened(line: &str) -> Cow<'_, str> {
    match line.strip_prefix("grpc-status-details-bin: ").filter(|value| value.len() > 48) {
        Some(value) => {
            let start: String = value.chars().take(24).collect();
            Cow::Owned(format!("grpc-status-details-bin: {start}... ({} characters)", value.len()))
        }
        None => Cow::Borrowed(line),
    }
}
