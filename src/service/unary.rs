//! The unary RPCs by their paths, each message in either encoding.
//!
//! This is what a unary call of the [Connect protocol](https://connectrpc.com/docs/protocol#unary-request) carries.

use prost::Message;

use super::{CallKind, CatalogReader, ErrorMapping, Rpc, catalog_messages::kind_message, json::Json, pb};
use crate::{
    model::{Error, kinds},
    translate::Translator,
};

/// How a message is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// ProtoJSON.
    Json,
    /// The binary encoding.
    Proto,
}

impl Codec {
    /// The content type of a message.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Proto => "application/proto",
        }
    }
}

/// The unary RPCs, with one request message and one response message.
#[derive(Clone, Debug)]
pub(crate) struct Unary {
    translator: Translator,
    mapping: ErrorMapping,
    catalog: CatalogReader,
    json: Json,
}

impl Unary {
    pub(crate) fn new(translator: &Translator, mapping: ErrorMapping) -> Self {
        Self {
            translator: translator.clone(),
            mapping,
            catalog: CatalogReader::new(translator.clone()),
            json: Json::default(),
        }
    }

    /// The encoded response to an encoded request.
    ///
    /// # Errors
    ///
    /// `request_invalid` if the request is not such a message; else what the RPC returns.
    pub(crate) fn call(&self, rpc: Rpc, codec: Codec, request: &[u8]) -> Result<Vec<u8>, Error> {
        match rpc {
            Rpc::GrpcToHttp => self.encoded(codec, request, ["GrpcToHttpRequest", "GrpcToHttpResponse"], |request| {
                self.mapping.to_http(request).map(|translation| translation.encoded())
            }),
            Rpc::HttpToGrpc => self.encoded(codec, request, ["HttpToGrpcRequest", "HttpToGrpcResponse"], |request| {
                self.mapping.to_grpc(request).map(|translation| translation.encoded())
            }),
            Rpc::ListKinds => self.encoded(codec, request, ["ListKindsRequest", "ListKindsResponse"], |request| {
                self.catalog.list_kinds(&request).map(|page| page.encode_to_vec())
            }),
            Rpc::GetKind => self.encoded(codec, request, ["GetKindRequest", "GetKindResponse"], |request| {
                let kind = self.catalog.get_kind(&request)?;
                Ok(pb::GetKindResponse { kind: Some(kind_message(&self.translator, &kind)) }.encode_to_vec())
            }),
            _ => Err(Error::new(kinds::UNIMPLEMENTED).with_message(not_as_one_message(rpc))),
        }
    }

    fn encoded<Q: Message + Default>(
        &self,
        codec: Codec,
        request: &[u8],
        [request_name, response_name]: [&str; 2],
        call: impl FnOnce(Q) -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        match codec {
            Codec::Json => {
                let text = std::str::from_utf8(request).map_err(|why| malformed("the body is not UTF-8", why))?;
                let response = call(self.json.read(request_name, text)?)?;
                let mut out = Vec::new();
                self.json.write_encoded(response_name, &response, &mut out)?;
                Ok(out)
            }
            Codec::Proto => {
                let request =
                    Q::decode(request).map_err(|why| malformed("the body is not a message of this method", why))?;
                call(request)
            }
        }
    }
}

/// Why a call that cannot be one message is refused, and what to do.
fn not_as_one_message(rpc: Rpc) -> String {
    let path = rpc.path().trim_start_matches('/');
    match rpc.kind() {
        CallKind::Unary => format!("{path} is served over gRPC and gRPC-Web only. Call it over one of them."),
        CallKind::Stream | CallKind::Subscription => {
            format!("{path} is a stream, which a POST of JSON cannot carry. Call it over gRPC or gRPC-Web.")
        }
    }
}

fn malformed(what: &str, why: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("The request could not be read: {what}: {why}."))
        .with_source(why)
}
