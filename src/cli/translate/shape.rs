//! Recognises the message of a line by its members.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    cli::args::Wire,
    model::{Error, kinds},
};

/// A request that a line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    HttpToGrpc,
    GrpcToHttp,
    Translate,
}

/// What the members of a line say, read without building their values.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Which message the line is, if a member tells.
    message: Option<Message>,
    /// Whether there is a `code`, as in a `google.rpc.Status`.
    code: bool,
    /// The `id` of a `TranslateRequest`.
    pub(super) id: Option<String>,
}

impl Shape {
    /// # Errors
    ///
    /// `request_invalid` if the line is not a JSON object.
    pub(super) fn of(line: &str) -> Result<Self, Error> {
        serde_json::from_str(line).map_err(|why| {
            Error::new(kinds::REQUEST_INVALID)
                .with_message(format!("The line is not a JSON object: {why}"))
                .with_source(why)
        })
    }

    /// Whether a member tells which message the line is.
    pub(super) fn is_message(&self) -> bool {
        self.message.is_some()
    }

    /// Whether the line is a `google.rpc.Status` by itself, and not a message of the service.
    pub(super) fn is_status(&self) -> bool {
        self.message.is_none() && self.code
    }

    /// The message to read the line as. A `TranslateRequest` says its direction itself, so that it is read as what it is.
    ///
    /// # Errors
    ///
    /// `request_invalid` if neither the caller nor a member tells.
    pub(super) fn message(&self, forced: Option<Wire>) -> Result<Message, Error> {
        match forced {
            Some(_) if self.message == Some(Message::Translate) => Ok(Message::Translate),
            Some(Wire::Grpc) => Ok(Message::HttpToGrpc),
            Some(Wire::Http) => Ok(Message::GrpcToHttp),
            None => self.message.ok_or_else(|| {
                Error::new(kinds::REQUEST_INVALID).with_message(
                    "The line does not say what to translate: give it `response` or `error` for gRPC, `status` or \
                     `trailers` for HTTP, or `id` with `grpcToHttp` or `httpToGrpc`.",
                )
            }),
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Shape, A::Error> {
        let mut shape = Shape::default();
        while let Some(member) = members.next_key::<Member>()? {
            let message = match member {
                Member::HttpToGrpc => Message::HttpToGrpc,
                Member::GrpcToHttp => Message::GrpcToHttp,
                Member::Item => Message::Translate,
                Member::Id => {
                    if let Some(Id(id)) = members.next_value()? {
                        shape.id = id;
                        shape.message = Some(Message::Translate);
                    }
                    continue;
                }
                Member::Code | Member::Other => {
                    shape.code |= matches!(member, Member::Code);
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            // In ProtoJSON a null is a member that is not there.
            if members.next_value::<Option<IgnoredAny>>()?.is_some() && shape.message != Some(Message::Translate) {
                shape.message = Some(message);
            }
        }
        Ok(shape)
    }
}

/// What the name of a member tells.
#[derive(Deserialize)]
#[serde(field_identifier)]
enum Member {
    #[serde(rename = "response", alias = "error")]
    HttpToGrpc,
    #[serde(rename = "status", alias = "trailers")]
    GrpcToHttp,
    #[serde(rename = "grpcToHttp", alias = "grpc_to_http", alias = "httpToGrpc", alias = "http_to_grpc")]
    Item,
    #[serde(rename = "id")]
    Id,
    #[serde(rename = "code")]
    Code,
    #[serde(other)]
    Other,
}

/// An `id`, if it is text.
struct Id(Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Any {
            Text(String),
            Other(IgnoredAny),
        }
        Any::deserialize(deserializer).map(|any| match any {
            Any::Text(text) => Self(Some(text)),
            Any::Other(_) => Self(None),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_by_the_members() {
        use Message::*;

        let rows = [
            (r#"{"response":{}}"#, Some(HttpToGrpc), None),
            (r#"{"options":{"table":"TABLE_ORIGIN"},"error":{}}"#, Some(HttpToGrpc), None),
            (r#"{"status":{"code":5}}"#, Some(GrpcToHttp), None),
            (r#"{"trailers":{}}"#, Some(GrpcToHttp), None),
            (r#"{"response":null,"status":{}}"#, Some(GrpcToHttp), None),
            (r#"{"id":"a","httpToGrpc":{}}"#, Some(Translate), Some("a")),
            (r#"{"grpc_to_http":{}}"#, Some(Translate), None),
            (r#"{"id":"a"}"#, Some(Translate), Some("a")),
            (r#"{"id":"a","response":{}}"#, Some(Translate), Some("a")),
            (r#"{"response":{},"id":"a"}"#, Some(Translate), Some("a")),
            (r#"{"id":7}"#, Some(Translate), None),
            (r#"{"id":null,"error":{}}"#, Some(HttpToGrpc), None),
            (r#"{"\u0069d":"a"}"#, Some(Translate), Some("a")),
            ("{}", None, None),
            (r#"{"options":{}}"#, None, None),
        ];
        for (line, message, id) in rows {
            let shape = Shape::of(line).unwrap();
            assert_eq!((shape.message, shape.id.as_deref()), (message, id), "{line}");
        }
    }

    #[test]
    fn refuses_what_is_not_an_object() {
        for line in ["", "[]", "null", "7", "\"x\"", "{", "{\"a\":}", "{} {}", "nonsense"] {
            assert!(Shape::of(line).is_err(), "{line}");
        }
        let bomb = "[".repeat(1_000_000);
        assert!(Shape::of(&format!("{{\"a\":{bomb}")).is_err());
    }

    #[test]
    fn the_caller_can_force_it() {
        let shape = Shape::of("{}").unwrap();
        assert_eq!(shape.message(Some(Wire::Grpc)).unwrap(), Message::HttpToGrpc);
        assert_eq!(shape.message(Some(Wire::Http)).unwrap(), Message::GrpcToHttp);
        assert!(shape.message(None).is_err());
        let item = Shape::of(r#"{"grpcToHttp":{}}"#).unwrap();
        assert_eq!(item.message(Some(Wire::Http)).unwrap(), Message::Translate);
    }
}
