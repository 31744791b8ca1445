//! One call, from its start to its end.

use std::time::Instant;

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
