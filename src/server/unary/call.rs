//! What a request over plain HTTP asks for.

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use http::{Method, header, request::Parts};

use crate::{
    model::{Error, kinds},
    server::config::Size,
    service::{Codec, Rpc, too_large},
    wire::protocol::is_media,
};

/// Unpadded where it is written, and either where it is read
/// (<https://connectrpc.com/docs/protocol#unary-get-request>).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A call of a unary RPC.
pub(super) struct UnaryRequest {
    pub(super) rpc: Rpc,
    pub(super) codec: Codec,
    pub(super) message: Message,
}

/// Where the message is.
pub(super) enum Message {
    /// In the body, still to be read.
    Body,
    /// In the query, and here already.
    Query(Bytes),
}

/// What is called.
///
/// # Errors
///
/// Why it cannot be called like this.
pub(super) fn unary_request(head: &Parts, most: Size) -> Result<UnaryRequest, Error> {
    let path = head.uri.path();
    let Some(rpc) = Rpc::of(path) else {
        let message = "There is no such RPC here. POST to /errwire.v1.ErrorMappingService/HttpToGrpc, for example.";
        return Err(Error::new(kinds::NOT_FOUND).with_message(message));
    };
    match head.method {
        Method::POST => post(rpc, head),
        // No RPC of ours has side effects. A caller that looks around with a browser sends no query.
        Method::GET if head.uri.query().is_some() => get(rpc, head, most),
        _ => Err(Error::new(kinds::METHOD_NOT_ALLOWED)
            .with_message("Only POST, and GET with a message in the query, are supported here. Send a POST.")),
    }
}

fn post(rpc: Rpc, head: &Parts) -> Result<UnaryRequest, Error> {
    if let Some(encoding) = head.headers.get(header::CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
        let message = format!("The content encoding {encoding:?} is not supported. Send the body as it is.");
        return Err(Error::new(kinds::UNIMPLEMENTED).with_message(message));
    }
    let is = |media| head.headers.get(header::CONTENT_TYPE).is_some_and(|value| is_media(value, media));
    let codec = match () {
        () if is("application/json") => Codec::Json,
        () if is("application/proto") => Codec::Proto,
        () => {
            return Err(Error::new(kinds::UNSUPPORTED_MEDIA_TYPE)
                .with_message("The content type is not supported. Send application/json or application/proto."));
        }
    };
    Ok(UnaryRequest { rpc, codec, message: Message::Body })
}

/// <https://connectrpc.com/docs/protocol#unary-get-request>
fn get(rpc: Rpc, head: &Parts, most: Size) -> Result<UnaryRequest, Error> {
    let query = head.uri.query().unwrap_or_default().as_bytes();
    let value = |name| form_urlencoded::parse(query).find(|(key, _)| key == name).map(|(_, value)| value);
    let codec = match value("encoding").as_deref() {
        Some("json") => Codec::Json,
        Some("proto") => Codec::Proto,
        _ => return Err(mistake("encoding", "send json or proto")),
    };
    if value("compression").is_some_and(|compression| compression != "identity") {
        let message = "Compression is not supported in a query. Send the message as it is.";
        return Err(Error::new(kinds::UNIMPLEMENTED).with_message(message));
    }
    if value("connect").is_some_and(|version| version != "v1") {
        return Err(mistake("connect", "send v1"));
    }
    let message = value("message").ok_or_else(|| mistake("message", "is missing: send the request"))?;
    let message = match value("base64").as_deref() {
        Some("1") => {
            BASE64.decode(message.as_bytes()).map_err(|why| mistake("message", &format!("is not base64: {why}")))?
        }
        _ => message.into_owned().into_bytes(),
    };
    if message.len() > most.as_usize() {
        return Err(too_large(most.as_usize()));
    }
    Ok(UnaryRequest { rpc, codec, message: Message::Query(message.into()) })
}

/// A GET has no header that says so.
fn mistake(parameter: &str, remedy: &str) -> Error {
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("Query parameter `{parameter}`: {remedy}"))
        .with_metadata("field", parameter.to_owned())
        .with_field_violation(parameter.to_owned(), remedy.to_owned())
}
