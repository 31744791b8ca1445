//! The short way of the standard details next to the general one, on usual and on odd input.

use proptest::{collection::vec, option, prelude::*, sample::select};
use prost::{Message, Name};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use serde_json::{Map, Value as Json, json};

use super::super::{Registry, standard, text};
use crate::model::{Detail, rpc};

const TYPES: [&str; 10] = [
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
];

/// JSON as we write it. A text is now and then longer than one byte can say.
fn usual(message: &MessageDescriptor) -> BoxedStrategy<Map<String, Json>> {
    let fields = message.fields().map(|field| (Just(field.json_name().to_owned()), option::of(usual_field(&field))));
    let fields: Vec<_> = fields.map(|field| field.boxed()).collect();
    fields
        .prop_shuffle()
        .prop_map(|fields| fields.into_iter().filter_map(|(name, json)| Some((name, json?))).collect())
        .boxed()
}

fn usual_field(field: &FieldDescriptor) -> BoxedStrategy<Json> {
    let text = prop_oneof![8 => "\\PC{0,6}", 1 => "[a-z]{120,140}", 1 => Just(String::new())];
    if field.is_map() {
        let entries = vec((prop_oneof!["[a-c]{0,2}", text.clone()], text), 0..4);
        return entries
            .prop_map(|entries| Json::Object(entries.into_iter().map(|(k, v)| (k, v.into())).collect()))
            .boxed();
    }
    let single = match field.kind() {
        Kind::String => text.prop_map(Json::from).boxed(),
        Kind::Int64 => prop_oneof![Just(0), any::<i64>()].prop_map(|number| number.to_string().into()).boxed(),
        Kind::Message(message) if message.full_name() == "google.protobuf.Duration" => {
            select(vec!["0s", "1s", "-1.500s", "0.000001s", "-0.000000001s", "315576000000.999999999s"])
                .prop_map(Json::from)
                .boxed()
        }
        Kind::Message(message) => usual(&message).prop_map(Json::Object).boxed(),
        kind => panic!("{kind:?}"),
    };
    if field.is_list() { vec(single, 0..4).prop_map(Json::Array).boxed() } else { single }
}

pub(super) fn usual_detail() -> impl Strategy<Value = (&'static str, Json)> {
    select(&TYPES[..]).prop_flat_map(|name| {
        let prefix = prop_oneof![3 => Just("type.googleapis.com/"), 1 => Just(""), 1 => Just("acme.com/a/")];
        (Just(name), prefix, usual(&Registry::default().descriptor(name).unwrap())).prop_map(
            |(name, prefix, mut json)| {
                json.insert("@type".into(), format!("{prefix}{name}").into());
                (name, Json::Object(json))
            },
        )
    })
}

/// What a mutation puts in the place of something.
pub(super) fn odd() -> impl Strategy<Value = Json> {
    select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(7.0),
        json!(1.5),
        json!(""),
        json!("+1"),
        json!("-0"),
        json!("007"),
        json!("1e3"),
        json!("9223372036854775808"),
        json!("1.5s"),
        json!("-0s"),
        json!("1.50s"),
        json!("0.0000000001s"),
        json!("315576000001s"),
        json!("CAE="),
        json!([]),
        json!([null]),
        json!({}),
        json!({"a": null}),
        json!({"": ""}),
    ])
}

pub(super) const ODD_NAMES: [&str; 10] = [
    "value",
    "@type",
    "retry_delay",
    "request_id",
    "quotaValue",
    "quota_value",
    "future_quota_value",
    "field_violations",
    "localizedMessage",
    "nope",
];

/// Changes the member or the item that `way` leads to.
pub(super) fn mutate(json: &mut Json, way: &[usize], name: Option<&str>, odd: Json) {
    let step = way.first().copied().unwrap_or_default();
    match json {
        Json::Object(object) if way.len() > 1 && !object.is_empty() => {
            let at = step % object.len();
            mutate(object.values_mut().nth(at).unwrap(), &way[1..], name, odd);
        }
        Json::Array(items) if way.len() > 1 && !items.is_empty() => {
            let at = step % items.len();
            mutate(&mut items[at], &way[1..], name, odd);
        }
        Json::Object(object) => match name {
            Some(name) => drop(object.insert(name.to_owned(), odd)),
            None => {
                if let Some(first) = object.values_mut().nth(step % 4) {
                    *first = odd;
                }
            }
        },
        other => *other = odd,
    }
}

/// Whether entries of a map stand in here, which have no order.
fn has_entries(json: &Json) -> bool {
    match json {
        Json::Object(object) => object.iter().any(|(name, json)| {
            let is_map = matches!(&**name, "metadata" | "quotaDimensions");
            is_map && json.as_object().is_some_and(|map| map.len() > 1) || has_entries(json)
        }),
        Json::Array(items) => items.iter().any(has_entries),
        _ => false,
    }
}

/// The short way. Its text has neither blanks nor members of one name.
fn written(detail: &Detail) -> Option<String> {
    let mut text = b"kept ".to_vec();
    let written = Registry::default().write_standard(detail.view(), usize::MAX, &mut text);
    let text = String::from_utf8(text).unwrap().strip_prefix("kept ").unwrap().to_owned();
    if written.is_none() {
        assert_eq!(text, "");
    }
    written.map(|()| text)
}

/// The general way.
fn written_generally(detail: &Detail) -> String {
    let mut text = Vec::new();
    Registry::default().write_any_detail(detail, &mut text);
    String::from_utf8(text).unwrap()
}

fn writes_the_same(detail: &Detail) -> Result<bool, TestCaseError> {
    let short = written(detail);
    if let Some(short) = &short {
        let general = written_generally(detail);
        let json = text::parse(short).unwrap();
        prop_assert_eq!(&json, &text::parse(&general).unwrap());
        // Members in the same order too.
        prop_assert!(*short == general || has_entries(&json), "{} {}", short, general);
    }
    Ok(short.is_some())
}

