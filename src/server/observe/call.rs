//! One call: the request id and the trace that it belongs to, and its end, with a log line if it failed.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Instant,
};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Method, Metrics, System};
use crate::{layer::cut, model::Code, service::CallContext};

/// A call in flight. It ends once; a call that is dropped before that was cancelled by its caller.
pub(in crate::server) struct Call {
    metrics: Metrics,
    system: System,
    method: Method,
    context: Option<CallContext>,
    began: Instant,
    ended: bool,
}

impl Call {
    pub(in crate::server) fn start(
        metrics: &Metrics,
        system: System,
        path: &str,
        context: Option<CallContext>,
    ) -> Self {
        let method = Method::of(path);
        metrics.calls().start(system, method);
        Self { metrics: metrics.clone(), system, method, context, began: Instant::now(), ended: false }
    }

    /// `code` is `None` for a success; `sizes` are the bytes of the messages sent and received.
    pub(in crate::server) fn end(&mut self, code: Option<Code>, message: &str, sizes: [u64; 2]) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let seconds = self.began.elapsed().as_secs_f64();
        self.metrics.calls().end(self.system, self.method, code, seconds, sizes);
        if let Some(code) = code {
            self.log(code, message, seconds);
        }
    }

    /// One line for each failed call. Text that a peer chose is truncated.
    fn log(&self, code: Code, message: &str, seconds: f64) {
        let (id, trace) = match &self.context {
            Some(CallContext { id, trace }) => (&**id, trace.as_deref().unwrap_or_default()),
            None => ("", ""),
        };
        macro_rules! event {
            ($level:expr) => {
                tracing::event!(
                    target: "errwire::call",
                    $level,
                    system = self.system.name(),
                    method = self.method.name(),
                    code = code.name(),
                    request_id = id,
                    trace_id = trace,
                    seconds,
                    message = cut(message),
                )
            };
        }
        // The level of an event is part of its call site. These are the server's own faults.
        match code {
            Code::Unknown | Code::Internal | Code::DataLoss => event!(tracing::Level::ERROR),
            // A caller may cancel at any time; that is not a fault.
            Code::Cancelled => event!(tracing::Level::DEBUG),
            _ => event!(tracing::Level::INFO),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Some(Code::Cancelled), "the caller gave up", [0, 0]);
    }
}

pub(in crate::server) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest accepted request id of a caller, in bytes.
const MAX_ID: usize = 128;

fn context_of(headers: &HeaderMap) -> CallContext {
    // One scan costs less than two lookups.
    let (mut id, mut trace) = (None, None);
    for (name, value) in headers {
        match name.as_str() {
            "x-request-id" => id = id.or(Some(value)),
            "traceparent" => trace = trace.or(Some(value)),
            _ => {}
        }
    }
    fn text(value: &HeaderValue) -> Option<&str> {
        value.to_str().ok()
    }
    // Visible ASCII only, so that it is the same in every log and on every wire.
    let usable = |id: &&str| (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_graphic());
    CallContext {
        id: id.and_then(text).filter(usable).map_or_else(new_id, Arc::from),
        trace: trace.and_then(text).and_then(trace_id).map(Arc::from),
    }
}

/// The context of a call with these request headers, and the request id of its response.
pub(in crate::server) fn identity(request: &HeaderMap) -> (CallContext, Option<HeaderValue>) {
    let context = context_of(request);
    let id = HeaderValue::from_str(&context.id).ok().map(|mut id| {
        // Each id is new, so it would only evict useful entries from the table of HPACK (RFC 7541, 7.1.3).
        id.set_sensitive(true);
        id
    });
    (context, id)
}

/// 32 random digits.
fn new_id() -> Arc<str> {
    // The randomness of the standard library is enough here.
    let random = || u128::from(RandomState::new().build_hasher().finish());
    let bits = random() << 64 | random();
    let digits: [u8; 32] = std::array::from_fn(|at| b"0123456789abcdef"[(bits >> (124 - 4 * at)) as usize & 15]);
    str::from_utf8(&digits).unwrap_or_default().into()
}

/// The trace id of a `traceparent` of any known version.
fn trace_id(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, len| text.len() == len && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let valid = is_hex(version, 2)
        && version != "ff"
        && is_hex(trace, 32)
        && trace.bytes().any(|c| c != b'0')
        && is_hex(parent, 16)
        && parent.bytes().any(|c| c != b'0')
        && is_hex(flags, 2)
        // The first version ends here.
        && (version != "00" || parts.next().is_none());
    valid.then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_harmless_request_id() {
        let id = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
            context_of(&headers).id
        };
        assert_eq!(&*id(b"req-1/a=b"), "req-1/a=b");
        assert_eq!(&*id(&[b'x'; 128]), "x".repeat(128));
        for bad in [&b""[..], b"a b", b"\xff", &[b'x'; 129]] {
            let id = id(bad);
            assert!(id.len() == 32 && id.bytes().all(|c| c.is_ascii_hexdigit()), "{id}");
        }
        assert_ne!(new_id(), new_id());
    }

    /// <https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers>
    #[test]
    fn finds_the_trace() {
        const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
        let rows = [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Some(TRACE)),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later", Some(TRACE)),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", None),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", None),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", None),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", None),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", None),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", None),
            ("", None),
        ];
        for (value, expected) in rows {
            assert_eq!(trace_id(value), expected, "{value}");
        }
    }
}
