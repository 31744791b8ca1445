//! The three fields of a status in a block, raw: whether they are valid, so that they are passed on unchanged.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::HeaderMap;
use percent_encoding::percent_decode;

/// As strict as tonic 0.14, which panics on anything else.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The fields of a status in a block.
#[derive(Default)]
pub(crate) struct StatusFields<'a> {
    code: Field<'a>,
    message: Field<'a>,
    details: Field<'a>,
}

#[derive(Default)]
enum Field<'a> {
    #[default]
    Missing,
    One(&'a [u8]),
    Several,
}

impl<'a> StatusFields<'a> {
    /// Looks at every field once: a block has few.
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut fields = Self::default();
        for (name, value) in headers {
            let field = match name.as_str() {
                "grpc-status" => &mut fields.code,
                "grpc-message" => &mut fields.message,
                "grpc-status-details-bin" => &mut fields.details,
                _ => continue,
            };
            *field = if let Field::Missing = field { Field::One(value.as_bytes()) } else { Field::Several };
        }
        fields
    }

    pub(crate) fn has_details(&self) -> bool {
        !matches!(self.details, Field::Missing)
    }

    /// Whether the code is one, and said once.
    pub(crate) fn has_one_code(&self) -> bool {
        matches!(self.code, Field::One([b'0'..=b'9'] | [b'1', b'0'..=b'6']))
    }

    /// Whether there is at most one message, and that is UTF-8.
    pub(crate) fn has_good_message(&self) -> bool {
        match self.message {
            Field::Missing => true,
            // Most have no escape.
            Field::One(message) if !message.contains(&b'%') => str::from_utf8(message).is_ok(),
            Field::One(message) => percent_decode(message).decode_utf8().is_ok(),
            Field::Several => false,
        }
    }

    /// Whether there is at most one value of details, and that is base64.
    pub(crate) fn has_good_details(&self) -> bool {
        match self.details {
            Field::Missing => true,
            Field::One(details) => BASE64.decode(details).is_ok(),
            Field::Several => false,
        }
    }

    /// Whether errwire would write what it has read without a note in just these fields: no escapes, and no padding.
    pub(crate) fn are_plain_if_read(&self) -> bool {
        let is_plain = |message: &[u8]| {
            message.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'%') && message.trim_ascii() == message
        };
        self.has_one_code()
            && matches!(self.message, Field::One(message) if is_plain(message))
            && matches!(self.details, Field::One(details) if !details.ends_with(b"="))
            && self.has_good_details_if_read()
    }

    /// The same of details that errwire has read without a note, which is less strict in three ways: it splits at commas,
    /// trims blanks, and does not look at the bits that are left over at the end (RFC 4648, 3.5).
    pub(crate) fn has_good_details_if_read(&self) -> bool {
        let details = match self.details {
            Field::Missing => return true,
            Field::One(details) => details,
            Field::Several => return false,
        };
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let digits = details.trim_ascii_end();
        let end = digits.len() - digits.iter().rev().take_while(|byte| **byte == b'=').count();
        let is_whole = match (end % 4, digits[..end].last()) {
            (2, Some(last)) => b"AQgw".contains(last),
            (3, Some(last)) => b"AEIMQUYcgkosw048".contains(last),
            _ => true,
        };
        is_whole && digits.len() == details.len() && details.first().is_none_or(is_digit) && !details.contains(&b',')
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::wire::grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN, Received};

    fn block(name: HeaderName, values: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn tells_what_errwire_would_write_so() {
        let rows: [(&[u8], &[u8], &[u8], bool); 9] = [
            (b"5", b"no", b"CAUSAm5v", true),
            (b"16", b"no such task", b"CBASDG5vIHN1Y2ggdGFzaw", true),
            (b"05", b"no", b"CAUSAm5v", false),
            (b"5", b"%6Eo", b"CAUSAm5v", false),
            (b"5", b"50%", b"CAUSAzUwJQ", false),
            (b"5", b"no ", b"CAUSA25vIA", false),
            (b"5", b"n\xc3\xb6", b"CAUSA27Dtg", false),
            (b"16", b"no such task", b"CBASDG5vIHN1Y2ggdGFzaw==", false),
            (b"5", b"no", b"CAUSAm5v,CAUSAm5v", false),
        ];
        for (code, message, details, expected) in rows {
            let mut headers = block(GRPC_STATUS, &[code]);
            headers.extend(block(GRPC_MESSAGE, &[message]));
            headers.extend(block(GRPC_STATUS_DETAILS_BIN, &[details]));
            assert_eq!(StatusFields::of(&headers).are_plain_if_read(), expected, "{headers:?}");
        }
        assert!(!StatusFields::of(&block(GRPC_STATUS, &[b"5"])).are_plain_if_read());
    }

    #[test]
    fn tells_what_is_intact() {
        let codes: [(&[&[u8]], bool); 10] = [
            (&[b"0"], true),
            (&[b"9"], true),
            (&[b"16"], true),
            (&[b"17"], false),
            (&[b"07"], false),
            (&[b"+5"], false),
            (&[b" 5"], false),
            (&[b""], false),
            (&[], false),
            (&[b"5", b"5"], false),
        ];
        for (values, expected) in codes {
            assert_eq!(StatusFields::of(&block(GRPC_STATUS, values)).has_one_code(), expected, "{values:?}");
        }
        let messages: [(&[&[u8]], bool); 6] = [
            (&[], true),
            (&[b"Gr%C3%B6%C3%9Fe"], true),
            (&["Größe".as_bytes()], true),
            (&[b"%FF"], false),
            (&[b"\xff"], false),
            (&[b"a", b"b"], false),
        ];
        for (values, expected) in messages {
            assert_eq!(StatusFields::of(&block(GRPC_MESSAGE, values)).has_good_message(), expected, "{values:?}");
        }
        let details: [(&[&[u8]], bool); 17] = [
            (&[], true),
            (&[b""], true),
            (&[b"CAU"], true),
            (&[b"CAU="], true),
            (&[b"@@@"], false),
            (&[b"CAU,CAU"], false),
            (&[b"CAU", b"CAU"], false),
            (&[b"CAV"], false),
            (&[b"CAU "], false),
            (&[b" CAU"], false),
            (&[b"CAU,"], false),
            (&[b",CAU"], false),
            (&[b"CAUSAA"], true),
            (&[b"CAUSAA=="], true),
            (&[b"CAUSAB"], false),
            (&[b"CAUSAB=="], false),
            (&[b"CAUSABAB"], true),
        ];
        for (values, expected) in details {
            let block = block(GRPC_STATUS_DETAILS_BIN, values);
            assert_eq!(StatusFields::of(&block).has_good_details(), expected, "{values:?}");
            // Where errwire read it without a note, the quick look says the same.
            if Received::from_headers(&block).notes.is_empty() {
                assert_eq!(StatusFields::of(&block).has_good_details_if_read(), expected, "{values:?}");
            }
        }
    }
}
