//! Calls in memory, with and without a layer.

use std::{
    convert::Infallible,
    future::{Ready, poll_fn, ready},
    hint::black_box,
    pin::{Pin, pin},
    sync::LazyLock,
    task::{Context, Poll},
};

use bytes::Bytes;
use errwire::{
    Audience, Error, Translator, WriteHttpOptions, kinds,
    layer::{GrpcClientLayer, GrpcServerLayer, HttpClientLayer, HttpServerLayer},
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Body, Frame};
use tokio::runtime;
use tower::{Layer, Service};

/// What a layer is to do so many times.
pub(crate) struct Case {
    pub(crate) layer: &'static str,
    pub(crate) of: &'static str,
    /// With the layer or without, and how often.
    pub(crate) run: fn(bool, u32),
}

macro_rules! cases {
    ($($layer:ident { $($of:literal: $answer:expr, $fields:expr, $frames:tt;)* })*) => {
        /// In the order of the table.
        pub(crate) const CASES: &[Case] = &[$($(Case {
            layer: stringify!($layer),
            of: $of,
            run: |with, count| cases!(@ $frames $layer, with, count, $answer, $fields),
        },)*)*];
    };
    // So many calls of one message.
    (@ calls $layer:ident, $with:expr, $count:expr, $answer:expr, $fields:expr) => {
        run(&$layer::default(), $with, $count, 1, $answer, $fields)
    };
    // One call of so many messages.
    (@ frames $layer:ident, $with:expr, $count:expr, $answer:expr, $fields:expr) => {
        run(&$layer::default(), $with, 1, $count, $answer, $fields)
    };
}

cases! {
    GrpcServerLayer {
        "a unary success": grpc, &[GRPC], calls;
        "a unary success with a `grpc-timeout`": grpc, &[GRPC, ("grpc-timeout", "10S")], calls;
        "a message of a stream": grpc, &[GRPC], frames;
        "an `ErrorInfo` in headers": grpc_error, &[GRPC], calls;
        "an `ErrorInfo` in trailers": grpc_late_error, &[GRPC], calls;
    }
    GrpcClientLayer {
        "a unary success": grpc, &[GRPC], calls;
        "a unary success with a `grpc-timeout`": grpc, &[GRPC, ("grpc-timeout", "10S")], calls;
        "a message of a stream": grpc, &[GRPC], frames;
        "an `ErrorInfo` in headers": grpc_error, &[GRPC], calls;
        "an `ErrorInfo` in trailers": grpc_late_error, &[GRPC], calls;
    }
    HttpServerLayer {
        "a success": http, &[JSON], calls;
        "a frame of a success": http, &[JSON], frames;
        "an `Error` of the handler": http_error, &[JSON], calls;
        "a text of the handler": http_text, &[JSON], calls;
    }
    HttpClientLayer {
        "a success": http, &[JSON], calls;
        "a frame of a success": http, &[JSON], frames;
        "our JSON": http_error, &[JSON], calls;
        "a text": http_text, &[JSON], calls;
    }
}

type Fields = &'static [(&'static str, &'static str)];
type Answer = fn(u32) -> Response<Frames>;

const GRPC: (&str, &str) = ("content-type", "application/grpc");
const JSON: (&str, &str) = ("accept", "application/json");

fn run<L, S, B>(layer: &L, with: bool, calls: u32, frames: u32, answer: Answer, fields: Fields)
where
    L: Layer<Fixed, Service = S>,
    S: Service<Request<()>, Response = Response<B>>,
    B: Body,
{
    let service = Fixed { answer, frames };
    if with { drive(layer.layer(service), calls, fields) } else { drive(service, calls, fields) }
}

fn drive<S, B>(mut service: S, calls: u32, fields: Fields)
where
    S: Service<Request<()>, Response = Response<B>>,
    B: Body,
{
    let fields = map(fields);
    let runtime = runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        for _ in 0..calls {
            let mut request = Request::new(());
            request.headers_mut().clone_from(&fields);
            let _ = poll_fn(|cx| service.poll_ready(cx)).await;
            let Ok(response) = service.call(black_box(request)).await else { continue };
            let (head, body) = response.into_parts();
            black_box(head);
            let mut body = pin!(body);
            while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                black_box(frame.is_ok());
            }
        }
    });
}

struct Fixed {
    answer: Answer,
    frames: u32,
}

impl Service<Request<()>> for Fixed {
    type Response = Response<Frames>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Frames>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        black_box(request);
        ready(Ok((self.answer)(self.frames)))
    }
}

/// So many frames, and trailers.
struct Frames {
    frames: u32,
    data: Bytes,
    trailers: Option<HeaderMap>,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(left) = self.frames.checked_sub(1) else {
            return Poll::Ready(self.trailers.take().map(|trailers| Ok(Frame::trailers(trailers))));
        };
        self.frames = left;
        Poll::Ready(Some(Ok(Frame::data(self.data.clone()))))
    }

    fn is_end_stream(&self) -> bool {
        self.frames == 0 && self.trailers.is_none()
    }
}

fn map(fields: Fields) -> HeaderMap {
    fields.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn answer(headers: HeaderMap, frames: u32, data: &'static [u8], trailers: Option<HeaderMap>) -> Response<Frames> {
    let mut response = Response::new(Frames { frames, data: Bytes::from_static(data), trailers });
    *response.headers_mut() = headers;
    response
}

fn grpc(frames: u32) -> Response<Frames> {
    answer(map(&[GRPC]), frames, b"\0\0\0\0\0", Some(map(&[("grpc-status", "0")])))
}

fn error() -> Error {
    Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist. Verify the task ID.")
}

/// The three fields of an error, as a service sends them that has no errwire.
static STATUS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = HeaderMap::new();
    Translator::default().write_grpc(&error()).write_to(&mut headers);
    headers
});

fn grpc_error(_: u32) -> Response<Frames> {
    let mut headers = STATUS.clone();
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    answer(headers, 0, b"", None)
}

fn grpc_late_error(frames: u32) -> Response<Frames> {
    answer(map(&[GRPC]), frames, b"\0\0\0\0\0", Some(STATUS.clone()))
}

fn http(frames: u32) -> Response<Frames> {
    answer(map(&[("content-type", "application/json")]), frames, b"{}", None)
}

/// What `IntoResponse` makes of an error of a handler.
fn http_error(_: u32) -> Response<Frames> {
    static WRITTEN: LazyLock<Response<Bytes>> =
        LazyLock::new(|| Translator::default().write_http_with(&error(), &WriteHttpOptions::new(Audience::Public)).0);
    let mut response = WRITTEN.clone().map(|data| Frames { frames: 1, data, trailers: None });
    response.extensions_mut().insert(error());
    response
}

fn http_text(frames: u32) -> Response<Frames> {
    let mut response = answer(map(&[("content-type", "text/plain")]), frames, b"No such task.", None);
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response
}
