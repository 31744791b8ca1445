//! The first bytes of a body under a gRPC media type, which may be the error page of a proxy.

use std::pin::Pin;

use bytes::Buf;
use http::{HeaderMap, Response, StatusCode, header};

use crate::{
    layer::{collect::Gather, deadline::Deadline},
    wire::protocol::Protocol,
};

/// The largest message of protobuf (<https://protobuf.dev/programming-guides/proto-limits/#total>).
const MAX_MESSAGE: u32 = i32::MAX as u32;

/// The prefix of a frame: a flag, and four bytes of length
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
const PREFIX: usize = 5;

/// How a body begins.
pub(super) enum Start {
    /// With less than a prefix so far, which has been passed on: a decoder waits for the rest.
    Unseen {
        seen: Seen,
        /// Those of a response whose HTTP status is not 200, which may belong to a page.
        headers: Option<Box<HeaderMap>>,
    },
    /// With a frame.
    Frame,
    /// With something else, which is read as a page.
    Page { headers: Option<Box<HeaderMap>>, text: Pin<Box<Gather>> },
}

/// The first bytes, fewer than a prefix.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    bytes: [u8; PREFIX],
    len: usize,
}

/// The meaning of the first bytes. With status 200, an invalid flag is left to the decoder, which reports it best.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// More bytes are needed.
    Short,
    Frame,
    Page,
    /// A frame larger than any message.
    Oversized,
}

impl Start {
    pub(super) fn of<B>(response: &Response<B>, protocol: Protocol) -> Self {
        let headers = match (protocol, response.status()) {
            // Its frames have other flags, or are base64.
            (Protocol::GrpcWeb, _) => return Self::Frame,
            (_, StatusCode::OK) => None,
            _ => {
                let mut headers = response.headers().clone();
                // A page has another media type than this one.
                headers.remove(header::CONTENT_TYPE);
                Some(Box::new(headers))
            }
        };
        Self::Unseen { seen: Seen::default(), headers }
    }

    /// Looks at the next piece of a body.
    #[inline]
    pub(super) fn look(&mut self, data: &impl Buf, status: StatusCode) -> Look {
        match self {
            Self::Frame => return Look::Frame,
            // Nearly every body begins with a whole prefix.
            Self::Unseen { seen: Seen { len: 0, .. }, headers: None }
                if Look::at(data.chunk(), status) == Look::Frame =>
            {
                *self = Self::Frame;
                return Look::Frame;
            }
            _ => {}
        }
        self.look_at_start(data, status)
    }

    fn look_at_start(&mut self, data: &impl Buf, status: StatusCode) -> Look {
        let Self::Unseen { seen, .. } = self else { return Look::Frame };
        // Only the first contiguous piece is inspected.
        let piece = data.chunk();
        let mut start = *seen;
        start.push(piece);
        let look = Look::at(start.bytes(), status);
        match look {
            Look::Short if data.remaining() == piece.len() => *seen = start,
            Look::Short | Look::Frame => {
                *self = Self::Frame;
                return Look::Frame;
            }
            // A page begins with the earlier bytes, and reads this piece as a whole.
            Look::Page | Look::Oversized => {}
        }
        look
    }

    /// Begins to read a page; `data` are its next bytes.
    pub(super) fn page(&mut self, data: impl Buf, deadline: Deadline) {
        if let Self::Unseen { seen, headers } = self {
            let text = Gather::new(deadline).after(seen.bytes()).after(data);
            *self = Self::Page { headers: headers.take(), text: Box::pin(text) };
        }
    }
}

impl Seen {
    /// Adds what a prefix lacks.
    fn push(&mut self, piece: &[u8]) {
        for (place, byte) in self.bytes[self.len..].iter_mut().zip(piece) {
            *place = *byte;
            self.len += 1;
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Look {
    /// A frame begins with 0 or 1, which no text does.
    #[inline]
    fn at(start: &[u8], status: StatusCode) -> Self {
        let Some((flag, length)) = start.split_first() else { return Self::Short };
        let is_ok = status == StatusCode::OK;
        if *flag > 1 {
            return if is_ok { Self::Frame } else { Self::Page };
        }
        match length.first_chunk() {
            None => Self::Short,
            Some(length) if u32::from_be_bytes(*length) <= MAX_MESSAGE => Self::Frame,
            Some(_) if is_ok => Self::Oversized,
            Some(_) => Self::Page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_bytes_tell_a_frame_from_a_page() {
        let rows: [(&[u8], u16, Look); 10] = [
            (b"", 200, Look::Short),
            (b"\0\x80\0\0", 502, Look::Short),
            (b"\0\0\0\0\x03abc", 502, Look::Frame),
            (b"\x01\0\0\0\x03abc", 200, Look::Frame),
            (b"\0\x7f\xff\xff\xff", 200, Look::Frame),
            (b"\0\x80\0\0\0", 200, Look::Oversized),
            (b"\0\xff\xff\xff\xff", 502, Look::Page),
            (b"<html>", 200, Look::Frame),
            (b"{", 404, Look::Page),
            (b"\x02\0\0\0\0", 502, Look::Page),
        ];
        for (start, status, expected) in rows {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(Look::at(start, status), expected, "{start:?} {status}");
            let whole = start;
            for at in 1..whole.len() {
                let mut start = Start::Unseen { seen: Seen::default(), headers: None };
                let (first, second) = whole.split_at(at);
                let first = start.look(&first, status);
                let look = if first == Look::Short { start.look(&second, status) } else { first };
                assert_eq!(look, expected, "{whole:?} {status}, cut at {at}");
            }
        }
    }
}
