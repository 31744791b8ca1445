//! A translation for a person: the error, both wires, and why.

use std::io::{self, Write};

use crate::{
    cli::style::{ERROR, HEADING, NAME},
    docs::wire_text::{self, response_message, trailers},
    model::{Error, rpc},
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
        fact(out, "HTTP status", &error.status.to_string())?;
        fact(out, "gRPC code", error.code().as_str_name())?;
    }
    section(out, "Over HTTP", &http.as_ref().map(response_message).unwrap_or_default())?;
    section(out, "Over gRPC", &grpc.as_ref().map(trailers).unwrap_or_default())?;
    section(out, "Over gRPC, decoded", &status.as_ref().map(wire_text::status).unwrap_or_default())?;
    let Some(report) = report else { return Ok(()) };
    writeln!(out, "\n{}Why{}", HEADING.render(), HEADING.render_reset())?;
    for (term, name) in [
        ("dialect", report.dialect().as_str_name()),
        ("evidence", report.evidence().as_str_name()),
        ("kind by", report.kind_rule().as_str_name()),
        ("code by", report.code_rule().as_str_name()),
        ("status by", report.status_rule().as_str_name()),
    ] {
        // Without the name of the enum in front.
        let value = name.split_once('_').map_or(name, |(_, value)| value);
        if value != "UNSPECIFIED" {
            fact(out, term, &value.to_lowercase())?;
        }
    }
    for (term, values) in [("trimmed", &report.trimmed), ("withheld", &report.redacted), ("notes", &report.notes)] {
        if !values.is_empty() {
            fact(out, term, &values.join("; "))?;
        }
    }
    if report.mismatch { fact(out, "mismatch", "header and details disagree: the header wins") } else { Ok(()) }
}

fn section(out: &mut Vec<u8>, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}{title}{}", HEADING.render(), HEADING.render_reset())?;
    text.lines().try_for_each(|line| writeln!(out, "{}", format!("  {line}").trim_end()))
}

fn fact(out: &mut Vec<u8>, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "  {name:<12} {value}")
}
