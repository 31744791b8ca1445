//! Texts, numbers and booleans of JSON as bytes. `None` for what is not usual in a field.

use prost::{Message, encoding::encode_varint};
use prost_types::Duration;

use super::shape::{Content, Field};
use crate::{
    model::{close, open, put_varint},
    wire::grpc::json::{scalar::base64, well_known::is_writable},
};

impl Field {
    pub(super) fn put_text(&self, text: &str, out: &mut Vec<u8>) -> Option<()> {
        match &self.content {
            Content::Text => self.put_bytes(text.as_bytes(), out),
            Content::Bytes => self.put_bytes(&base64(text)?, out),
            Content::Int64 => {
                let number: i64 = Some(text).filter(|text| !text.starts_with('+'))?.parse().ok()?;
                self.put_varint(number as u64, out);
            }
            Content::Enum(names) => {
                let quotes =
                    |quoted: &str| quoted.strip_prefix('"').and_then(|name| name.strip_suffix('"')) == Some(text);
                let (number, _) = names.iter().find(|(_, quoted)| quotes(quoted))?;
                self.put_varint(*number as u64, out);
            }
            Content::Duration => {
                let duration: Duration = text.parse().ok().filter(is_writable)?;
                // Only what we would write: no other spelling.
                if duration.to_string() != text {
                    return None;
                }
                let at = open(self.key, out);
                duration.encode(out).ok()?;
                close(at, out);
            }
            Content::Bool | Content::Int32 | Content::Uint32 | Content::Texts | Content::Any | Content::Message(_) => {
                return None;
            }
        }
        Some(())
    }

    pub(super) fn put_bool(&self, value: bool, out: &mut Vec<u8>) -> Option<()> {
        matches!(self.content, Content::Bool).then(|| self.put_varint(value.into(), out))
    }

    pub(super) fn put_number(&self, number: i64, out: &mut Vec<u8>) -> Option<()> {
        let fits = match self.content {
            Content::Int32 | Content::Enum(_) => i32::try_from(number).is_ok(),
            Content::Uint32 => u32::try_from(number).is_ok(),
            Content::Int64 => true,
            _ => false,
        };
        fits.then(|| self.put_varint(number as u64, out))
    }

    fn put_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.keeps_default || !bytes.is_empty() {
            out.push(self.key);
            put_varint(out, bytes.len());
            out.extend_from_slice(bytes);
        }
    }

    fn put_varint(&self, number: u64, out: &mut Vec<u8>) {
        if self.keeps_default || number != 0 {
            out.push(self.key);
            encode_varint(number, out);
        }
    }
}
