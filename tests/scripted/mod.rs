//! Bodies that do what a script says, and services that answer with them.
#![allow(dead_code, unreachable_pub, clippy::expect_used, clippy::panic, reason = "each test file uses its part")]

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Body, Frame};
use tower::util::{ServiceFn, service_fn};

#[derive(Clone, Debug)]
pub enum Step {
    Data(&'static [u8]),
    /// A frame of this many bytes.
    Block(usize),
    Trailers(HeaderMap),
    Error,
    Panic,
    /// Nothing comes this time.
    Pause,
    /// Nothing more comes, and no end.
    Hang,
    /// The step before, for ever.
    Again,
}

/// What a test sees of a body that it gave away.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    bytes: Arc<AtomicUsize>,
    dropped: Arc<AtomicBool>,
}

impl Watch {
    /// How many bytes were taken.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }

    pub fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
pub struct Scripted {
    steps: VecDeque<Step>,
    last: Option<Step>,
    pub watch: Watch,
}

pub fn scripted(steps: impl IntoIterator<Item = Step>) -> Scripted {
    Scripted { steps: steps.into_iter().collect(), last: None, watch: Watch::default() }
}

impl From<&'static str> for Scripted {
    fn from(text: &'static str) -> Self {
        scripted([Step::Data(text.as_bytes())])
    }
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let step = match self.steps.front().cloned() {
            Some(Step::Again) => self.last.clone(),
            Some(Step::Hang) => return Poll::Pending,
            _ => self.steps.pop_front(),
        };
        self.last.clone_from(&step);
        let data = match step {
            None | Some(Step::Again | Step::Hang) => return Poll::Ready(None),
            Some(Step::Data(data)) => Bytes::from_static(data),
            Some(Step::Block(len)) => Bytes::from(vec![b'x'; len]),
            Some(Step::Trailers(trailers)) => return Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(Step::Error) => return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
            Some(Step::Pause) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Step::Panic) => panic!("secret of the body"),
        };
        self.watch.bytes.fetch_add(data.len(), Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.watch.dropped.store(true, Ordering::SeqCst);
    }
}

pub fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    lines.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

pub fn response(status: u16, lines: &[(&'static str, &'static str)], body: impl Into<Scripted>) -> Response<Scripted> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status.try_into().expect("a status");
    *response.headers_mut() = headers(lines);
    response
}

/// Answers the first call with this response.
#[allow(clippy::type_complexity, reason = "a closure in a type")]
pub fn answering<Req: 'static>(
    response: Response<Scripted>,
) -> ServiceFn<impl FnMut(Request<Req>) -> Ready<Result<Response<Scripted>, Infallible>>> {
    let mut response = Some(response);
    service_fn(move |_| ready(Ok(response.take().expect("one call"))))
}
