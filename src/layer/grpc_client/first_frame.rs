//! The first bytes of a body that is said to be of gRPC: a proxy may have kept the media type and put a page of its own in.

use std::pin::Pin;

use bytes::Buf;
use http::{HeaderMap, Response, StatusCode, header};

use crate::{
    layer::{collect::Gather, deadline::Deadline},
    wire::protocol::Protocol,
};

/// The largest message of protobuf (<https://protobuf.dev/programming-guides/proto-limits/#total>).
const MAX_MESSAGE: u32 = i32::MAX as u32;

/// What is known of how a body begins.
pub(super) enum Start {
    /// Nothing yet. The headers are there if the HTTP status is not 200, since they may belong to a page.
    Unseen(Option<Box<HeaderMap>>),
    /// With a frame.
    Frame,
    /// With something else, which is read as a page.
    Page { headers: Option<Box<HeaderMap>>, text: Pin<Box<Gather>> },
}

/// What the first bytes are. Under 200 a decoder says best what is wrong with the flag of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    Frame,
    Page,
    /// The frame of a message that cannot be.
    Oversized,
}

impl Start {
    pub(super) fn of<B>(response: &Response<B>, protocol: Protocol) -> Self {
        match (protocol, response.status()) {
            // Its frames have other flags, or are base64.
            (Protocol::GrpcWeb, _) => Self::Frame,
            (_, StatusCode::OK) => Self::Unseen(None),
            _ => {
                let mut headers = response.headers().clone();
                // A page has another media type than this one.
                headers.remove(header::CONTENT_TYPE);
                Self::Unseen(Some(Box::new(headers)))
            }
        }
    }

    /// Begins to read a page, from these bytes on.
    pub(super) fn page(&mut self, data: impl Buf, deadline: Deadline) {
        let headers = if let Self::Unseen(headers) = self { headers.take() } else { None };
        *self = Self::Page { headers, text: Box::pin(Gather::new(deadline).after(data)) };
    }
}

impl Look {
    /// A frame begins with 0 or 1, and four bytes for its length
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>). No text begins so.
    pub(super) fn at(start: &[u8], status: StatusCode) -> Self {
        let Some((flag, length)) = start.split_first() else { return Self::Frame };
        let is_ok = status == StatusCode::OK;
        if *flag > 1 {
            return if is_ok { Self::Frame } else { Self::Page };
        }
        match length.first_chunk() {
            Some(length) if u32::from_be_bytes(*length) > MAX_MESSAGE => {
                if is_ok {
                    Self::Oversized
                } else {
                    Self::Page
                }
            }
            _ => Self::Frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_bytes_tell() {
        let rows: [(&[u8], u16, Look); 10] = [
            (b"", 200, Look::Frame),
            (b"\0", 502, Look::Frame),
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
        }
    }
}
