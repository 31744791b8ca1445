//! The messages of a gRPC request, one by one, and the responses of a bulk translation.
//!
//! The method that the build generates ends a stream at the first message that is too large or cannot be decoded. Here such a
//! message fails alone: [`Frames`] knows where the next one begins.

use std::{
    io::{self, Read},
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes, BytesMut};
use flate2::read::GzDecoder;
use futures_core::Stream;
use http::HeaderMap;
use http_body::{Body as _, Frame};
use prost::Message;
use tonic::{Status, body::Body};

use super::{ErrorMapping, Metered, errors, pb};

#[cfg(test)]
mod tests;

/// A flag and four bytes of length
/// ([`Length-Prefixed-Message`](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests)).
const HEADER: usize = 5;

/// The messages of a request body, each whole and decompressed. One that is too large is skipped as it arrives, so that it takes no
/// memory and the next one is found.
pub(super) struct Frames {
    body: Body,
    /// Whether the request said that its messages are compressed by gzip.
    gzip: bool,
    /// The most bytes of a message, before and after it is uncompressed.
    most: usize,
    received: BytesMut,
    state: State,
}

enum State {
    Header,
    Message { compressed: bool, len: usize },
    Skip { left: usize },
    End,
}

/// A message that cannot be read. The stream continues after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is over the limit.
    TooLarge,
    /// It does not match its compression.
    Compression,
}

impl Frames {
    pub(super) fn new(body: Body, gzip: bool, most: usize) -> Self {
        Self { body, gzip, most, received: BytesMut::new(), state: State::Header }
    }

    /// The next message that has arrived; `None` if more bytes are needed.
    fn next(&mut self) -> Result<Option<Result<Bytes, Unreadable>>, Status> {
        loop {
            match self.state {
                State::Header if self.received.len() < HEADER => return Ok(None),
                State::Header => {
                    let compressed = self.compressed()?;
                    let len = usize::try_from(self.received.get_u32()).unwrap_or(usize::MAX);
                    self.state = match len > self.most {
                        true => State::Skip { left: len },
                        false => State::Message { compressed, len },
                    };
                }
                State::Message { len, .. } if self.received.len() < len => {
                    self.received.reserve(len - self.received.len());
                    return Ok(None);
                }
                State::Message { compressed, len } => {
                    self.state = State::Header;
                    let message = self.received.split_to(len).freeze();
                    return Ok(Some(if compressed { inflate(&message, self.most) } else { Ok(message) }));
                }
                State::Skip { left } if self.received.len() < left => {
                    self.state = State::Skip { left: left - self.received.len() };
                    self.received.clear();
                    return Ok(None);
                }
                State::Skip { left } => {
                    self.received.advance(left);
                    self.state = State::Header;
                    return Ok(Some(Err(Unreadable::TooLarge)));
                }
                State::End => return Ok(None),
            }
        }
    }

    fn compressed(&mut self) -> Result<bool, Status> {
        match self.received.get_u8() {
            0 => Ok(false),
            1 if self.gzip => Ok(true),
            // As https://github.com/grpc/grpc/blob/master/doc/compression.md wants it.
            1 => Err(Status::internal("a message is compressed, but the request names no grpc-encoding")),
            flag => Err(Status::internal(format!(
                "a message begins with {flag}, where 0 or 1 says whether it is compressed"
            ))),
        }
    }

    fn end(&mut self) -> Option<Status> {
        let whole = matches!(self.state, State::Header | State::End) && self.received.is_empty();
        self.state = State::End;
        (!whole).then(|| Status::internal("the last message breaks off"))
    }
}

fn inflate(message: &[u8], most: usize) -> Result<Bytes, Unreadable> {
    let mut plain = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read: io::Result<usize> = GzDecoder::new(message).take(bound).read_to_end(&mut plain);
    match read {
        Ok(len) if len > most => Err(Unreadable::TooLarge),
        Ok(_) => Ok(plain.into()),
        Err(_) => Err(Unreadable::Compression),
    }
}

