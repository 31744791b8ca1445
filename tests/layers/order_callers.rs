//! What retries and redirects outside and inside of the layers of callers do, as `docs/guide.md` says.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::scripted::{Scripted, Step, headers, response, scripted};
use bytes::Bytes;
use errwire::{
    Code, Error,
    layer::{GrpcClientLayer, HttpClientLayer},
};
use http::{Request, Response};
use http_body_util::Full;
use tower::{Service, ServiceBuilder, ServiceExt as _, retry::Policy, service_fn};

type Answer = Response<Scripted>;

/// Answers the calls with these in turn, and counts them.
fn peer(
    answers: [fn() -> Answer; 2],
) -> (Arc<AtomicUsize>, impl Service<Request<Full<Bytes>>, Response = Answer, Error = Infallible, Future: Send> + Clone)
{
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let service = service_fn(move |_| {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        ready(Ok(answers[call]()))
    });
    (calls, service)
}

/// Again, if this says so of what came, twice at most.
#[derive(Clone)]
struct Again<F>(F, usize);

impl<F, B: Clone, T, E> Policy<Request<B>, T, E> for Again<F>
where
    F: Fn(&Result<T, E>) -> bool,
{
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Request<B>, result: &mut Result<T, E>) -> Option<Ready<()>> {
        self.1 += 1;
        (self.1 < 3 && self.0(result)).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
        Some(request.clone())
    }
}

fn html() -> Answer {
    response(503, &[("content-type", "text/html")], "<html>down</html>")
}

fn grpc(status: &'static str) -> Answer {
    let body = scripted([Step::Trailers(headers(&[("grpc-status", status)]))]);
    response(200, &[("content-type", "application/grpc")], body)
}

fn trailers_only(status: &'static str) -> Answer {
    response(200, &[("content-type", "application/grpc"), ("grpc-status", status)], scripted([]))
}

/// Asks for UNAVAILABLE in the headers, as gRPC's own retries do
/// (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).
fn is_unavailable<B, E>(result: &Result<Response<B>, E>) -> bool {
    result.as_ref().is_ok_and(|answer| answer.headers().get("grpc-status").is_some_and(|status| status == "14"))
}

#[tokio::test]
async fn retries_outside_of_the_grpc_client_layer_see_a_valid_status() {
    let rows: [([fn() -> Answer; 2], usize, Option<&str>); 3] = [
        // A page of a proxy has no status before the layer gives it one.
        ([html, || grpc("0")], 2, None),
        ([|| trailers_only("14"), || grpc("0")], 2, None),
        ([|| trailers_only("5"), || grpc("0")], 1, Some("5")),
    ];
    for (answers, expected, status) in rows {
        let (calls, service) = peer(answers);
        let stack = ServiceBuilder::new().retry(Again(is_unavailable, 0)).layer(GrpcClientLayer::default());
        let request = Request::post("/a.B/C").header("content-type", "application/grpc");
        let answer = stack.service(service).oneshot(request.body(Full::default()).unwrap()).await.unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), expected);
        assert_eq!(answer.headers().get("grpc-status").map(|status| status.to_str().unwrap()), status);
    }
}

#[tokio::test]
async fn retries_outside_of_the_http_client_layer_see_an_error() {
    let rows: [([fn() -> Answer; 2], usize, Option<u16>); 2] = [
        ([html, || response(200, &[], "fine")], 2, None),
        ([|| response(404, &[], "none"), || response(200, &[], "fine")], 1, Some(404)),
    ];
    for (answers, expected, status) in rows {
        let (calls, service) = peer(answers);
        let again =
            Again(|result: &Result<_, Error>| matches!(result, Err(error) if error.code() == Code::Unavailable), 0);
        let stack = ServiceBuilder::new().retry(again).layer(HttpClientLayer::default());
        let result = stack.service(service).oneshot(Request::new(Full::default())).await;
        assert_eq!(calls.load(Ordering::SeqCst), expected);
        assert_eq!(result.err().map(|error| error.status().as_u16()), status);
    }
}

// reqwest enables the layer in tower-http; alone it would bring the 25 crates of `url` to every build of the tests.
#[cfg(feature = "reqwest")]
mod redirects {
    use tower_http::follow_redirect::FollowRedirectLayer;

    use super::*;

    fn site(request: Request<Full<Bytes>>) -> Ready<Result<Answer, Infallible>> {
        const OURS: &str = r#"{"kind":"task_not_found","message":"No task 7."}"#;
        let json = ("content-type", "application/json");
        ready(Ok(match request.uri().path() {
            "/old" => response(302, &[("location", "/new")], ""),
            "/lost" => response(302, &[("location", "/none")], ""),
            "/new" => response(200, &[], "fine"),
            _ => response(404, &[json], OURS),
        }))
    }

    async fn follows<S, B, F>(stack: S)
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Error, Future = F> + Clone,
        F: Future<Output = Result<Response<B>, Error>>,
    {
        let ask = |path: &str| stack.clone().oneshot(Request::get(path).body(Full::default()).unwrap());
        assert_eq!(ask("http://a.example/old").await.map(|answer| answer.status().as_u16()).ok(), Some(200));
        assert_eq!(ask("http://a.example/lost").await.err().unwrap().kind(), &errwire::kinds::TASK_NOT_FOUND);
    }

    #[tokio::test]
    async fn redirects_are_followed_inside_and_outside() {
        let (redirect, layer) = (FollowRedirectLayer::new(), HttpClientLayer::default());
        follows(ServiceBuilder::new().layer(layer.clone()).layer(redirect.clone()).service_fn(site)).await;
        follows(ServiceBuilder::new().layer(redirect).layer(layer).service_fn(site)).await;
    }
}