/// Whether generated code decodes it.
fn decodes(detail: &Detail) -> bool {
    fn as_a<M: Message + Name + Default>(detail: &Detail) -> bool {
        detail.decode::<M>().is_some()
    }
    as_a::<rpc::ErrorInfo>(detail)
        || as_a::<rpc::RetryInfo>(detail)
        || as_a::<rpc::DebugInfo>(detail)
        || as_a::<rpc::QuotaFailure>(detail)
        || as_a::<rpc::PreconditionFailure>(detail)
        || as_a::<rpc::BadRequest>(detail)
        || as_a::<rpc::RequestInfo>(detail)
        || as_a::<rpc::ResourceInfo>(detail)
        || as_a::<rpc::Help>(detail)
        || as_a::<rpc::LocalizedMessage>(detail)
}

/// Whether `prost-reflect` finds an unknown field, at any depth.
fn has_unknown(message: &DynamicMessage) -> bool {
    let in_value = |value: &Value| match value {
        Value::Message(message) => has_unknown(message),
        Value::List(items) => items.iter().filter_map(Value::as_message).any(has_unknown),
        _ => false,
    };
    message.unknown_fields().next().is_some() || message.fields().any(|(_, value)| in_value(value))
}

fn nothing_is_dropped(detail: &Detail) -> Result<bool, TestCaseError> {
    let is_known = standard::has_only_known(detail.view(), usize::MAX);
    if is_known {
        prop_assert!(decodes(detail));
        let descriptor = Registry::default().descriptor(detail.type_name()).unwrap();
        prop_assert!(!has_unknown(&DynamicMessage::decode(descriptor, &detail.value()[..]).unwrap()));
    }
    Ok(is_known)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn usual_details_take_the_short_way((_, json) in usual_detail()) {
        let general = Registry::default().any_detail_from_json(&json).unwrap();
        prop_assert_eq!(standard::read(&json), Some(general.clone()));
        prop_assert!(writes_the_same(&general)?);
        prop_assert!(nothing_is_dropped(&general)?);
    }

    #[test]
    fn odd_json_is_read_the_same(
        (_, mut json) in usual_detail(),
        way in vec(0..8_usize, 1..5),
        name in option::of(select(&ODD_NAMES[..])),
        odd in odd(),
    ) {
        mutate(&mut json, &way, name, odd);
        if let Some(short) = standard::read(&json) {
            prop_assert_eq!(Some(short), Registry::default().any_detail_from_json(&json).ok());
        }
    }

    #[test]
    fn odd_bytes_are_written_the_same(
        (name, json) in usual_detail(),
        (_, other) in usual_detail(),
        cut in (0..64_usize, 0..64_usize),
        flips in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let bytes = |json| Registry::default().any_detail_from_json(json).unwrap().value().to_vec();
        let (mut first, second) = (bytes(&json), bytes(&other));
        first.truncate(first.len().saturating_sub(cut.0 / 8));
        let mut mixed = [&first[..], &second[..cut.1.min(second.len())], &first[..]].concat();
        for bytes in [&mut first, &mut mixed] {
            for (at, byte) in flips.iter().filter(|_| !bytes.is_empty()).cloned().collect::<Vec<_>>() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let detail = Detail::new(name, bytes.clone());
            writes_the_same(&detail)?;
            nothing_is_dropped(&detail)?;
        }
        writes_the_same(&Detail::new(name, second))?;
    }

    #[test]
    fn any_fields_are_written_the_same(name in select(&TYPES[..]), bytes in super::random::fields()) {
        let detail = Detail::new(name, bytes);
        writes_the_same(&detail)?;
        nothing_is_dropped(&detail)?;
    }
}

#[test]
fn what_is_not_usual_goes_the_general_way() {
    let delay = |text: &str| json!({"@type": "google.rpc.RetryInfo", "retryDelay": text});
    let rows = [
        ("another type", json!({"@type": "google.rpc.HttpResponse"})),
        ("no type", json!({"reason": "A"})),
        ("base64", json!({"@type": "google.rpc.ErrorInfo", "value": "CAE="})),
        ("null in a list", json!({"@type": "google.rpc.DebugInfo", "stackEntries": [null]})),
        ("fraction", json!({"@type": "google.rpc.QuotaFailure", "violations": [{"quotaValue": 1.0}]})),
        ("plus", json!({"@type": "google.rpc.QuotaFailure", "violations": [{"quotaValue": "+1"}]})),
        ("short fraction", delay("1.5s")),
        ("out of range", delay("315576000001s")),
    ];
    for (name, json) in rows {
        assert_eq!(standard::read(&json), None, "{name}");
    }
    let rows: [(&str, &str, &[u8]); 8] = [
        ("another type", "google.rpc.Status", b""),
        ("unknown field", "google.rpc.RequestInfo", b"\x1a\x00"),
        ("given twice", "google.rpc.RequestInfo", b"\x0a\x01a\x0a\x01b"),
        ("another order", "google.rpc.RequestInfo", b"\x12\x01a\x0a\x01b"),
        ("another wire type", "google.rpc.RequestInfo", b"\x08\x01"),
        ("no UTF-8", "google.rpc.RequestInfo", b"\x0a\x01\xff"),
        ("cut", "google.rpc.RequestInfo", b"\x0a\x02a"),
        ("signs that differ", "google.rpc.RetryInfo", b"\x0a\x0d\x08\x01\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
    ];
    for (name, type_name, bytes) in rows {
        assert_eq!(written(&Detail::new(type_name, bytes)), None, "{name}");
    }
}
