//! Each layer of tower-http that users put next to ours, outside and inside, in one `ServiceBuilder`. Many of them make a body of
//! their own, which needs a `Default` of the one inside.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use errwire::layer::{GrpcClientLayer, GrpcServerLayer, HttpClientLayer, HttpServerLayer};
use http::{HeaderName, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tonic::{metadata::MetadataValue, service::interceptor::InterceptedService, transport::Endpoint};
use tower::{ServiceBuilder, ServiceExt as _, service_fn};
use tower_http::{
    compression::CompressionLayer,
    cors::CorsLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::{RequestBodyTimeoutLayer, ResponseBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};

const LONG: Duration = Duration::from_secs(60);

async fn page<B>(_: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from("hello")))
}

macro_rules! says_hello {
    ($($layer:expr),+ $(,)?) => {{
        let service = ServiceBuilder::new()$(.layer($layer))+.service(service_fn(page));
        let response = service.oneshot(Request::new(Full::<Bytes>::default())).await.unwrap();
        assert_eq!(response.status(), 200);
        // No body of a layer says more of its error than that it is one.
        let Ok(body) = response.into_body().collect().await else { panic!("the body broke off") };
        assert_eq!(body.to_bytes(), "hello");
    }};
}

macro_rules! around_and_inside {
    ($($name:ident: $other:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            says_hello!($other, HttpServerLayer::default());
            says_hello!(HttpServerLayer::default(), $other);
            says_hello!($other, GrpcServerLayer::default());
            says_hello!(GrpcServerLayer::default(), $other);
            says_hello!($other, GrpcClientLayer::default());
            says_hello!(GrpcClientLayer::default(), $other);
            says_hello!($other, HttpClientLayer::default());
            says_hello!(HttpClientLayer::default(), $other);
        }
    )+};
}

around_and_inside! {
    cors: CorsLayer::permissive();
    trace: TraceLayer::new_for_http();
    trace_of_grpc: TraceLayer::new_for_grpc();
    request_id: SetRequestIdLayer::new(HeaderName::from_static("x-request-id"), MakeRequestUuid);
    propagated_request_id: PropagateRequestIdLayer::new(HeaderName::from_static("x-request-id"));
    response_body_timeout: ResponseBodyTimeoutLayer::new(LONG);
    timeout: TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONG);
    tower_timeout: tower::timeout::TimeoutLayer::new(LONG);
}

// reqwest enables it in tower-http; alone it would bring the 25 crates of `url` to every build of the tests.
#[cfg(feature = "reqwest")]
around_and_inside! {
    redirects: tower_http::follow_redirect::FollowRedirectLayer::new();
}

/// They change the body of the request, or read that of the response.
#[tokio::test]
async fn layers_that_change_bodies() {
    says_hello!(CompressionLayer::new(), HttpServerLayer::default());
    says_hello!(CompressionLayer::new(), GrpcServerLayer::default());
    says_hello!(RequestBodyLimitLayer::new(1_000), HttpServerLayer::default());
    says_hello!(RequestBodyTimeoutLayer::new(LONG), HttpServerLayer::default());
    says_hello!(
        SetRequestIdLayer::new(HeaderName::from_static("x-request-id"), MakeRequestUuid),
        TraceLayer::new_for_http(),
        CorsLayer::permissive(),
        TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONG),
        HttpServerLayer::default(),
        GrpcServerLayer::default(),
    );
}

/// As generated clients do in `with_interceptor`.
#[tokio::test]
async fn an_interceptor_of_tonic_around_the_client() {
    let channel = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    let layered = tower::Layer::layer(&GrpcClientLayer::default(), channel);
    let service = InterceptedService::new(layered, |mut request: tonic::Request<()>| {
        request.metadata_mut().insert("x-a", MetadataValue::from_static("b"));
        Ok(request)
    });
    let mut client = tonic::client::Grpc::new(service);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<String, String>::default();
    let request = tonic::Request::new("a".to_owned());
    let status = client.unary(request, "/test.Echo/Unary".parse().unwrap(), codec).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Unavailable);
}
