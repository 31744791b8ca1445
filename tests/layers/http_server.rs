//! What `HttpServerLayer` makes of the responses of any service (docs/rules.md, R-LAYER-6).

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Dialect, Error, HttpStatus, KindEntry, MessageTemplate, Translator, kinds,
    layer::HttpServerLayer, rpc,
};
use http::{Method, Request, Response, header, response::Parts};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};

use crate::scripted::{Scripted, Step, answering, headers, response, scripted};

fn get(lines: &[(&'static str, &'static str)]) -> Request<()> {
    let mut request = Request::new(());
    *request.headers_mut() = headers(lines);
    request
}

/// Sends one request through the layer and reads the response.
async fn ask(layer: &HttpServerLayer, request: Request<()>, inner: Response<Scripted>) -> (Parts, String) {
    let response = layer.layer(answering(inner)).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (head, String::from_utf8(bytes.to_vec()).unwrap())
}

/// The status and the body that the default layer answers.
async fn plain(inner: Response<Scripted>) -> (u16, String) {
    let (head, body) = ask(&HttpServerLayer::default(), get(&[]), inner).await;
    (head.status.as_u16(), body)
}

const PLAIN: (&str, &str) = ("content-type", "text/plain; charset=utf-8");
const JSON: (&str, &str) = ("content-type", "application/json");

// docs/rules.md: R-PUBLIC-8, R-LAYER-6
#[tokio::test]
async fn every_error_becomes_ours() {
    let rows = [
        ("words", response(404, &[PLAIN], "No such page."), r#"{"kind":"not_found","message":"No such page."}"#),
        (
            "nothing",
            response(404, &[], ""),
            r#"{"kind":"not_found","message":"The requested resource was not found. Verify the resource ID."}"#,
        ),
        (
            "405",
            response(405, &[("allow", "GET")], ""),
            r#"{"kind":"method_not_allowed","message":"The HTTP method is not supported for this endpoint. Use a method that the Allow header lists."}"#,
        ),
        (
            "ours",
            response(404, &[JSON], r#"{"kind":"task_not_found","message":"No task 7."}"#),
            r#"{"kind":"task_not_found","message":"No task 7."}"#,
        ),
        (
            "ours, of no catalog",
            response(409, &[JSON], r#"{"kind":"task_running","message":"Task 7 runs."}"#),
            r#"{"kind":"task_running","message":"Task 7 runs."}"#,
        ),
        (
            "a problem",
            response(
                404,
                &[("content-type", "application/problem+json")],
                r#"{"type":"https://a.example/e/run_not_found","title":"No run","detail":"No run 7."}"#,
            ),
            r#"{"kind":"run_not_found","message":"No run 7."}"#,
        ),
        (
            "a secret",
            response(500, &[PLAIN], "password=hunter2"),
            r#"{"kind":"internal_error","message":"An unexpected error occurred on our side. If it persists, please contact support."}"#,
        ),
        (
            "a secret in our dialect",
            response(503, &[JSON], r#"{"kind":"service_unavailable","message":"db1 is down"}"#),
            r#"{"kind":"service_unavailable","message":"The server is temporarily unable to handle requests. Please try again later."}"#,
        ),
        (
            "a status of no kind",
            response(418, &[PLAIN], "short and stout"),
            r#"{"kind":"http_418","message":"short and stout"}"#,
        ),
    ];
    for (name, inner, expected) in rows {
        let status = inner.status().as_u16();
        assert_eq!(plain(inner).await, (status, expected.to_owned()), "{name}");
    }
    assert_eq!(plain(response(999, &[PLAIN], "?")).await.0, 500, "a number that is not an HTTP status");
}

#[tokio::test]
async fn a_success_is_untouched() {
    for status in [101, 200, 201, 204, 206, 301, 304, 399] {
        let lines = [("content-length", "6"), ("etag", "\"x\""), ("connection", "upgrade"), ("x-a", "b")];
        let trailers = headers(&[("grpc-status", "0"), ("x-checksum", "5")]);
        let steps = [Step::Data(b"abc"), Step::Data(b"def"), Step::Trailers(trailers.clone())];
        let mut inner = response(status, &lines, scripted(steps));
        inner.extensions_mut().insert(7_u8);
        let answer = HttpServerLayer::default().layer(answering(inner)).oneshot(get(&[])).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()), (status, &headers(&lines)));
        assert_eq!(answer.extensions().get::<u8>(), Some(&7));
        assert!(answer.extensions().get::<Error>().is_none());

        let mut body = answer.into_body();
        for expected in [&b"abc"[..], b"def"] {
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), expected);
        }
        assert_eq!(body.frame().await.unwrap().unwrap().into_trailers().unwrap(), trailers);
        assert!(body.frame().await.is_none());
    }
}

