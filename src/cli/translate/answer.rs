//! The response to one line, and the translation of what a person pasted: the error, both wires, and why.

use std::{
    borrow::Cow,
    io::{self, Write},
    str,
};

use super::shape::{Message, Shape};
use crate::{
    cli::{
        args::Wire,
        outcome::{ERROR, NAME, fact, heading, indented},
    },
    docs::{
        why::{self, response_message, trailers, why},
        words,
    },
    model::{Error, HttpStatus, kinds, put_json, rpc},
    service::{
        ErrorMapping, Json, Pasted, Translation,
        pb::{
            self, grpc_to_http_request, http_to_grpc_request, translate_request::Request, translate_response::Response,
        },
        read_pasted,
    },
    translate::Translator,
};

/// Answers lines, each for itself.
pub(super) struct Answers {
    mapping: ErrorMapping,
    json: Json,
    to: Option<Wire>,
    person: bool,
}

/// A translation, and the `id` of the item that asked for it, if it was one.
struct Answer {
    translation: Translation,
    id: Option<String>,
}

impl Answers {
    pub(super) fn new(translator: Translator, to: Option<Wire>, person: bool) -> Self {
        Self { mapping: ErrorMapping::new(translator), json: Json::default(), to, person }
    }

    /// Writes the response to line `number` and says whether it is more than a failure.
    pub(super) fn answer(&self, number: u64, line: &[u8], out: &mut Vec<u8>) -> bool {
        let mut id = None;
        let translation = match self.translate(line, &mut id) {
            Err(why) if id.is_none() && self.to.is_none() => self.logged(line).unwrap_or(Err(why)),
            translation => translation,
        };
        self.respond(number, id, translation, out)
    }

    /// Writes the response to a whole text, and says whether it is more than a failure.
    pub(super) fn pasted(&self, read: Result<Pasted, String>, out: &mut Vec<u8>) -> bool {
        let read = read.map_err(|why| Error::new(kinds::REQUEST_INVALID).with_message(why));
        self.respond(1, None, read.and_then(|read| self.read(read)), out)
    }

    fn respond(&self, number: u64, id: Option<String>, answer: Result<Answer, Error>, out: &mut Vec<u8>) -> bool {
        match answer.and_then(|answer| self.write(answer, out)) {
            Ok(()) => true,
            Err(error) => self.fail(number, id, &error, out),
        }
    }

    /// What a line says that is not a message of the service, such as one of a log.
    fn logged(&self, line: &[u8]) -> Option<Result<Answer, Error>> {
        let pasted = read_pasted(str::from_utf8(line).ok()?, None).ok()?;
        Some(self.read(pasted))
    }

    fn read(&self, Pasted { request, notes }: Pasted) -> Result<Answer, Error> {
        let translation = self.mapping.translation(Some(request))?;
        Ok(Answer { translation: translation.with_notes(notes), id: None })
    }

    fn one(&self, request: Request) -> Result<Answer, Error> {
        Ok(Answer { translation: self.mapping.translation(Some(request))?, id: None })
    }

    fn write(&self, Answer { translation, id }: Answer, out: &mut Vec<u8>) -> Result<(), Error> {
        if self.person {
            return match translation.response() {
                Response::HttpToGrpc(answer) => http_to_grpc(&self.mapping, answer, out),
                Response::GrpcToHttp(answer) => grpc_to_http(&self.mapping, answer, out),
                Response::Failure(failure) => self.json.write("google.rpc.Status", &failure, out),
            };
        }
        let (name, encoded) = match id {
            Some(id) => ("TranslateResponse", translation.encoded_item(&id)),
            None => (translation.name(), translation.encoded()),
        };
        self.json.write_encoded(name, &encoded, out)
    }

    /// Writes the response to a line that was too long to be read.
    pub(super) fn too_long(&self, number: u64, most: usize, out: &mut Vec<u8>) -> bool {
        let message = format!("The line is longer than {most} bytes. Send a smaller one.");
        self.fail(number, None, &Error::new(kinds::CONTENT_TOO_LARGE).with_message(message), out)
    }

    fn fail(&self, line: u64, id: Option<String>, error: &Error, out: &mut Vec<u8>) -> bool {
        if self.person {
            failure(line, error, out);
            return false;
        }
        // Nothing that is written here can fail: the output is memory.
        let _ = write!(out, r#"{{"line":{line}"#);
        if let Some(id) = id {
            out.extend_from_slice(br#","id":"#);
            put_json(out, &id);
        }
        out.extend_from_slice(br#","failure":"#);
        // Without a JSON form, which ours all have, the failure is empty; that it is one is still said.
        if self.json.write("google.rpc.Status", &self.mapping.failure(error), out).is_err() {
            out.extend_from_slice(b"null");
        }
        out.push(b'}');
        false
    }

    /// `id` is set as soon as it is known, for a response that fails later.
    fn translate(&self, line: &[u8], id: &mut Option<String>) -> Result<Answer, Error> {
        let line = str::from_utf8(line).map_err(|why| {
            Error::new(kinds::REQUEST_INVALID).with_message(format!("The line is not UTF-8: {why}.")).with_source(why)
        })?;
        let shape = Shape::of(line)?;
        let message = shape.message(self.to);
        *id = shape.id;
        match message? {
            Message::HttpToGrpc => self.one(Request::HttpToGrpc(self.json.read("HttpToGrpcRequest", line)?)),
            Message::GrpcToHttp => self.one(Request::GrpcToHttp(self.json.read("GrpcToHttpRequest", line)?)),
            Message::Translate => self.item(self.json.read("TranslateRequest", line)?),
        }
    }

    fn item(&self, item: pb::TranslateRequest) -> Result<Answer, Error> {
        let opposite = match (self.to, &item.request) {
            (Some(Wire::Grpc), Some(Request::GrpcToHttp(_))) => Some(("grpcToHttp", "grpc", "httpToGrpc")),
            (Some(Wire::Http), Some(Request::HttpToGrpc(_))) => Some(("httpToGrpc", "http", "grpcToHttp")),
            _ => None,
        };
        if let Some((has, to, takes)) = opposite {
            let message = format!("The line has `{has}`, but `--to {to}` takes `{takes}`. Change one of the two.");
            return Err(Error::new(kinds::REQUEST_INVALID).with_message(message));
        }
        Ok(Answer { translation: self.mapping.translation(item.request)?, id: Some(item.id) })
    }
}

/// Writes the translation of a response, with the response that errwire writes for the error.
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

/// Writes the translation of a gRPC error, with the trailers that errwire writes for it.
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

/// Says why there is no translation.
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
    section(out, "Over gRPC, decoded", &status.as_ref().map(why::status).unwrap_or_default())?;
    let Some(report) = report else { return Ok(()) };
    heading(out, "Why")?;
    why(report, error.as_ref()).into_iter().try_for_each(|(term, value)| fact(out, term, value))
}

fn section(out: &mut Vec<u8>, title: &str, text: &str) -> io::Result<()> {
    heading(out, title)?;
    let lines: Vec<_> = text.lines().map(shortened).collect();
    indented(out, &lines.join("\n"))
}

/// Details in base64 are not readable, and are decoded below.
fn shortened(line: &str) -> Cow<'_, str> {
    match line.strip_prefix("grpc-status-details-bin: ").filter(|value| value.len() > 48) {
        Some(value) => {
            let start: String = value.chars().take(24).collect();
            Cow::Owned(format!("grpc-status-details-bin: {start}... ({} characters)", value.len()))
        }
        None => Cow::Borrowed(line),
    }
}
