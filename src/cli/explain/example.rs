//! How a kind looks on both wires, written by the translator itself.

use std::io::{self, Write};

use super::heading;
use crate::{
    Audience, Error, Kind, Translator, WriteGrpcOptions, WriteHttpOptions,
    cli::failure::Failure,
    service::{ErrorMapping, Json, example},
};

pub(super) fn write(translator: &Translator, kind: &Kind, out: &mut impl Write) -> Result<(), Failure> {
    let error = example(kind);
    let message = ErrorMapping::new(translator.clone()).failure(&error);
    let message = Json::default().write("google.rpc.Status", &message).map_err(Failure::Errwire)?;
    http(translator, &error, out).and_then(|()| grpc(translator, &error, out)).map_err(Failure::Output)?;
    heading(out, "Over gRPC, decoded").and_then(|()| indented(out, &format!("{message:#}"))).map_err(Failure::Output)
}

fn http(translator: &Translator, error: &Error, out: &mut impl Write) -> io::Result<()> {
    let (response, _) = translator.write_http_with(error, &WriteHttpOptions::new(Audience::Public));
    heading(out, "Over HTTP, to the public")?;
    let status = response.status();
    let phrase = status.canonical_reason().unwrap_or_default();
    writeln!(out, "{}", format!("  HTTP/1.1 {} {phrase}", status.as_u16()).trim_end())?;
    for (name, value) in response.headers() {
        writeln!(out, "  {name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
    }
    writeln!(out)?;
    indented(out, &String::from_utf8_lossy(response.body()))
}

fn grpc(translator: &Translator, error: &Error, out: &mut impl Write) -> io::Result<()> {
    let (status, _) = translator.write_grpc_with(error, &WriteGrpcOptions::default());
    let trailers = status.to_trailers();
    heading(out, "Over gRPC")?;
    writeln!(out, "  grpc-status: {}", trailers.grpc_status)?;
    writeln!(out, "  grpc-message: {}", trailers.grpc_message)?;
    writeln!(out, "  grpc-status-details-bin: {}", trailers.grpc_status_details_bin)
}

fn indented(out: &mut impl Write, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(out, "  {line}"))
}
