//! Admission control: the service of one connection, and the future of a call.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{Request, Response};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::body::Body;
use tower::{Service, util::Oneshot};

use super::{
    ItemRate,
    body::{RequestBody, ResponseBody},
    call::{Call, Calls, LimitedCall},
    concurrency::SCARCE_TIMEOUT,
};
use crate::{
    layer::{Caller, catch_panic},
    model::Error,
    server::{errors, listen::ConnectionState, observe::identify},
    service::{CallKind, Metered, Rpc},
};

/// The service of one connection, behind the limits.
#[derive(Clone, Debug)]
pub(crate) struct Limited<S> {
    inner: S,
    calls: Arc<Calls>,
    connection: Arc<ConnectionState>,
    items: ItemRate,
}

impl<S> Limited<S> {
    pub(crate) fn new(inner: S, calls: Arc<Calls>, connection: Arc<ConnectionState>, items: ItemRate) -> Self {
        Self { inner, calls, connection, items }
    }
}

impl<S> hyper::service::Service<Request<Incoming>> for Limited<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = CallFuture<Oneshot<S, Request<Body>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let caller = Caller::of(&request);
        let refused = |error: &Error| {
            let mut response = errors::response(&caller, error, &self.calls.translator, true);
            identify(&mut response, request.headers());
            CallFuture::refused(response)
        };
        if header_list_bytes(&request) > self.calls.most_header_bytes() {
            return refused(&errors::header_too_large(self.calls.most_header_bytes()));
        }
        // Anything but an RPC of ours gets its response at once, like a unary call.
        let kind = Rpc::of(request.uri().path()).map_or(CallKind::Unary, Rpc::kind);
        let Some(call) = Call::begin(&self.calls, &self.connection, &self.items, kind) else {
            return refused(&errors::overloaded());
        };
        let call = Arc::new(call);
        let mut request = request.map(|body| Body::new(RequestBody::new(body, call.clone())));
        if kind == CallKind::Stream {
            request.extensions_mut().insert(Metered(call.clone()));
        }
        let call = LimitedCall { call, caller };
        CallFuture::running(Oneshot::new(self.inner.clone(), request), self.calls.timeout, call)
    }
}

pin_project! {
    /// The response of [`Limited`](super::Limited).
    pub(crate) struct CallFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Refused { response: Option<Response<Body>> },
        Running {
            #[pin] future: F,
            timeout: Option<Duration>,
            // Made when the call first waits, so that other calls need no timer.
            #[pin] late: Option<Late>,
            #[pin] ended: Option<WaitForCancellationFutureOwned>,
            held: Option<LimitedCall>,
        },
        Done,
    }
}

pin_project! {
    /// A call that waits before its response begins, which can only be for its request.
    struct Late {
        until: Instant,
        // Until the deadline, or until the next check whether places are scarce.
        #[pin] sleep: Sleep,
    }
}

impl Late {
    fn new(timeout: Duration) -> Self {
        Self { until: Instant::now() + timeout, sleep: sleep(timeout.min(SCARCE_TIMEOUT)) }
    }

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>, crowded: impl Fn() -> bool) -> Poll<Error> {
        let mut this = self.project();
        loop {
            ready!(this.sleep.as_mut().poll(cx));
            let now = Instant::now();
            if now >= *this.until {
                return Poll::Ready(errors::too_slow());
            }
            if crowded() {
                return Poll::Ready(errors::overloaded());
            }
            this.sleep.as_mut().reset((*this.until).min(now + SCARCE_TIMEOUT));
        }
    }
}

impl<F> CallFuture<F> {
    pub(super) fn refused(response: Response<Body>) -> Self {
        Self { state: State::Refused { response: Some(response) } }
    }

    pub(super) fn running(future: F, timeout: Option<Duration>, held: LimitedCall) -> Self {
        Self { state: State::Running { future, timeout, late: None, ended: None, held: Some(held) } }
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for CallFuture<F> {
    type Output = Result<Response<ResponseBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let (outcome, held) = match this.state.as_mut().project() {
            StateProjection::Refused { response } => (response.take().map(Ok), None),
            StateProjection::Running { future, timeout, mut late, mut ended, held } => {
                let outcome = match catch_panic(|| future.poll(cx)) {
                    // A response of known size that exceeds the limit can still be replaced.
                    Ok(Poll::Ready(Ok(response))) if held.as_ref().is_some_and(|held| !held.has_room(&response)) => {
                        Err(errors::full())
                    }
                    Ok(Poll::Ready(Ok(response))) => Ok(response),
                    Err(panic) => Err(panic),
                    Ok(Poll::Pending) => {
                        if let Some(timeout) = timeout.take() {
                            late.set(Some(Late::new(timeout)));
                        }
                        if let (None, Some(held)) = (&*ended, &held) {
                            ended.set(Some(held.ending().clone().cancelled_owned()));
                        }
                        let crowded = || held.as_ref().is_some_and(|held| held.call.is_crowded());
                        Err(ready!(cut_short(cx, late, ended, crowded)))
                    }
                };
                (Some(outcome), held.take())
            }
            StateProjection::Done => (None, None),
        };
        let response = match (outcome, held) {
            (Some(Ok(response)), held) => response.map(|body| ResponseBody::new(body, held)),
            (Some(Err(error)), Some(held)) => held.response(&error).map(|body| ResponseBody::new(body, Some(held))),
            // Polled again after it was ready.
            _ => return Poll::Pending,
        };
        // A future that panicked may panic again when it is dropped.
        let _ = catch_panic(|| this.state.set(State::Done));
        Poll::Ready(Ok(response))
    }
}

/// Why a call without a response ends with an error.
fn cut_short(
    cx: &mut Context<'_>,
    late: Pin<&mut Option<Late>>,
    ended: Pin<&mut Option<WaitForCancellationFutureOwned>>,
    crowded: impl Fn() -> bool,
) -> Poll<Error> {
    if ended.as_pin_mut().is_some_and(|ended| ended.poll(cx).is_ready()) {
        return Poll::Ready(errors::going_away());
    }
    match late.as_pin_mut() {
        Some(late) => late.poll(cx, crowded),
        None => Poll::Pending,
    }
}

/// The overhead of each header field, as RFC 9113, 6.5.2 counts it.
const FIELD: usize = 32;

/// The names of `:method`, `:scheme`, `:authority` and `:path`, and the value of `:scheme` at its longest.
const PSEUDO_FIELDS: usize = 7 + 7 + 10 + 5 + 5 + 4 * FIELD;

/// The size of the request headers as HTTP/2 counts them, whatever the version of HTTP.
fn header_list_bytes<B>(request: &Request<B>) -> usize {
    let (method, uri) = (request.method().as_str(), request.uri());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD);
    PSEUDO_FIELDS + method.len() + authority + path + fields.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths of each name and value, by hand. The scheme is not known, and counts as `https`.
    #[test]
    fn counts_as_http2_does() {
        let request = Request::get("http://a.test/a?b").header("x-a", "bc").body(()).unwrap();
        assert_eq!(header_list_bytes(&request), (7 + 3) + (7 + 5) + (10 + 6) + (5 + 4) + (3 + 2) + 5 * 32);
    }
}
