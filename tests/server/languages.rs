//! The language of a caller, through the service: of an HTTP body, and of the detail that carries it over gRPC.

use crate::support::server::Server;
use errwire::{
    Catalog, Code, HttpStatus, KindEntry, MessageTemplate, Translator, rpc,
    server::App,
    service::pb::{self, grpc_to_http_request::Source, http_response::Body},
};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use prost::{Message, Name};

const ENGLISH: &str = "Task 7 does not exist. Verify the task ID.";
const GERMAN: &str = "Aufgabe 7 gibt es nicht. Prüfen Sie die ID.";
const BRAZILIAN: &str = "A tarefa 7 não existe. Verifique o ID.";

fn server() -> Server {
    let template = |text: &str| MessageTemplate::from(text.replace('7', "{task_id}"));
    let mut entry = KindEntry::new(
        "job_not_found".into(),
        "api.example.com".into(),
        HttpStatus::new(404).unwrap(),
        Code::NotFound,
        template(ENGLISH),
    );
    entry.localized = vec![("de".into(), template(GERMAN)), ("pt-BR".into(), template(BRAZILIAN))].into();
    let text = |text: &str| MessageTemplate::from(text.to_owned());
    let status = HttpStatus::new(400).unwrap();
    let invalid = "The request was invalid.";
    let mut own =
        KindEntry::new("request_invalid".into(), "errwire.dev".into(), status, Code::InvalidArgument, text(invalid));
    own.localized =
        vec![("de".into(), text("Die Anfrage war ungültig.")), ("fr".into(), text("Requête invalide."))].into();
    Server::with(App::new(Translator::new(Catalog::with_entries([entry, own]))))
}

fn status() -> rpc::Status {
    let info = rpc::ErrorInfo {
        reason: "JOB_NOT_FOUND".into(),
        domain: "api.example.com".into(),
        metadata: [("task_id".to_owned(), "7".to_owned())].into(),
    };
    let detail = prost_types::Any { type_url: rpc::ErrorInfo::type_url(), value: info.encode_to_vec() };
    rpc::Status { code: 5, message: ENGLISH.into(), details: vec![detail] }
}

/// The message in the body, and `Content-Language`.
async fn ask(server: &Server, accept_language: &str) -> (String, Option<String>) {
    let options = pb::RenderOptions { accept_language: accept_language.into(), ..Default::default() };
    let request = pb::GrpcToHttpRequest { source: Some(Source::Status(status())), options: Some(options) };
    let response = server.mapping().await.grpc_to_http(request).await.unwrap().into_inner().response.unwrap();
    let Some(Body::Text(text)) = response.body else { panic!("the body is not text") };
    let body: serde_json::Value = serde_json::from_str(&text).unwrap();
    let language = response.headers.into_iter().find(|header| header.name == "content-language");
    (body["message"].as_str().unwrap().to_owned(), language.map(|header| header.value))
}

/// RFC 9110, 12.5.4: `q=0` is not acceptable, the higher quality wins. RFC 4647, 3.4: a range is cut from its end until it fits, and
/// `*` is skipped, so that the default is left; 2.1: case does not count. The default is in English.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_http_body_is_in_the_language_of_its_caller() {
    let server = server();
    let rows = [
        ("de", Some("de")),
        ("DE-at", Some("de")),
        ("de-Latn-CH-1996", Some("de")),
        ("en;q=0.9, de;q=0.8, pt-br;q=0.7", None),
        ("fr;q=0.9, de;q=0.8, pt-br;q=0.7", Some("de")),
        ("de;q=0.3, pt-BR;q=0.4", Some("pt-BR")),
        ("de;q=0, pt-BR;q=0.1", Some("pt-BR")),
        ("*", None),
        ("fr, *;q=0.1", None),
        ("de;q=0.5, *;q=0.1", Some("de")),
        ("fr", None),
        ("de;q=0", None),
        ("", None),
        ("{{{", None),
    ];
    for (header, language) in rows {
        let message = match language {
            Some("de") => GERMAN,
            Some(_) => BRAZILIAN,
            None => ENGLISH,
        };
        assert_eq!(ask(&server, header).await, (message.to_owned(), language.map(str::to_owned)), "{header:?}");
    }
}

