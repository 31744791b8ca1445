//! Admission control: the service of one connection, and the future of a call.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::body::Body;
use tower::{Service, util::Oneshot};

use super::{
    ItemRate, PeerWait,
    body::{RequestBody, ResponseBody},
    call::{Call, Calls},
    concurrency::WaitEnd,
};
use crate::{
    layer::{Caller, catch_panic},
    model::Error,
    server::{
        errors,
        listen::ConnectionState,
        observe::{X_REQUEST_ID, identity},
    },
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
        let (context, id) = identity(request.headers());
        let refused = |error: &Error, id| {
            let response = errors::response(&caller, error, &self.calls.translator, true);
            CallFuture { state: State::Refused { response: Some(response) }, id }
        };
        let config = &self.calls.config;
        let most = config.max_header_list_bytes.as_usize();
        if header_list_bytes(&request) > most {
            return refused(&errors::header_too_large(most), id);
        }
        // Anything but an RPC of ours gets its response at once, like a unary call.
        let kind = Rpc::of(request.uri().path()).map_or(CallKind::Unary, Rpc::kind);
        if !self.calls.take_place(kind) {
            return refused(&errors::overloaded(), id);
        }
        let call = Call::begin(self.calls.clone(), self.connection.clone(), self.items.clone(), kind, caller);
        let call = Arc::new(call);
        let mut request = request.map(|body| Body::new(RequestBody::new(body, call.clone())));
        request.extensions_mut().insert(context);
        if kind == CallKind::Stream {
            request.extensions_mut().insert(Metered(call.clone()));
        }
        let future = Oneshot::new(self.inner.clone(), request);
        let timeout = config.request_timeout;
        CallFuture { state: State::Running { future, timeout, late: None, ended: None, held: Some(call) }, id }
    }
}

pin_project! {
    /// The response of [`Limited`](super::Limited).
    pub(crate) struct CallFuture<F> {
        #[pin]
        state: State<F>,
        // Of the request.
        id: Option<HeaderValue>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Refused { response: Option<Response<Body>> },
        Running {
            #[pin] future: F,
            timeout: Option<Duration>,
            // For a call that waits before its response begins, which can only be for its request.
            // Made when the call first waits, so that other calls need no timer.
            #[pin] late: Option<PeerWait>,
            #[pin] ended: Option<WaitForCancellationFutureOwned>,
            held: Option<Arc<Call>>,
        },
        Done,
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
                            late.set(Some(PeerWait::new(Some(timeout))));
                        }
                        if let (None, Some(held)) = (&*ended, &held) {
                            ended.set(Some(held.ending().clone().cancelled_owned()));
                        }
                        let crowded = || held.as_ref().is_some_and(|held| held.is_crowded());
                        Err(ready!(cut_short(cx, late, ended, crowded)))
                    }
                };
                (Some(outcome), held.take())
            }
            StateProjection::Done => (None, None),
        };
        let mut response = match (outcome, held) {
            (Some(Ok(response)), held) => response.map(|body| ResponseBody::new(body, held)),
            (Some(Err(error)), Some(held)) => held.response(&error).map(|body| ResponseBody::new(body, Some(held))),
            // Polled again after it was ready.
            _ => return Poll::Pending,
        };
        if let Some(id) = this.id.take() {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        // A future that panicked may panic again when it is dropped.
        let _ = catch_panic(|| this.state.set(State::Done));
        Poll::Ready(Ok(response))
    }
}

/// Why a call without a response ends with an error.
fn cut_short(
    cx: &mut Context<'_>,
    late: Pin<&mut Option<PeerWait>>,
    ended: Pin<&mut Option<WaitForCancellationFutureOwned>>,
    crowded: impl Fn() -> bool,
) -> Poll<Error> {
    if ended.as_pin_mut().is_some_and(|ended| ended.poll(cx).is_ready()) {
        return Poll::Ready(errors::going_away());
    }
    match late.as_pin_mut() {
        Some(late) => late.poll(cx, crowded).map(|end| match end {
            WaitEnd::Deadline => errors::too_slow(),
            WaitEnd::Scarce => errors::overloaded(),
        }),
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