// docs/rules.md: R-LAYER-6
#[tokio::test]
async fn grpc_answers() {
    let grpc = ("content-type", "application/grpc");
    let not_found = || response(200, &[grpc, ("grpc-status", "5"), ("grpc-message", "No task%2E"), ("x-a", "b")], "");
    let (head, body) = ask(&HttpServerLayer::default(), get(&[JSON]), not_found()).await;
    assert_eq!((head.status.as_u16(), &*body), (404, r#"{"kind":"not_found","message":"No task."}"#));
    assert_eq!(
        (&head.headers["content-type"], &head.headers["x-a"]),
        (&"application/json".parse().unwrap(), &"b".parse().unwrap())
    );
    assert!(!head.headers.contains_key("grpc-status") && !head.headers.contains_key("grpc-message"));

    // A caller of gRPC gets what the service said.
    for media in ["application/grpc", "application/grpc+proto", "application/grpc-web+proto"] {
        let mut request = get(&[("content-type", media)]);
        *request.method_mut() = Method::POST;
        let (head, body) = ask(&HttpServerLayer::default(), request, not_found()).await;
        assert_eq!((head.status.as_u16(), &*body), (200, ""));
        assert_eq!(head.headers["grpc-status"], "5");
    }
    for passing in [response(200, &[grpc], ""), response(200, &[grpc, ("grpc-status", "0")], "")] {
        assert_eq!(plain(passing).await, (200, String::new()));
    }
}

#[cfg(feature = "tonic")]
#[tokio::test]
async fn a_status_of_tonic() {
    let status: tonic::Status = Error::new(kinds::TASK_NOT_FOUND).with_message("No task 7.").into();
    let inner = status.into_http::<()>().map(|()| Scripted::from(""));
    assert_eq!(plain(inner).await, (404, r#"{"kind":"task_not_found","message":"No task 7."}"#.to_owned()));
    let inner = tonic::Status::internal("db1 is down").into_http::<()>().map(|()| Scripted::from(""));
    let (status, body) = plain(inner).await;
    assert_eq!((status, body.contains("db1")), (500, false));
}

#[tokio::test]
async fn header_hygiene() {
    let lines = [
        PLAIN,
        ("content-length", "5"),
        ("etag", "\"x\""),
        ("digest", "sha-256=x"),
        ("cache-control", "max-age=60"),
        ("connection", "x-foo"),
        ("x-foo", "1"),
        ("keep-alive", "timeout=5"),
        ("transfer-encoding", "chunked"),
        ("te", "gzip"),
        ("trailer", "x"),
        ("last-modified", "x"),
        ("set-cookie", "a=b"),
        ("set-cookie", "c=d"),
        ("allow", "GET, HEAD"),
        ("vary", "origin"),
        ("access-control-allow-origin", "*"),
        ("x-request-id", "req_1"),
    ];
    let (head, _) = ask(&HttpServerLayer::default(), get(&[]), response(405, &lines, "hello")).await;
    let expected = headers(&[
        JSON,
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("allow", "GET, HEAD"),
        ("vary", "origin"),
        ("vary", "accept"),
        ("vary", "accept-language"),
        ("access-control-allow-origin", "*"),
        ("x-request-id", "req_1"),
    ]);
    assert_eq!(head.headers, expected);
}

#[tokio::test]
async fn required_companions() {
    let (head, _) = ask(&HttpServerLayer::default(), get(&[]), response(401, &[], "")).await;
    assert_eq!(head.headers["www-authenticate"], "Bearer");
    let two = [("www-authenticate", "Basic realm=\"a\""), ("www-authenticate", "Digest")];
    let (head, _) = ask(&HttpServerLayer::default(), get(&[]), response(401, &two, "")).await;
    let lines: Vec<_> = head.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(lines, ["Basic realm=\"a\"", "Digest"]);
    for status in [429, 503] {
        let (head, _) =
            ask(&HttpServerLayer::default(), get(&[]), response(status, &[("retry-after", "120")], "")).await;
        assert_eq!(head.headers["retry-after"], "120");
    }
}

#[tokio::test]
async fn a_response_to_head_has_no_body() {
    let head_request = || Request::builder().method(Method::HEAD).body(()).unwrap();
    let (_, body) = ask(&HttpServerLayer::default(), get(&[]), response(404, &[], "")).await;
    let answer = HttpServerLayer::default().layer(answering(response(404, &[PLAIN, ("content-length", "7")], "")));
    let answer = answer.oneshot(head_request()).await.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_LENGTH], body.len().to_string());
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.body().is_end_stream());
    assert_eq!(answer.body().size_hint().exact(), Some(0));
}

#[tokio::test]
async fn the_caller_chooses_the_dialect() {
    let layer = HttpServerLayer::default();
    let accept = ("accept", "application/problem+json, application/json;q=0.5");
    let (head, body) = ask(&layer, get(&[accept]), response(404, &[PLAIN], "No page.")).await;
    assert_eq!(head.headers["content-type"], "application/problem+json");
    assert_eq!(
        body,
        r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"No page.","code":"not_found"}"#
    );
    let two_lines = [("accept", "application/json;q=0.5"), ("accept", "application/problem+json")];
    let (head, _) = ask(&layer, get(&two_lines), response(404, &[], "")).await;
    assert_eq!(head.headers["content-type"], "application/problem+json");
    // A caller without `Accept` gets our own dialect, and `Vary` tells caches that others may get another.
    for request in [get(&[]), get(&[("accept", "*/*")])] {
        let (head, _) = ask(&layer, request, response(404, &[], "")).await;
        assert_eq!(head.headers["content-type"], "application/json");
        assert_eq!(head.headers["vary"], "accept");
    }
    // Set for all, it does not vary.
    let layer = HttpServerLayer::default().with_dialect(Dialect::Connect).with_dialect(Dialect::Google);
    let (head, body) = ask(&layer, get(&[accept]), response(404, &[], "")).await;
    assert!(body.starts_with(r#"{"error":{"code":404,"#), "{body}");
    assert_eq!(head.headers.get_all("vary").iter().collect::<Vec<_>>(), ["accept-language"]);
}

fn catalog() -> Catalog {
    let mut entry = KindEntry::new(
        "job_stuck".to_owned(),
        "api.example.com".into(),
        HttpStatus::new(409).unwrap(),
        Code::Aborted,
        MessageTemplate::from("The job is stuck.".to_owned()),
    );
    entry.localized = vec![("de".into(), MessageTemplate::from("Der Auftrag klemmt.".to_owned()))].into();
    Catalog::with_entries([entry])
}

#[tokio::test]
async fn the_caller_chooses_the_language() {
    let layer = HttpServerLayer::new(Translator::new(catalog()));
    let inner = || response(409, &[JSON], r#"{"kind":"job_stuck","message":"The job is stuck."}"#);
    let (head, body) = ask(&layer, get(&[("accept-language", "de-CH, en;q=0.5")]), inner()).await;
    assert_eq!(body, r#"{"kind":"job_stuck","message":"Der Auftrag klemmt."}"#);
    assert_eq!(head.headers["content-language"], "de");
    let (head, body) = ask(&layer, get(&[("accept-language", "fr")]), inner()).await;
    assert_eq!(body, r#"{"kind":"job_stuck","message":"The job is stuck."}"#);
    assert!(!head.headers.contains_key("content-language"));
}

#[tokio::test]
async fn insiders_see_all() {
    let layer = HttpServerLayer::default().with_audience(Audience::Internal).with_details();
    let (head, body) =
        ask(&layer, get(&[]), response(500, &[JSON], r#"{"kind":"internal_error","message":"db1"}"#)).await;
    assert!(body.starts_with(r#"{"kind":"internal_error","message":"db1","details":[{"#), "{body}");
    assert!(head.headers.contains_key("grpc-status-details-bin"));

    // What an insider wrote is read whole, and not shown on.
    let inner = Response::from_parts(head, scripted([Step::Data(b"not read")]));
    let (head, body) = ask(&HttpServerLayer::default(), get(&[]), inner).await;
    assert!(!head.headers.contains_key("grpc-status-details-bin"));
    assert_eq!(head.extensions.get::<Error>().unwrap().message(), "db1");
    assert!(!body.contains("db1"));
}

#[tokio::test]
async fn a_typed_error_is_written_again() {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("No task 7.").with_metadata("task_id", "7");
    let with = |status: u16| {
        let mut inner = response(status, &[("set-cookie", "a=b")], scripted([Step::Panic]));
        inner.extensions_mut().insert(error.clone());
        inner
    };
    let (head, body) = ask(&HttpServerLayer::default(), get(&[]), with(404)).await;
    assert_eq!((head.status.as_u16(), &*body), (404, r#"{"kind":"task_not_found","message":"No task 7."}"#));
    assert!(!head.headers.contains_key("set-cookie"), "cookies are not for the public");
    let insiders = HttpServerLayer::default().with_audience(Audience::Internal);
    assert_eq!(ask(&insiders, get(&[]), with(404)).await.0.headers["set-cookie"], "a=b");
    assert_eq!(head.extensions.get::<Error>(), Some(&error));
    // The status line was written after it.
    let (head, _) = ask(&HttpServerLayer::default(), get(&[]), with(410)).await;
    assert_eq!((head.status.as_u16(), head.extensions.get::<Error>().unwrap().status().as_u16()), (410, 410));
    let (head, _) = ask(&HttpServerLayer::default(), get(&[]), response(200, &[], "")).await;
    assert!(head.extensions.get::<Error>().is_none());
}

#[tokio::test]
async fn an_exempt_route_keeps_its_errors() {
    let layer = HttpServerLayer::default()
        .exempt(|request| request.uri.path() == "/oauth/token")
        .exempt(|request| request.method == Method::TRACE);
    let inner = || response(400, &[JSON, ("etag", "\"x\"")], r#"{"error":"invalid_grant"}"#);
    let to = |path: &str| Request::builder().uri(path).body(()).unwrap();
    let (head, body) = ask(&layer, to("/oauth/token"), inner()).await;
    assert_eq!((&*body, head.headers), (r#"{"error":"invalid_grant"}"#, headers(&[JSON, ("etag", "\"x\"")])));
    let (_, body) = ask(&layer, to("/tasks"), inner()).await;
    assert!(body.starts_with(r#"{"kind":"invalid_grant","#), "{body}");
}

#[tokio::test]
async fn the_request_id_is_named() {
    let id = ("x-request-id", "req_1");
    let (head, _) = ask(&HttpServerLayer::default(), get(&[id]), response(500, &[], "")).await;
    assert_eq!(head.headers["x-request-id"], "req_1");
    assert_eq!(head.extensions.get::<Error>().unwrap().detail::<rpc::RequestInfo>().unwrap().request_id, "req_1");
    let (head, _) = ask(&HttpServerLayer::default(), get(&[id]), response(500, &[("x-request-id", "req_2")], "")).await;
    assert_eq!(head.headers["x-request-id"], "req_2");
}

#[tokio::test]
async fn nothing_can_be_injected() {
    let secrets = ["/etc/passwd", "SELECT * FROM", "eyJhbGciOi", "\u{1b}[31m", "\u{202e}", "\",\"level\":\"fatal"];
    for secret in secrets {
        let text: &'static str = format!("<p>{secret}\r\nSet-Cookie: a=b</p>").leak();
        for status in [500, 502, 503, 504, 599] {
            let (head, body) = ask(&HttpServerLayer::default(), get(&[]), response(status, &[PLAIN], text)).await;
            assert!(!body.contains(secret), "{body}");
            assert!(!head.headers.contains_key("set-cookie"));
        }
        let (_, body) = ask(&HttpServerLayer::default(), get(&[]), response(400, &[PLAIN], text)).await;
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(json.as_object().unwrap().len(), 2);
        assert!(!body.contains('\u{1b}') && !body.contains('\u{202e}'), "{body}");
    }
}

#[test]
fn types_need_no_help() {
    fn is_clone<T: Clone + Send + Sync + 'static>(_: &T) {}
    let layer = HttpServerLayer::default().with_observer(|_: &errwire::layer::Event<'_>| {});
    is_clone(&layer);
    let service = tower::ServiceBuilder::new().layer(layer).service(tower::service_fn(|_: Request<()>| async {
        Ok::<_, std::io::Error>(Response::new(http_body_util::Full::new(Bytes::new())))
    }));
    is_clone(&service);
    let future = service.oneshot(Request::new(()));
    fn is_send<T: Send>(_: &T) {}
    is_send(&future);
}
