//! A body that does what it is told.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use errwire::BoxError;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};

pub enum Step {
    Data(&'static [u8]),
    Bytes(Bytes),
    Trailers(HeaderMap),
    Error(BoxError),
    Panic,
    /// Goes on when it is asked again.
    Wait,
    /// Never goes on.
    Hang,
    /// Data without an end.
    Forever,
}

/// Does its steps, then ends.
pub struct Script {
    steps: VecDeque<Step>,
    panics_on_drop: bool,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), panics_on_drop: false }
    }

    pub fn panics_on_drop(mut self) -> Self {
        self.panics_on_drop = true;
        self
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(match self.steps.pop_front() {
            None => None,
            Some(Step::Data(data)) => Some(Ok(Frame::data(Bytes::from_static(data)))),
            Some(Step::Bytes(data)) => Some(Ok(Frame::data(data))),
            Some(Step::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
            Some(Step::Error(error)) => Some(Err(error)),
            Some(Step::Panic) => panic!("a secret"),
            Some(Step::Wait) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Step::Hang) => {
                self.steps.push_front(Step::Hang);
                return Poll::Pending;
            }
            Some(Step::Forever) => {
                self.steps.push_front(Step::Forever);
                Some(Ok(Frame::data(Bytes::from_static(b"more"))))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        assert!(!self.panics_on_drop || std::thread::panicking(), "a secret");
    }
}

pub fn block(fields: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

/// A response of gRPC with these fields besides.
pub fn answer(fields: &[(&'static str, &str)], body: Script) -> Response<Script> {
    let mut response = Response::new(body);
    *response.headers_mut() = block(fields);
    response.headers_mut().entry("content-type").or_insert(HeaderValue::from_static("application/grpc"));
    response
}

pub fn request(fields: &[(&'static str, &str)]) -> Request<()> {
    let mut request = Request::new(());
    *request.headers_mut() = block(fields);
    request.headers_mut().entry("content-type").or_insert(HeaderValue::from_static("application/grpc"));
    request
}

/// What came out of a layer.
pub struct Seen {
    pub head: HeaderMap,
    pub status: u16,
    pub extensions: http::Extensions,
    /// Whether the head was all of it.
    pub was_end: bool,
    pub data: Vec<u8>,
    pub trailers: Option<HeaderMap>,
    pub error: Option<BoxError>,
}

impl Seen {
    /// The block that ends the call.
    pub fn end(&self) -> &HeaderMap {
        self.trailers.as_ref().unwrap_or(&self.head)
    }

    pub fn code(&self) -> &str {
        self.end()["grpc-status"].to_str().unwrap()
    }

    /// The error as errwire reads it.
    pub fn read(&self) -> errwire::Error {
        let received = errwire::wire::grpc::Received::from_headers(self.end());
        errwire::Translator::default().read_grpc_with(received, &errwire::ReadOptions::new()).unwrap().0
    }
}

pub async fn see<B>(response: Response<B>) -> Seen
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let (parts, body) = response.into_parts();
    let mut seen = Seen {
        head: parts.headers,
        status: parts.status.as_u16(),
        extensions: parts.extensions,
        was_end: body.is_end_stream(),
        data: Vec::new(),
        trailers: None,
        error: None,
    };
    let mut body = std::pin::pin!(body);
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        assert!(seen.trailers.is_none() && seen.error.is_none(), "nothing follows the end");
        match frame.map(Frame::into_trailers) {
            Ok(Ok(trailers)) => seen.trailers = Some(trailers),
            Ok(Err(frame)) => seen.data.extend(frame.into_data().unwrap()),
            Err(error) => seen.error = Some(error.into()),
        }
    }
    assert!(seen.trailers.is_none() || body.is_end_stream());
    seen
}
