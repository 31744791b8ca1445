//! The short way of the messages of the service next to the general one, on usual and on odd input.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value as Json, json};

use super::{
    super::{Registry, standard, text},
    standard::{mutate, odd, usual_detail},
};

const MESSAGES: [&str; 7] = [
    "errwire.v1.GrpcToHttpRequest",
    "errwire.v1.GrpcToHttpResponse",
    "errwire.v1.HttpToGrpcRequest",
    "errwire.v1.HttpToGrpcResponse",
    "errwire.v1.TranslateRequest",
    "errwire.v1.TranslateResponse",
    "google.rpc.Status",
];

/// JSON as people and programs write it.
fn message(descriptor: &MessageDescriptor) -> BoxedStrategy<Json> {
    let fields = descriptor.fields().map(|field| {
        let names = vec![field.json_name().to_owned(), field.json_name().to_owned(), field.name().to_owned()];
        // Of a `oneof`, one is given most of the time.
        let given = if field.containing_oneof().is_some() { 0.4 } else { 0.7 };
        (select(names), option::weighted(given, content(&field))).boxed()
    });
    let fields: Vec<_> = fields.collect();
    fields
        .prop_map(|fields| {
            let members: Map<_, _> = fields.into_iter().filter_map(|(name, json)| Some((name, json?))).collect();
            Json::Object(members)
        })
        .boxed()
}

fn content(field: &FieldDescriptor) -> BoxedStrategy<Json> {
    let single = match field.kind() {
        Kind::String => {
            prop_oneof![4 => "\\PC{0,6}", 1 => "[a-z]{120,140}", 1 => Just(String::new())].prop_map(Json::from).boxed()
        }
        Kind::Bytes => vec(any::<u8>(), 0..6)
            .prop_flat_map(|bytes| select(vec![BASE64_STANDARD.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)]))
            .prop_map(Json::from)
            .boxed(),
        Kind::Bool => any::<bool>().prop_map(Json::from).boxed(),
        Kind::Int32 => prop_oneof![Just(0), any::<i32>()].prop_map(Json::from).boxed(),
        Kind::Uint32 => prop_oneof![Just(0), Just(404), any::<u32>()].prop_map(Json::from).boxed(),
        Kind::Enum(values) => {
            let names = values.values().map(|value| value.name().to_owned()).collect::<Vec<_>>();
            prop_oneof![select(names).prop_map(Json::from), (0..30).prop_map(Json::from), Just(json!(-1))].boxed()
        }
        Kind::Message(message) if message.full_name() == "google.protobuf.Any" => any_detail(),
        Kind::Message(message) => self::message(&message),
        kind => panic!("{kind:?}"),
    };
    if field.is_list() { vec(single, 0..3).prop_map(Json::Array).boxed() } else { single }
}

fn any_detail() -> BoxedStrategy<Json> {
    let others = vec![
        json!({}),
        json!({"@type": "acme.Unknown"}),
        json!({"@type": "", "value": "CAE="}),
        json!({"@type": "type.googleapis.com/acme.Unknown", "value": "CAE"}),
        json!({"@type": "type.googleapis.com/acme.Unknown", "value": ""}),
        json!({"@type": "type.googleapis.com/google.rpc.HttpResponse", "status": 404, "body": "e30="}),
        json!({"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"b": 1, "a": [null]}}),
        json!({"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1.500s"}),
    ];
    prop_oneof![3 => usual_detail().prop_map(|(_, json)| json), 2 => select(others)].boxed()
}

fn any_message() -> impl Strategy<Value = (&'static str, Json)> {
    select(&MESSAGES[..]).prop_flat_map(|name| (Just(name), message(&Registry::default().descriptor(name).unwrap())))
}

/// Whether the text is read the short way, which must then say the same.
fn reads_the_same(name: &str, json: &str) -> Result<bool, TestCaseError> {
    let registry = Registry::default();
    let short = standard::read_message(name, json, &registry.pool);
    if let Some(short) = &short {
        let general = registry.any_message_from_json(name, json).ok();
        prop_assert_eq!(Some(short), general.as_ref(), "{} {}", name, json);
    }
    Ok(short.is_some())
}

fn writes_the_same(name: &str, bytes: &[u8]) -> Result<bool, TestCaseError> {
    let registry = Registry::default();
    let mut short = b"kept".to_vec();
    let written = standard::write_message(name, bytes, registry.inside(), &mut short);
    if written.is_none() {
        prop_assert_eq!(short, b"kept");
        return Ok(false);
    }
    let mut general = b"kept".to_vec();
    registry.write_any_message(name, bytes, &mut general).unwrap();
    let [short, general] = [short, general].map(|text| String::from_utf8(text[4..].to_vec()).unwrap());
    if short != general {
        // But for the entries of maps, which have no order.
        let [short, general] = [short, general].map(|text| text::parse(&text).unwrap());
        prop_assert_eq!(short, general);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn messages_are_read_and_written_the_same((name, json) in any_message()) {
        let text = json.to_string();
        let is_short = reads_the_same(name, &text)?;
        if let Ok(bytes) = Registry::default().any_message_from_json(name, &text) {
            // Details of types that are known, and are not standard ones, go the general way.
            prop_assert!(is_short || text.contains("HttpResponse") || text.contains("google.protobuf"), "{} {}", name, text);
            prop_assert!(writes_the_same(name, &bytes)?);
        }
    }

    #[test]
    fn odd_messages_are_read_the_same(
        (name, mut json) in any_message(),
        way in vec(0..8_usize, 1..6),
        member in option::of(select(vec!["id", "grpc_to_http", "grpcToHttp", "headers", "body", "raw", "text", "@type", "value"])),
        odd in odd(),
    ) {
        mutate(&mut json, &way, member, odd);
        reads_the_same(name, &json.to_string())?;
    }

    #[test]
    fn odd_text_is_read_the_same(
        (name, json) in any_message(),
        at in any::<prop::sample::Index>(),
        len in 0..24_usize,
        repeat in 0..3_usize,
        put in prop_oneof!["[\\{\\}\\[\\]\":,0-9a-z@\\\\ ]{0,3}", "\\PC{0,2}"],
    ) {
        let text = json.to_string();
        let start = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let end = (start + len..).find(|at| *at >= text.len() || text.is_char_boundary(*at)).unwrap().min(text.len());
        let (piece, rest) = (&text[start..end], &text[end..]);
        reads_the_same(name, &format!("{}{}{put}{rest}", &text[..start], piece.repeat(repeat)))?;
    }

    #[test]
    fn odd_bytes_are_written_the_same(name in select(&MESSAGES[..]), bytes in super::random::fields()) {
        writes_the_same(name, &bytes)?;
    }

    #[test]
    fn changed_bytes_are_written_the_same(
        (name, json) in any_message(),
        flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..3),
    ) {
        if let Ok(mut bytes) = Registry::default().any_message_from_json(name, &json.to_string()) {
            for (at, byte) in flips.into_iter().filter(|_| !bytes.is_empty()).collect::<Vec<_>>() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            writes_the_same(name, &bytes)?;
        }
    }
}
