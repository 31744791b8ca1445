//! Random answers through the layers for HTTP: never a panic, no success changed, every error ours.

use errwire::{
    Dialect, Error,
    layer::{HttpClientLayer, HttpServerLayer},
};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use proptest::{collection, prelude::*, sample};
use tower::{Layer, ServiceExt};

use crate::scripted::{Scripted, Step, answering, scripted};

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    steps: Vec<Step>,
    typed: bool,
}

impl Answer {
    fn response(&self) -> Response<Scripted> {
        let mut response = Response::new(scripted(self.steps.clone()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        response.headers_mut().clone_from(&self.headers);
        if self.typed {
            response.extensions_mut().insert(Error::new(errwire::kinds::TASK_NOT_FOUND));
        }
        response
    }

    /// The frames as they leave, up to the end or the error.
    fn frames(&self) -> (Vec<u8>, bool) {
        let whole = self.steps.iter().position(|step| matches!(step, Step::Error));
        let steps = &self.steps[..whole.unwrap_or(self.steps.len())];
        let data = steps.iter().flat_map(|step| if let Step::Data(data) = step { data.to_vec() } else { Vec::new() });
        (data.collect(), whole.is_none())
    }
}

/// A body cut into frames anywhere, with a fault at the end at times.
fn answer() -> impl Strategy<Value = Answer> {
    let status = prop_oneof![4 => 400..600_u16, 2 => 100..400_u16, 1 => 600..1_000_u16];
    let cuts = collection::vec(any::<sample::Index>(), 0..4);
    let end = prop_oneof![4 => Just(None), 1 => Just(Some(Step::Error)), 1 => Just(Some(Step::Hang))];
    let known = crate::generate::response().prop_map(|response| {
        let (head, body) = response.into_parts();
        (head.headers, body.to_vec())
    });
    let hostile = (crate::generate::header_map(), crate::generate::body_bytes());
    let parts = (status, prop_oneof![known, hostile], cuts, end, prop::bool::weighted(0.1));
    parts.prop_map(|(status, (headers, body), cuts, end, typed)| {
        let body: &'static [u8] = body.leak();
        let mut at: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        at.extend([0, body.len()]);
        at.sort_unstable();
        let mut steps: Vec<_> = at.windows(2).map(|pair| Step::Data(&body[pair[0]..pair[1]])).collect();
        // A success that hangs would keep the test waiting.
        steps.extend(end.filter(|end| status >= 400 || !matches!(end, Step::Hang)));
        Answer { status, headers, steps, typed }
    })
}

fn asked() -> impl Strategy<Value = Request<()>> {
    let method = sample::select(vec![Method::GET, Method::POST, Method::HEAD]);
    let accept = sample::select(vec!["*/*", "application/problem+json", "", "text/html;q=x", "de, en;q=0.5"]);
    (method, accept).prop_map(|(method, accept)| {
        let request = Request::builder().method(method).header("accept", accept).header("accept-language", accept);
        request.body(()).unwrap()
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(future)
}

fn is_error(answer: &Answer) -> bool {
    let is_grpc =
        answer.headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"));
    assert!(!is_grpc, "not generated");
    answer.status >= 400
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn server(answer in answer(), request in asked(), dialect in sample::select(vec![None, Some(Dialect::Google), Some(Dialect::Connect)])) {
        let layer = HttpServerLayer::default();
        let layer = match dialect {
            Some(dialect) => layer.with_dialect(dialect),
            None => layer,
        };
        let to_head = request.method() == Method::HEAD;
        let (head, body) = block_on(async {
            let sent = layer.layer(answering(answer.response())).oneshot(request).await.unwrap();
            let (head, body) = sent.into_parts();
            (head, body.collect().await.map(|body| body.to_bytes()))
        });
        if !is_error(&answer) {
            let (data, whole) = answer.frames();
            prop_assert_eq!(head.status.as_u16(), answer.status);
            // What a field of a status may show the public is tested apart.
            let others = |headers: &HeaderMap| -> HeaderMap {
                headers.clone().into_iter().filter_map(|(name, value)| Some((name?, value))).filter(|(name, _)| !name.as_str().starts_with("grpc-")).collect()
            };
            prop_assert_eq!(others(&head.headers), others(&answer.headers));
            prop_assert_eq!(body.is_ok(), whole);
            prop_assert!(!whole || body.unwrap() == data);
            return Ok(());
        }
        let body = body.unwrap();
        let grpc = answer.headers.contains_key("grpc-status");
        let expected = if answer.status > 599 { 500 } else { answer.status };
        let typed = answer.typed && answer.status > 599;
        prop_assert!(grpc || typed || head.status.as_u16() == expected, "{} for {}", head.status, answer.status);
        prop_assert!((400..600).contains(&head.status.as_u16()));
        for gone in ["content-encoding", "etag", "transfer-encoding", "grpc-status", "grpc-status-details-bin"] {
            prop_assert!(!head.headers.contains_key(gone), "{gone}");
        }
        prop_assert!(head.extensions.get::<Error>().is_some());
        if to_head {
            prop_assert!(body.is_empty());
        } else {
            let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
            prop_assert!(json.is_object());
        }
        // Through a second layer the kind stays. (The message may not: of a kind that no catalog has, a public body does
        // not say the code, by which the message of a secret is chosen.)
        let lines = head.headers.clone();
        let mut again = Response::from_parts(head, scripted([Step::Data(body.to_vec().leak())]));
        again.extensions_mut().clear();
        if dialect.is_none() && !to_head && lines["content-type"] == "application/json" {
            let second = block_on(async {
                let sent = HttpServerLayer::default().layer(answering(again)).oneshot(Request::new(())).await.unwrap();
                sent.into_body().collect().await.unwrap().to_bytes()
            });
            let kind = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["kind"].clone();
            prop_assert_eq!(kind(&second), kind(&body));
        }
    }

    #[test]
    fn client(answer in answer(), request in asked()) {
        let to_head = request.method() == Method::HEAD;
        let outcome = block_on(async {
            let client = HttpClientLayer::default().layer(answering(answer.response()));
            match client.oneshot(request).await {
                Err(error) => Err(error),
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    Ok((head, body.collect().await.map(|body| body.to_bytes())))
                }
            }
        });
        match outcome {
            Err(error) => {
                prop_assert!(is_error(&answer));
                let grpc = answer.headers.contains_key("grpc-status");
                prop_assert!(grpc || answer.status > 599 || error.status().as_u16() == answer.status);
            }
            Ok((head, body)) => {
                prop_assert!(!is_error(&answer));
                let (data, whole) = answer.frames();
                prop_assert_eq!((head.status.as_u16(), &head.headers), (answer.status, &answer.headers));
                prop_assert_eq!(body.is_ok(), whole);
                prop_assert!(!whole || to_head || body.unwrap() == data);
            }
        }
    }
}
