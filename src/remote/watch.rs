//! The call of `WatchCatalog`, whose responses stay encoded until their sizes are known.

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tonic::{
    IntoRequest, Status, Streaming,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

use crate::{layer::GrpcClient, translate::Translator};

const WATCH_CATALOG: &str = "/errwire.v1.CatalogService/WatchCatalog";

/// Begins to watch. A response of more than `max_bytes` is an error.
///
/// Our own layer is below, so that whatever a server or a proxy sends, tonic gets a status that it can read.
pub(super) async fn watch(channel: Channel, max_bytes: usize) -> Result<Streaming<Bytes>, Status> {
    let channel = GrpcClient::new(channel, Translator::default());
    let mut client = Grpc::new(channel).max_decoding_message_size(max_bytes);
    // It is always ready, and says in its response why it is not.
    let _ = client.ready().await;
    // `WatchCatalogRequest` has no fields, so its encoding is empty.
    let answers =
        client.server_streaming(Bytes::new().into_request(), PathAndQuery::from_static(WATCH_CATALOG), Encoded).await;
    answers.map(tonic::Response::into_inner)
}

/// Messages as they are on the wire.
struct Encoded;

impl Codec for Encoded {
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

impl Encoder for Encoded {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Encoded {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