impl Stream for Frames {
    /// An error ends the stream: the start of the next message is unknown, or the caller is gone.
    type Item = Result<Result<Bytes, Unreadable>, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match this.next() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(message))),
                Ok(None) if matches!(this.state, State::End) => return Poll::Ready(None),
                Ok(None) => {}
                Err(status) => {
                    this.state = State::End;
                    return Poll::Ready(Some(Err(status)));
                }
            }
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    // A client sends no trailers.
                    if let Ok(data) = frame.into_data() {
                        this.received.extend_from_slice(&data);
                    }
                }
                Some(Err(why)) => {
                    this.state = State::End;
                    return Poll::Ready(Some(Err(why)));
                }
                None => return Poll::Ready(this.end().map(Err)),
            }
        }
    }
}

/// The body with the responses of a bulk translation, in the order of the requests.
///
/// Each poll takes the requests that have arrived, as many as fill a part, and nothing else is kept between polls: a caller that reads
/// slowly also slows down its requests, by the flow control of HTTP/2.
pub(super) struct TranslateBody {
    requests: Frames,
    mapping: ErrorMapping,
    /// Of the items.
    meter: Option<Metered>,
    /// The part of the body that is being written.
    part: Vec<u8>,
    /// The length of the part before, which is mostly that of the next.
    usual: usize,
    end: End,
}

enum End {
    Open,
    With(Status),
    Sent,
}

/// A part is sent once it has so many bytes, as tonic does it, or once the next request has not arrived yet.
const PART: usize = 32 * 1024;

impl TranslateBody {
    pub(super) fn new(requests: Frames, mapping: ErrorMapping, meter: Option<Metered>) -> Self {
        Self { requests, mapping, meter, part: Vec::new(), usual: 0, end: End::Open }
    }

    fn put(&mut self, message: Result<Bytes, Unreadable>) {
        let Self { requests, mapping, meter, part, usual, .. } = self;
        let at = part.len();
        if at == 0 {
            part.reserve(*usual);
        }
        part.extend([0; HEADER]);
        match meter.as_ref().map_or(Ok(()), |meter| meter.0.item()) {
            Ok(()) => put_response(mapping, message, requests.most, part),
            Err(wait) => mapping.put_failure(&id(message), &errors::too_many(wait), part),
        }
        // A response is a few times as long as its request, which is far below 4 GiB.
        let len = (part.len() - at - HEADER) as u32;
        part[at + 1..at + HEADER].copy_from_slice(&len.to_be_bytes());
    }
}

impl http_body::Body for TranslateBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        while matches!(this.end, End::Open) && this.part.len() < PART {
            match Pin::new(&mut this.requests).poll_next(cx) {
                Poll::Ready(Some(Ok(message))) => this.put(message),
                Poll::Ready(Some(Err(status))) => this.end = End::With(errors::status(status)),
                Poll::Ready(None) => this.end = End::With(Status::ok("")),
                Poll::Pending if this.part.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        if !this.part.is_empty() {
            this.usual = this.part.len();
            return Poll::Ready(Some(Ok(Frame::data(mem::take(&mut this.part).into()))));
        }
        Poll::Ready(match mem::replace(&mut this.end, End::Sent) {
            End::With(status) => {
                let mut trailers = HeaderMap::new();
                Some(status.add_header(&mut trailers).map(|()| Frame::trailers(trailers)))
            }
            End::Open | End::Sent => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, End::Sent)
    }
}

/// The first field of a [`pb::TranslateRequest`]. The rest is passed over, so that a refusal costs less than a translation.
#[derive(Clone, PartialEq, Message)]
struct Id {
    #[prost(string, tag = "1")]
    id: String,
}

fn id(message: Result<Bytes, Unreadable>) -> String {
    let mut id = Id::default();
    // What was read before an error counts, as below.
    let _ = message.map(|message| id.merge(message));
    id.id
}

/// Appends the response to one message, even if it cannot be read. `most` is its limit in bytes.
fn put_response(mapping: &ErrorMapping, message: Result<Bytes, Unreadable>, most: usize, out: &mut Vec<u8>) {
    let mut request = pb::TranslateRequest::default();
    let error = match message.map(|message| request.merge(message)) {
        Ok(Ok(())) => return mapping.put_translated(request, out),
        Ok(Err(why)) => errors::undecodable(&why.to_string()),
        Err(Unreadable::TooLarge) => errors::too_large(most),
        Err(Unreadable::Compression) => errors::undecodable("it is not what gzip writes"),
    };
    // The id is known if it came before the error.
    mapping.put_failure(&request.id, &error, out);
}
