//! The form that translates a pasted error, and explains the result.

use maud::{Markup, html};

use super::reference::Query;
use crate::{
    docs::{
        fragments::{Links, fact, listing},
        why::{self, response_message as response, trailers, why},
        words::capitalized,
    },
    service::{
        ErrorMapping, Pasted,
        pb::{self, translate_request::Request, translate_response::Response},
        read_pasted,
    },
    translate::Translator,
};

const EXAMPLE: &str = "HTTP/1.1 404 Not Found\ncontent-type: application/json\n\n\
                       {\"kind\":\"task_not_found\",\"message\":\"Task tsk_1 does not exist.\"}";

const DIALECTS: [(&str, &str, pb::Dialect); 4] = [
    ("kind_message", "kind and message", pb::Dialect::KindMessage),
    ("problem", "problem (RFC 9457)", pb::Dialect::Problem),
    ("google", "Google", pb::Dialect::Google),
    ("connect", "Connect", pb::Dialect::Connect),
];

/// The empty form, or the filled one with its response below.
pub(super) fn translate(translator: &Translator, form: Option<&Query<'_>>) -> Markup {
    html! {
        h1 { "Translate an error" }
        p.lead { "Paste an HTTP response or a gRPC status, and see the same error on the other wire." }
        (self::form(form))
        @if let Some(form) = form {
            section.answer aria-labelledby="answer" {
                h2 id="answer" tabindex="-1" { "Translation" }
                (translation(translator, form))
            }
        }
    }
}

fn form(form: Option<&Query<'_>>) -> Markup {
    let get = |name| form.map_or("", |form| form.get(name));
    let input = if get("input").is_empty() { EXAMPLE } else { get("input") };
    html! {
        form.translate method="post" action="/translate#answer" {
            label for="input" { "Response or status" }
            p.hint id="input-hint" {
                "As " code { "curl -i" } ", " code { "curl -v" } " or HTTPie prints a response; as grpcurl or a gRPC client in any "
                "language prints an error; the lines " code { "grpc-status" } ", " code { "grpc-message" }
                " and " code { "grpc-status-details-bin" } "; a " code { "google.rpc.Status" } " as JSON; or a line of "
                code { "errwire translate" } "."
            }
            textarea id="input" name="input" rows="10" spellcheck="false" aria-describedby="input-hint" { (input) }
            div.choices {
                div {
                    label for="audience" { "Audience of the HTTP response" }
                    select id="audience" name="audience" {
                        option value="internal" { "internal: sees everything" }
                        option value="public" selected[get("audience") == "public"] { "public" }
                    }
                }
                div {
                    label for="dialect" { "Its body" }
                    select id="dialect" name="dialect" {
                        @for (value, text, _) in DIALECTS {
                            option value=(value) selected[get("dialect") == value] { (text) }
                        }
                    }
                }
                div { button { "Translate" } }
            }
        }
    }
}

fn translation(translator: &Translator, form: &Query<'_>) -> Markup {
    let mapping = ErrorMapping::new(translator.pinned());
    let translation = read_pasted(form.get("input"), None).and_then(|Pasted { mut request, notes }| {
        if let Request::GrpcToHttp(request) = &mut request {
            request.options = Some(options(form));
        }
        let translation = mapping.translation(Some(request)).map_err(|error| error.message().into_owned())?;
        Ok(match translation.with_notes(notes).response() {
            Response::HttpToGrpc(response) => grpc(&response),
            Response::GrpcToHttp(response) => http(&response),
            Response::Failure(failure) => listing("google.rpc.Status as JSON", &why::status(&failure)),
        })
    });
    translation.unwrap_or_else(|why| html! { p.notice role="alert" { (why) } })
}

fn options(form: &Query<'_>) -> pb::RenderOptions {
    let audience = if form.get("audience") == "public" { pb::Audience::Public } else { pb::Audience::Internal };
    let dialect = DIALECTS.iter().find(|(name, ..)| *name == form.get("dialect")).map(|(.., dialect)| *dialect);
    pb::RenderOptions {
        audience: audience.into(),
        dialect: dialect.unwrap_or_default().into(),
        include_details: audience == pb::Audience::Internal,
        ..Default::default()
    }
}

fn grpc(translation: &pb::HttpToGrpcResponse) -> Markup {
    html! {
        h3 { "Over gRPC" }
        (listing("gRPC trailers", &trailers(&translation.trailers.clone().unwrap_or_default())))
        @if let Some(status) = &translation.status {
            h3 { "Decoded" }
            (listing("google.rpc.Status as JSON", &why::status(status)))
        }
        (outcome(translation.error.as_ref(), translation.report.as_ref()))
    }
}

fn http(translation: &pb::GrpcToHttpResponse) -> Markup {
    html! {
        h3 { "Over HTTP" }
        (listing("HTTP response", &translation.response.as_ref().map(response).unwrap_or_default()))
        (outcome(translation.error.as_ref(), translation.report.as_ref()))
    }
}

fn outcome(error: Option<&pb::ErrorRecord>, report: Option<&pb::Report>) -> Markup {
    html! {
        @if let Some(error) = error {
            h3 { "The error" }
            dl.facts {
                (fact("Kind", Links::Pages.kind_link(&error.kind)))
                (fact("Message", &error.message))
                (fact("gRPC code", error.code().as_str_name()))
                (fact("HTTP status", error.status))
                (fact("Details", error.details.len()))
            }
        }
        @if let Some(report) = report {
            h3 { "Why" }
            dl.facts {
                @for (term, value) in why(report, error) { (fact(&capitalized(term), value)) }
            }
        }
    }
}
