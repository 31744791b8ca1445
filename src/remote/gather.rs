//! The call of `WatchCatalog`, whose responses stay encoded until their sizes are known, and the parts of a version put
//! together.

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tonic::{
    IntoRequest, Status, Streaming,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

use super::{
    Limits,
    decode::{BadCatalog, count, field, text},
};
use crate::{
    layer::GrpcClient,
    model::{Field, Fields},
    translate::Translator,
};

/// What a part costs besides its bytes. A server could send millions of nearly empty parts.
const EACH_PART: usize = 64;

/// Takes encoded parts until a version is whole. Holds no more than its limits.
#[derive(Debug)]
pub(crate) struct Gather {
    limits: Limits,
    begun: Option<Begun>,
}

#[derive(Debug)]
struct Begun {
    version: String,
    number: u64,
    parts: Vec<Bytes>,
    bytes: usize,
    kinds: usize,
}

/// The header of a part.
#[derive(Default)]
struct Head<'a> {
    version: &'a str,
    number: u64,
    more: bool,
}

impl<'a> Head<'a> {
    fn of(part: &'a [u8]) -> Result<Self, BadCatalog> {
        let mut head = Self::default();
        for field in Fields(part) {
            match field? {
                (field::VERSION, Field::Bytes(version)) => head.version = text(version)?,
                (field::PART, Field::Varint(number)) => head.number = number,
                (field::MORE, Field::Varint(more)) => head.more = more != 0,
                _ => {}
            }
        }
        Ok(head)
    }
}

impl Gather {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, begun: None }
    }

    /// Whether more parts of a version are to come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_some()
    }

    /// The parts of a whole version, if this is its last one.
    ///
    /// # Errors
    ///
    /// If the version is too large, or a part is missing.
    pub(crate) fn take(&mut self, part: Bytes) -> Result<Option<Vec<Bytes>>, BadCatalog> {
        let before = self.begun.take();
        let head = Head::of(&part)?;
        let mut begun = match (head.number, before) {
            // A newer version may begin at any time.
            (0, _) => Begun { version: head.version.to_owned(), number: 0, parts: Vec::new(), bytes: 0, kinds: 0 },
            (number, Some(begun)) if number == begun.number + 1 && head.version == begun.version => {
                Begun { number, ..begun }
            }
            (number, _) => return Err(BadCatalog(format!("its part {number} does not follow the one before"))),
        };
        begun.bytes = begun.bytes.saturating_add(part.len()).saturating_add(EACH_PART);
        begun.kinds = begun.kinds.saturating_add(count(&part, field::KINDS));
        if begun.bytes > self.limits.bytes {
            return Err(BadCatalog::too_many_bytes(self.limits));
        }
        if begun.kinds > self.limits.kinds {
            return Err(BadCatalog::too_many_kinds(self.limits));
        }
        let more = head.more;
        begun.parts.push(part);
        if more {
            self.begun = Some(begun);
            return Ok(None);
        }
        Ok(Some(begun.parts))
    }
}

const WATCH_CATALOG: &str = "/errwire.v1.CatalogService/WatchCatalog";

/// Begins to watch. A response of more than `max_bytes` is an error.
///
/// Our own layer is below, so that whatever a server or a proxy sends, tonic gets a status that it can read.
pub(crate) async fn watch_catalog(channel: Channel, max_bytes: usize) -> Result<Streaming<Bytes>, Status> {
    let channel = GrpcClient::new(channel, Translator::default());
    let mut client = Grpc::new(channel).max_decoding_message_size(max_bytes);
    // It is always ready, and says in its response why it is not.
    let _ = client.ready().await;
    // `WatchCatalogRequest` has no fields, so its encoding is empty.
    let responses =
        client.server_streaming(Bytes::new().into_request(), PathAndQuery::from_static(WATCH_CATALOG), Encoded).await;
    responses.map(tonic::Response::into_inner)
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

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::pb;

    fn part(version: &str, number: u32, more: bool) -> Bytes {
        let kind = pb::Kind { kind: format!("{version}_{number}"), ..Default::default() };
        let (version, kinds) = (version.into(), vec![kind]);
        pb::WatchCatalogResponse { version, kinds, part: number, more, ..Default::default() }.encode_to_vec().into()
    }

    fn gather(bytes: usize) -> Gather {
        Gather::new(Limits { bytes, ..Limits::DEFAULT })
    }

    fn names(parts: Vec<Bytes>) -> Vec<String> {
        let kinds = |part: Bytes| pb::WatchCatalogResponse::decode(part).unwrap().kinds;
        parts.into_iter().flat_map(kinds).map(|kind| kind.kind).collect()
    }

    #[test]
    fn puts_parts_together() {
        let mut gather = gather(1_000);
        assert_eq!(gather.take(part("a", 0, false)).unwrap().map(names).unwrap(), ["a_0"]);
        for number in 0..2 {
            assert_eq!(gather.take(part("b", number, true)), Ok(None));
        }
        assert!(gather.has_begun());
        assert_eq!(gather.take(part("b", 2, false)).unwrap().map(names).unwrap(), ["b_0", "b_1", "b_2"]);
        assert!(!gather.has_begun());

        // A newer version overtakes, also one of the same name.
        for version in ["c", "c", "d"] {
            assert_eq!(gather.take(part(version, 0, true)), Ok(None));
        }
        assert_eq!(gather.take(part("d", 1, false)).unwrap().map(names).unwrap(), ["d_0", "d_1"]);
    }

    #[test]
    fn refuses_holes_and_too_much() {
        for second in [part("a", 2, false), part("b", 1, false), part("a", u32::MAX, true), Bytes::from_static(&[0x12])]
        {
            let mut gather = gather(1_000);
            assert_eq!(gather.take(part("a", 0, true)), Ok(None));
            assert!(gather.take(second).is_err());
            assert!(!gather.has_begun());
        }
        assert!(gather(1_000).take(part("a", 1, false)).is_err());

        // Also parts that say nothing, and kinds that are nothing, count.
        for (mut gather, kinds, expected) in
            [(gather(1_000), 0, 15), (Gather::new(Limits { kinds: 7, ..Limits::DEFAULT }), 1, 7)]
        {
            let part = |number| pb::WatchCatalogResponse {
                part: number,
                more: true,
                kinds: vec![pb::Kind::default(); kinds],
                ..Default::default()
            };
            let mut taken = 0;
            while gather.take(part(taken).encode_to_vec().into()).is_ok() {
                taken += 1;
                assert!(taken < 100);
            }
            assert!(taken <= expected && taken > 1 && !gather.has_begun(), "{taken}");
        }
    }
}
