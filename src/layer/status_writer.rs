//! The status in the headers or trailers of gRPC: finding it, and writing it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Response, header};

use super::{
    Direction, Event, Observer, error_source,
    fields::{self, STATUS},
};
use crate::{
    catalog::Method,
    model::{Audience, Error},
    translate::{Report, Translator, WriteGrpcOptions},
    wire::grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN, Status},
};

/// What all calls through one layer share: writes errors for one audience, and tells the observer.
#[derive(Clone)]
pub(super) struct Writer<O> {
    pub(super) translator: Translator,
    pub(super) audience: Audience,
    direction: Direction,
    pub(super) observer: O,
}

/// What a request says that matters for its errors.
#[derive(Default)]
pub(super) struct Requested {
    /// Its `accept-language`, as it came over the wire.
    pub(super) language: Option<HeaderValue>,
    /// Its method, if the catalog has it.
    pub(super) method: Option<Method>,
}

impl Writer<()> {
    pub(super) fn new(translator: Translator, audience: Audience, direction: Direction) -> Arc<Self> {
        Arc::new(Self { translator, audience, direction, observer: () })
    }
}

impl<O> Writer<O> {
    /// The same, with another observer.
    pub(super) fn with_observer<P>(&self, observer: P) -> Writer<P> {
        Writer { translator: self.translator.clone(), audience: self.audience, direction: self.direction, observer }
    }
}

impl<O: Observer> Writer<O> {
    /// Writes an error into headers or trailers, in place of any status there. Other fields stay, and take their share of the size
    /// budget.
    pub(super) fn write(&self, error: &Error, report: Report, headers: &mut HeaderMap, requested: &Requested) {
        self.rewrite(error, report, headers, requested, None);
    }

    /// As [`write`](Self::write); leaves the status as it is if it is `unchanged`.
    pub(super) fn rewrite(
        &self,
        error: &Error,
        mut report: Report,
        headers: &mut HeaderMap,
        requested: &Requested,
        unchanged: Option<Status>,
    ) {
        let withheld = fields::clean_error(headers, self.audience, self.translator.policy());
        // The other fields, as HTTP/2 counts them (RFC 9113, 6.5.2). Those of a status are replaced.
        let others = headers.iter().filter(|(name, _)| !STATUS.contains(&name.as_str()));
        let reserved = others.map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
        let mut options = WriteGrpcOptions::new(self.audience).with_reserved(reserved);
        options.accept_language = requested.language.as_ref().and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, written) = self.translator.write_grpc_with(error, &options);
        if unchanged.as_ref() != Some(&status) || !is_first(headers) {
            write_first(&status, headers);
        }
        (report.trimmed, report.redacted) = (written.trimmed, written.redacted);
        report.redacted.extend(withheld);
        self.tell(error, report, requested.method.as_ref());
    }

    /// The trailers of an error that a layer raises.
    pub(super) fn trailers(&self, error: &Error, requested: &Requested) -> HeaderMap {
        let mut trailers = HeaderMap::with_capacity(4);
        self.write(error, Report::default(), &mut trailers, requested);
        trailers
    }

    /// A Trailers-Only response: the status in the headers, and no body
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>).
    pub(super) fn response<B>(&self, error: Error, report: Report, requested: &Requested, body: B) -> Response<B> {
        let mut response = Response::new(body);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        self.write(&error, report, response.headers_mut(), requested);
        response.extensions_mut().insert(error);
        response
    }

    /// Removes forbidden fields from the trailers of a success, and puts the status in front of custom
    /// metadata. Allocates only where there is something to move.
    pub(super) fn clean_success(&self, headers: &mut HeaderMap) {
        fields::clean_success(headers, self.audience);
        if !is_first(headers) {
            put_first(headers);
        }
    }

    /// Tells the observer of an error, and whether the method declares its kind.
    // docs/rules.md: R-CATALOG-6
    pub(super) fn tell(&self, error: &Error, mut report: Report, method: Option<&Method>) {
        if let Some(method) = method
            && method.is_declared()
            && !method.may_return(error.kind().as_str())
        {
            report.undeclared = Some(method.name().to_owned());
        }
        let event = Event { direction: self.direction, error, report: &report };
        // An observer must not affect the response.
        let _ = error_source::catch_panic(|| self.observer.on_error(&event));
    }
}

