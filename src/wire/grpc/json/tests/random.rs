//! Any bytes, as any standard type.

use proptest::{collection::vec, prelude::*, sample::select};
use prost_reflect::DynamicMessage;
use serde_json::Value as Json;

use super::super::{Registry, text};
use crate::model::Detail;

const TYPES: [&str; 15] = [
    "google.rpc.ErrorInfo",
    "google.rpc.RetryInfo",
    "google.rpc.DebugInfo",
    "google.rpc.QuotaFailure",
    "google.rpc.PreconditionFailure",
    "google.rpc.BadRequest",
    "google.rpc.RequestInfo",
    "google.rpc.ResourceInfo",
    "google.rpc.Help",
    "google.rpc.LocalizedMessage",
    "google.rpc.HttpResponse",
    "google.rpc.Status",
    "google.protobuf.Any",
    "google.protobuf.Struct",
    "acme.Unknown",
];

/// Bytes that often decode: fields with small numbers and lengths that fit.
pub(super) fn fields() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        vec(any::<u8>(), 0..8),
        "[ -~]{0,8}".prop_map(String::into_bytes),
        (0..4_usize).prop_map(|at| TYPES[at].as_bytes().to_vec()),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let field = (1..6_u8, prop_oneof![3 => Just(2_u8), 1 => Just(0_u8)], inner, any::<u64>());
        vec(field, 0..4).prop_map(|fields| {
            let mut out = Vec::new();
            for (number, wire_type, bytes, varint) in fields {
                out.push(number << 3 | wire_type);
                if wire_type == 2 {
                    prost::encoding::encode_varint(bytes.len() as u64, &mut out);
                    out.extend(bytes);
                } else {
                    prost::encoding::encode_varint(varint, &mut out);
                }
            }
            out
        })
    })
}

/// What the bytes mean: the message without fields that nobody knows, or else the bytes.
fn meaning(registry: &Registry, detail: &Detail) -> (String, Option<Json>, Vec<u8>) {
    let stripped = registry.strip_unknown(detail);
    let bytes = stripped.map_or(detail.value().to_vec(), |detail| detail.value().to_vec());
    let json = registry.detail_to_json(detail);
    (detail.type_url().to_owned(), Some(json), bytes)
}

proptest! {
    #[test]
    fn there_and_back(type_name in select(&TYPES[..]), bytes in prop_oneof![fields(), vec(any::<u8>(), 0..64)]) {
        let registry = Registry::default();
        let detail = Detail::new(format!("type.googleapis.com/{type_name}"), bytes);
        let json = registry.detail_to_json(&detail);
        // Through text, as on the wire.
        let text = json.to_string();
        let back = registry.detail_from_json(&serde_json::from_str(&text).unwrap()).unwrap();
        prop_assert_eq!(back.type_url(), detail.type_url());
        prop_assert_eq!(&registry.detail_to_json(&back), &json);
        // What was read once is canonical.
        let again = registry.detail_from_json(&registry.detail_to_json(&back)).unwrap();
        prop_assert_eq!(&again, &back);
        if json.get("value").is_some() && !type_name.starts_with("google.protobuf.") {
            prop_assert_eq!(&back, &detail);
        } else if !text.contains("\"value\"") {
            prop_assert_eq!(meaning(&registry, &back), meaning(&registry, &detail));
        }
    }

    #[test]
    fn stripping_twice_is_stripping_once(type_name in select(&TYPES[..]), bytes in fields()) {
        let registry = Registry::default();
        if let Some(once) = registry.strip_unknown(&Detail::new(type_name, bytes)) {
            prop_assert_eq!(registry.strip_unknown(&once), Some(once.clone()));
            let descriptor = registry.descriptor(type_name).unwrap();
            let message = DynamicMessage::decode(descriptor, once.value().clone()).unwrap();
            prop_assert_eq!(message.unknown_fields().count(), 0);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,64}", json in r#"[\{\}\[\]":,0-9a-z@\\ ]{0,64}"#) {
        for text in [text, json] {
            let _ = Registry::default().message_from_json("errwire.v1.TranslateRequest", &text);
            // Members of one name are the only difference.
            if let Ok(json) = text::parse(&text) {
                prop_assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), json);
            }
        }
    }
}
