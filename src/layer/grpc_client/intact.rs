//! Whether a status can go on as it came.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::HeaderMap;
use percent_encoding::percent_decode;

use crate::wire::grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN};

/// As strict as tonic 0.14, which panics on anything else.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether the code is one, and said once.
pub(super) fn has_one_code(headers: &HeaderMap) -> bool {
    let mut codes = headers.get_all(GRPC_STATUS).iter();
    let (Some(code), None) = (codes.next(), codes.next()) else { return false };
    matches!(code.as_bytes(), [b'0'..=b'9'] | [b'1', b'0'..=b'6'])
}

/// Whether there is at most one message, and that is UTF-8.
pub(super) fn has_good_message(headers: &HeaderMap) -> bool {
    let mut messages = headers.get_all(GRPC_MESSAGE).iter();
    let is_text = messages.next().is_none_or(|message| percent_decode(message.as_bytes()).decode_utf8().is_ok());
    is_text && messages.next().is_none()
}

/// Whether there is at most one value of details, and that is base64.
pub(super) fn has_good_details(headers: &HeaderMap) -> bool {
    let mut details = headers.get_all(GRPC_STATUS_DETAILS_BIN).iter();
    let is_base64 = details.next().is_none_or(|details| BASE64.decode(details.as_bytes()).is_ok());
    is_base64 && details.next().is_none()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn block(name: HeaderName, values: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), HeaderValue::from_bytes(value).unwrap());
        }
        headers
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
            assert_eq!(has_one_code(&block(GRPC_STATUS, values)), expected, "{values:?}");
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
            assert_eq!(has_good_message(&block(GRPC_MESSAGE, values)), expected, "{values:?}");
        }
        let details: [(&[&[u8]], bool); 9] = [
            (&[], true),
            (&[b""], true),
            (&[b"CAU"], true),
            (&[b"CAU="], true),
            (&[b"@@@"], false),
            (&[b"CAU,CAU"], false),
            (&[b"CAU", b"CAU"], false),
            (&[b"CAV"], false),
            (&[b"CAU "], false),
        ];
        for (values, expected) in details {
            assert_eq!(has_good_details(&block(GRPC_STATUS_DETAILS_BIN, values)), expected, "{values:?}");
        }
    }
}