/// How a call ended, by its `grpc-status`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// There is no `grpc-status`.
    Missing,
    /// `grpc-status` is 0.
    Ok,
    /// Anything else, also if it is invalid.
    Error,
}

impl Ending {
    /// Scans all fields: there are so few that hashing a name costs more.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut ending = Self::Missing;
        for (name, code) in headers {
            if is_status(name) {
                ending = ending.with(code);
            }
        }
        ending
    }

    /// With one more `grpc-status`. A second, different code means that the call did not succeed.
    pub(super) fn with(self, code: &HeaderValue) -> Self {
        if self == Self::Error || code != "0" { Self::Error } else { Self::Ok }
    }
}

/// Whether these are the trailers of most successes, which hold nothing but a status that says `OK`.
#[inline]
pub(super) fn is_ok_alone(headers: &HeaderMap) -> bool {
    headers.len() == 1 && headers.iter().next().is_some_and(|(name, code)| is_status(name) && code == "0")
}

/// Whether a field is `grpc-status`.
#[inline]
pub(super) fn is_status(name: &HeaderName) -> bool {
    name.as_str() == STATUS[0]
}

/// Whether `grpc-status` comes before all custom metadata: a reader with a small limit may drop later fields.
fn is_first(headers: &HeaderMap) -> bool {
    headers.keys().find(|name| **name != header::CONTENT_TYPE).is_none_or(is_status)
}

/// Writes a status in front of the other fields, in place of the one that is there.
fn write_first(status: &Status, headers: &mut HeaderMap) {
    let others = std::mem::take(headers);
    status.write_to(headers);
    let mut name = None;
    for (next, value) in others {
        // Further lines of a field come without its name.
        name = next.or(name);
        if let Some(name) = name.as_ref().filter(|name| !STATUS.contains(&name.as_str())) {
            headers.append(name, value);
        }
    }
}

/// Moves the status in front of the other fields.
fn put_first(headers: &mut HeaderMap) {
    let all = std::mem::take(headers);
    for first in [true, false] {
        for (name, value) in all.iter().filter(|(name, _)| is_status(name) == first) {
            headers.append(name, value.clone());
        }
    }
}

/// Removes the status from headers that are followed by a body, where it does not count. It counts if nothing follows, so it is
/// returned.
pub(super) fn take_status(headers: &mut HeaderMap) -> Box<HeaderMap> {
    let mut held = headers.clone();
    held.remove(header::CONTENT_TYPE);
    for name in [GRPC_STATUS, GRPC_MESSAGE, GRPC_STATUS_DETAILS_BIN] {
        headers.remove(name);
    }
    Box::new(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_written_before_other_fields() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-a", "1"), ("grpc-status", "5"), ("x-b", "2"), ("x-a", "3"), ("grpc-message", "old")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        assert!(!is_first(&headers));
        write_first(
            &Status { code: crate::model::Code::Aborted, message: "".into(), details: Default::default() },
            &mut headers,
        );
        assert!(is_first(&headers));
        let all: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(all, [("grpc-status", "10"), ("x-a", "1"), ("x-a", "3"), ("x-b", "2")]);
    }

    #[test]
    fn the_status_of_a_success_is_moved_before_other_fields() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-a", "1"), ("grpc-message", ""), ("grpc-status", "0"), ("x-a", "2"), ("x-b", "3")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        put_first(&mut headers);
        let all: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert!(is_first(&headers));
        assert_eq!(all, [("grpc-status", "0"), ("x-a", "1"), ("x-a", "2"), ("grpc-message", ""), ("x-b", "3")]);
    }

    #[test]
    fn only_zero_is_success() {
        let rows: [(&[&'static str], Ending); 6] = [
            (&[], Ending::Missing),
            (&["0"], Ending::Ok),
            (&["0", "0"], Ending::Ok),
            (&["0", "5"], Ending::Error),
            (&["00"], Ending::Error),
            (&[""], Ending::Error),
        ];
        for (codes, expected) in rows {
            let mut map = HeaderMap::new();
            for code in codes {
                map.append(GRPC_STATUS, HeaderValue::from_static(code));
            }
            assert_eq!(Ending::of(&map), expected, "{codes:?}");
        }
    }
}