/// The language and the words of a `LocalizedMessage`.
fn local(status: &rpc::Status) -> Option<(String, String)> {
    let is_local = |detail: &&prost_types::Any| detail.type_url == rpc::LocalizedMessage::type_url();
    let detail = status.details.iter().find(is_local)?;
    let rpc::LocalizedMessage { locale, message } = rpc::LocalizedMessage::decode(&*detail.value).unwrap();
    Some((locale, message))
}

/// Over gRPC the words travel as `google.rpc.LocalizedMessage`, and become the body of the next hop.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_translated_body_is_a_localized_message_in_grpc() {
    let server = server();
    let header = |name: &str, value: &str| pb::Header { name: name.into(), value: value.into() };
    let response = pb::HttpResponse {
        status: 404,
        headers: vec![header("content-type", "application/json"), header("content-language", "de")],
        body: Some(Body::Text(format!(r#"{{"kind":"job_not_found","message":"{GERMAN}"}}"#))),
    };
    let request = pb::HttpToGrpcRequest {
        source: Some(pb::http_to_grpc_request::Source::Response(response)),
        ..Default::default()
    };
    let status = server.mapping().await.http_to_grpc(request).await.unwrap().into_inner().status.unwrap();
    assert_eq!(local(&status), Some(("de".into(), GERMAN.into())));

    let options = pb::RenderOptions { accept_language: "de-CH".into(), ..Default::default() };
    let request = pb::GrpcToHttpRequest { source: Some(Source::Status(status)), options: Some(options) };
    let response = server.mapping().await.grpc_to_http(request).await.unwrap().into_inner().response.unwrap();
    assert!(response.headers.contains(&header("content-language", "de")));
    assert_eq!(response.body, Some(Body::Text(format!(r#"{{"kind":"job_not_found","message":"{GERMAN}"}}"#))));
}

/// The service's own errors too, in each of its forms.
/// The headers and the body of the response to an empty JSON object.
async fn post(url: &str, headers: &[(&str, &str)]) -> (HeaderMap, serde_json::Value) {
    let mut request = Request::post(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<bytes::Bytes>>();
    let response = client.request(request.body(Full::from("{}")).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    (head.headers, serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn errors_of_the_service_are_in_the_language_of_the_caller() {
    let server = server();
    let rows = [
        ("de-AT, fr;q=0.5", Some(("de", "Die Anfrage war ungültig."))),
        ("de;q=0.5, fr", Some(("fr", "Requête invalide."))),
        ("*", None),
        ("es", None),
    ];
    for (accepted, expected) in rows {
        // Nothing to translate.
        let mut request = tonic::Request::new(pb::GrpcToHttpRequest::default());
        request.metadata_mut().insert("accept-language", accepted.parse().unwrap());
        let status = server.mapping().await.grpc_to_http(request).await.unwrap_err();
        let status = rpc::Status::decode(status.details()).unwrap();
        assert_eq!(
            (status.code, local(&status)),
            (3, expected.map(|(tag, text)| (tag.into(), text.into()))),
            "{accepted}"
        );

        let url = format!("http://{}/errwire.v1.ErrorMappingService/GrpcToHttp", server.address());
        let (headers, body) = post(&url, &[("accept-language", accepted)]).await;
        let tag = headers.get("content-language").map(|tag| tag.to_str().unwrap());
        assert_eq!(tag, expected.map(|(tag, _)| tag), "{accepted}");
        if let Some((_, text)) = expected {
            assert_eq!(body["message"], text, "{accepted}");
        }

        let (_, body) = post(&url, &[("connect-protocol-version", "1"), ("accept-language", accepted)]).await;
        assert_eq!(body["code"], "invalid_argument");
        if let Some((_, text)) = expected {
            assert_eq!(body["message"], text, "{accepted}");
        }

        // An item of a bulk translation.
        let mut items = tonic::Request::new(tokio_stream::iter([pb::TranslateRequest::default()]));
        items.metadata_mut().insert("accept-language", accepted.parse().unwrap());
        let answer = server.mapping().await.translate(items).await.unwrap().into_inner().message().await.unwrap();
        let Some(pb::translate_response::Response::Failure(status)) = answer.unwrap().response else {
            panic!("no failure")
        };
        assert_eq!(
            (status.code, local(&status)),
            (3, expected.map(|(tag, text)| (tag.into(), text.into()))),
            "{accepted}"
        );
    }
}
