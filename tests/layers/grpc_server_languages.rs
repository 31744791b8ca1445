//! `GrpcServerLayer` and the language of its callers: every error has it, wherever it comes from.

use std::{convert::Infallible, future, time::Duration};

use crate::layer_support::script::{Script, Seen, Step, answer, block, request, see};
use errwire::{
    BoxError, Catalog, Code, Detail, Error, HttpStatus, KindEntry, MessageTemplate, Translator, kinds,
    layer::{GrpcServerLayer, HttpServerLayer},
    rpc,
};
use http::Response;
use tower::{Layer as _, ServiceExt as _, service_fn};

fn translator() -> Translator {
    let entry = |kind: &str, status, code, texts: [&str; 3]| {
        let [text, de, fr] = texts.map(|text| MessageTemplate::from(text.to_owned()));
        let mut entry = KindEntry::new(kind.into(), "errwire.dev".into(), HttpStatus::new(status).unwrap(), code, text);
        entry.localized = vec![("de".into(), de), ("fr".into(), fr)].into();
        entry
    };
    Translator::new(Catalog::with_entries([
        entry("not_found", 404, Code::NotFound, ["None.", "Nichts.", "Rien."]),
        entry("internal_error", 500, Code::Internal, ["Broken.", "Kaputt.", "Cassé."]),
        entry("deadline_exceeded", 504, Code::DeadlineExceeded, ["Late.", "Spät.", "Tard."]),
        entry("unknown_error", 500, Code::Unknown, ["Odd.", "Seltsam.", "Bizarre."]),
    ]))
}

fn local(seen: &Seen) -> Option<(String, String)> {
    let error = seen.read();
    let local = error.details().iter().find_map(Detail::decode::<rpc::LocalizedMessage>)?;
    Some((local.locale, local.message))
}

async fn through(languages: &[(&'static str, &str)], response: Result<Response<Script>, BoxError>) -> Seen {
    let mut response = Some(response);
    let service = service_fn(move |_| future::ready(response.take().unwrap()));
    let layer = GrpcServerLayer::new(translator()).with_timeout(Duration::from_secs(1));
    let Ok(response) = layer.layer(service).oneshot(request(languages)).await;
    see(response).await
}

const FAILED: &[(&str, &str)] = &[("grpc-status", "5"), ("grpc-message", "No task 7.")];

#[tokio::test]
async fn a_status_gets_the_language_of_its_caller() {
    let rows: [(&[(&str, &str)], Option<(&str, &str)>); 8] = [
        (&[("accept-language", "de-AT, fr;q=0.5")], Some(("de", "Nichts."))),
        (&[("accept-language", "de;q=0.4, fr;q=0.5")], Some(("fr", "Rien."))),
        // `*` means the error's own message (RFC 4647, 3.4).
        (&[("accept-language", "es, *;q=0.1")], None),
        // Two lines are one list (RFC 9110, 5.3).
        (&[("accept-language", "de;q=0.1"), ("accept-language", "fr")], Some(("fr", "Rien."))),
        (&[("accept-language", "es")], None),
        (&[("accept-language", "\u{e4}")], None),
        (&[("accept-language", "")], None),
        (&[], None),
    ];
    for (fields, expected) in rows {
        let expected = expected.map(|(tag, text)| (tag.to_owned(), text.to_owned()));
        for response in [
            answer(FAILED, Script::new([])),
            answer(&[], Script::new([Step::Data(b"one"), Step::Trailers(block(FAILED))])),
        ] {
            let seen = through(fields, Ok(response)).await;
            assert_eq!((seen.code(), local(&seen)), ("5", expected.clone()), "{fields:?}");
            assert_eq!(seen.end()["grpc-message"], "No task 7.", "the message stays");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_layer_are_localized() {
    let known = || Box::new(Error::new(kinds::NOT_FOUND)) as BoxError;
    let body = |steps: Vec<Step>| Ok(answer(&[], Script::new(steps)));
    let rows = [
        ("no status", body(vec![Step::Data(b"one")]), "Seltsam."),
        ("an error of the body", body(vec![Step::Error(known())]), "Nichts."),
        ("a panic", body(vec![Step::Data(b"one"), Step::Panic]), "Kaputt."),
        ("a deadline", body(vec![Step::Data(b"one"), Step::Hang]), "Spät."),
        ("an error of the service", Err(known()), "Nichts."),
        ("an unknown one", Err("a secret".into()), "Kaputt."),
    ];
    for (name, response, expected) in rows {
        let seen = through(&[("accept-language", "de")], response).await;
        assert_eq!(local(&seen), Some(("de".into(), expected.into())), "{name}");
    }
}

#[tokio::test]
async fn a_panic_below_http_speaks_to_a_caller_of_grpc() {
    async fn panics(_: http::Request<()>) -> Result<Response<Script>, Infallible> {
        panic!("a secret")
    }
    let layer = HttpServerLayer::new(translator());
    for media in ["application/grpc", "application/grpc-web+proto"] {
        let fields = [("content-type", media), ("accept-language", "fr")];
        let mut request = request(&fields);
        *request.method_mut() = http::Method::POST;
        let seen = see(layer.layer(service_fn(panics)).oneshot(request).await.unwrap()).await;
        assert_eq!((seen.code(), local(&seen)), ("13", Some(("fr".into(), "Cassé.".into()))), "{media}");
    }
}
