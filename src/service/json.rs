//! The messages of `errwire.v1` as ProtoJSON.

use std::error::Error as StdError;

use prost::Message;

use super::{invalid_argument::rejected, respelled::respelled};
use crate::{
    model::{Error, kinds},
    wire::grpc::{JsonError, Registry},
};

/// Reads and writes messages by their names in `errwire.v1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Json(Registry);

impl Json {
    /// # Errors
    ///
    /// `request_invalid` if the text is not such a message.
    pub(crate) fn read<M: Message + Default>(&self, name: &str, json: &str) -> Result<M, Error> {
        let full = full(name);
        let bytes = self.0.message_from_json(&full, json).or_else(|why| match respelled(json) {
            Some(json) => self.0.message_from_value(&full, &json),
            None => Err(why),
        });
        let bytes = bytes.map_err(|why| unreadable(name, why))?;
        M::decode(&*bytes).map_err(|why| not_written(name).with_source(why))
    }

    /// Appends the message.
    ///
    /// # Errors
    ///
    /// `internal_error` if the message has no JSON form. Ours all have one.
    pub(crate) fn write<M: Message>(&self, name: &str, message: &M, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write_encoded(name, &message.encode_to_vec(), out)
    }

    /// Appends an encoded message.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub(crate) fn write_encoded(&self, name: &str, message: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        self.0.write_message(&full(name), message, out).map_err(|why| {
            out.truncate(start);
            not_written(name).with_source(why)
        })
    }
}

fn full(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("errwire.v1.{name}") }
}

fn unreadable(name: &str, why: JsonError) -> Error {
    let error = match (why.path(), why.source()) {
        ("", Some(malformed)) => not_read(name, malformed),
        ("", None) => not_read(name, &why),
        (path, _) if path.ends_with("status.code") => rejected(path, "expected the number or the name of a gRPC code"),
        (path, _) => rejected(path, why.what()),
    };
    error.with_source(why)
}

fn not_read(name: &str, why: &dyn StdError) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message(format!("This is not a {name} in ProtoJSON: {why}"))
}

fn not_written(name: &str) -> Error {
    Error::new(kinds::INTERNAL_ERROR).with_message(format!("A {name} could not be turned from or into JSON."))
}
