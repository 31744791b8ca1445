//! What the server refuses before a handler sees it: named and explained like every other error.

use crate::support::server::Server;
use bytes::{Buf, BufMut, Bytes};
use errwire::{Code, Error, StatusExt};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// Sends and receives bytes as they are.
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

async fn call(path: &'static str, message: &'static [u8]) -> Error {
    let server = Server::start();
    let mut client = Grpc::new(server.channel().await);
    client.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static(path);
    client.unary(Request::new(Bytes::from_static(message)), path, Raw).await.unwrap_err().to_errwire()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_method() {
    for path in ["/errwire.v1.ErrorMappingService/Nope", "/no.such.Service/Method"] {
        let error = call(path, b"").await;
        assert_eq!((error.kind().as_str(), error.code()), ("unimplemented", Code::Unimplemented), "{path}");
        assert_eq!(error.domain(), Some("errwire.dev"));
        assert!(error.message().contains("no such method"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_a_message() {
    for message in [&b"\xff\xff\xff"[..], b"\x0b\x0b\x0b", b"\x0a\x7f"] {
        let error = call("/errwire.v1.ErrorMappingService/HttpToGrpc", message).await;
        assert_eq!((error.kind().as_str(), error.code()), ("request_invalid", Code::InvalidArgument), "{message:?}");
        assert!(error.message().starts_with("The request could not be decoded: "), "{error}");
    }
}
