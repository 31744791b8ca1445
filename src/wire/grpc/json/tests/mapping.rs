//! The table of <https://protobuf.dev/programming-guides/json/#field-representation>, on a message with a field of
//! each kind.

use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MessageOptions,
    field_descriptor_proto::{Label, Type},
};
use serde_json::{Value as Json, json};

use super::super::Registry;

const WELL_KNOWN: [(&str, &str); 16] = [
    ("any", "Any"),
    ("time", "Timestamp"),
    ("duration", "Duration"),
    ("mask", "FieldMask"),
    ("struct", "Struct"),
    ("value", "Value"),
    ("list_value", "ListValue"),
    ("empty", "Empty"),
    ("double_box", "DoubleValue"),
    ("float_box", "FloatValue"),
    ("int64_box", "Int64Value"),
    ("uint64_box", "UInt64Value"),
    ("int32_box", "Int32Value"),
    ("uint32_box", "UInt32Value"),
    ("string_box", "StringValue"),
    ("bytes_box", "BytesValue"),
];

const SCALARS: [(&str, Type); 15] = [
    ("bool", Type::Bool),
    ("string", Type::String),
    ("bytes", Type::Bytes),
    ("int32", Type::Int32),
    ("sint32", Type::Sint32),
    ("sfixed32", Type::Sfixed32),
    ("uint32", Type::Uint32),
    ("fixed32", Type::Fixed32),
    ("int64", Type::Int64),
    ("sint64", Type::Sint64),
    ("sfixed64", Type::Sfixed64),
    ("uint64", Type::Uint64),
    ("fixed64", Type::Fixed64),
    ("float", Type::Float),
    ("double", Type::Double),
];

fn field(name: &str, number: i32, label: Label, kind: Type, type_name: Option<&str>) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(label.into()),
        r#type: Some(kind.into()),
        type_name: type_name.map(str::to_owned),
        ..Default::default()
    }
}

/// `acme.Everything`, with `int32s`, `children`, `flags` (`map<bool, int32>`), `names` (`map<int64, Everything>`).
pub(super) fn registry() -> Registry {
    let mut message = DescriptorProto { name: Some("Everything".to_owned()), ..Default::default() };
    let mut number = 0..;
    let mut next = || number.next().unwrap_or(0) + 1;
    for (name, kind) in SCALARS {
        message.field.push(field(name, next(), Label::Optional, kind, None));
    }
    for (name, kind) in WELL_KNOWN {
        let kind = format!(".google.protobuf.{kind}");
        message.field.push(field(name, next(), Label::Optional, Type::Message, Some(&kind)));
    }
    let own = Some(".acme.Everything");
    message.field.extend([
        field("color", next(), Label::Optional, Type::Enum, Some(".acme.Color")),
        field("nothing", next(), Label::Optional, Type::Enum, Some(".google.protobuf.NullValue")),
        field("int32s", next(), Label::Repeated, Type::Int32, None),
        field("child", next(), Label::Optional, Type::Message, own),
        field("children", next(), Label::Repeated, Type::Message, own),
        field("flags", next(), Label::Repeated, Type::Message, Some(".acme.Everything.FlagsEntry")),
        field("names", next(), Label::Repeated, Type::Message, Some(".acme.Everything.NamesEntry")),
    ]);
    let entry = |name: &str, key, value| DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![key, value],
        options: Some(MessageOptions { map_entry: Some(true), ..Default::default() }),
        ..Default::default()
    };
    message.nested_type = vec![
        entry(
            "FlagsEntry",
            field("key", 1, Label::Optional, Type::Bool, None),
            field("value", 2, Label::Optional, Type::Int32, None),
        ),
        entry(
            "NamesEntry",
            field("key", 1, Label::Optional, Type::Int64, None),
            field("value", 2, Label::Optional, Type::Message, own),
        ),
    ];
    let values = [("UNKNOWN", 0), ("RED", 1)];
    let value = values.map(|(name, number)| EnumValueDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        ..Default::default()
    });
    let color = EnumDescriptorProto { name: Some("Color".to_owned()), value: value.into(), ..Default::default() };
    let imports = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];
    let file = FileDescriptorProto {
        name: Some("acme.proto".to_owned()),
        package: Some("acme".to_owned()),
        dependency: imports.map(|name| format!("google/protobuf/{name}.proto")).into(),
        message_type: vec![message],
        enum_type: vec![color],
        syntax: Some("proto3".to_owned()),
        ..Default::default()
    };
    Registry::default().with_descriptor_set(&FileDescriptorSet { file: vec![file] }.encode_to_vec()).unwrap()
}

const EVERYTHING: &str = "acme.Everything";

#[test]
fn what_is_written_reads_back() {
    let rows = [
        ("defaults", json!({})),
        ("bool", json!({"bool": true})),
        ("string", json!({"string": "Hello World!"})),
        ("bytes", json!({"bytes": "YWJjMTIzIT8kKiYoKSctPUB+"})),
        ("smallest", json!({"int32": i32::MIN, "sint32": i32::MIN, "sfixed32": i32::MIN})),
        ("largest", json!({"int32": i32::MAX, "uint32": u32::MAX, "fixed32": u32::MAX})),
        ("64 bits", json!({"int64": "-9223372036854775808", "sint64": "-1", "sfixed64": "1"})),
        ("64 bits unsigned", json!({"uint64": "18446744073709551615", "fixed64": "1"})),
        ("float", json!({"float": 1.5, "double": 0.1})),
        ("whole", json!({"float": -10, "double": 9_007_199_254_740_991_i64})),
        ("large", json!({"double": 1e300})),
        ("not finite", json!({"float": "NaN", "double": "-Infinity"})),
        ("infinite", json!({"float": "Infinity"})),
        ("enum", json!({"color": "RED"})),
        ("enum without a name", json!({"color": 7})),
        ("list", json!({"int32s": [1, 0, -1], "children": [{}, {"bool": true}]})),
        ("map", json!({"flags": {"true": 1, "false": 0}, "names": {"-1": {}, "10": {"flags": {"true": 2}}}})),
        ("any", json!({"any": {"@type": "x/google.protobuf.Duration", "value": "1.212s"}})),
        ("any of Empty", json!({"any": {"@type": "x/google.protobuf.Empty", "value": {}}})),
        ("any of a value", json!({"any": {"@type": "x/google.protobuf.Value", "value": null}})),
        ("any of ours", json!({"any": {"@type": "x/acme.Everything", "any": {}}})),
        ("time", json!({"time": "1972-01-01T10:00:20.021Z"})),
        ("first time", json!({"time": "0001-01-01T00:00:00Z"})),
        ("last time", json!({"time": "9999-12-31T23:59:59.999999999Z"})),
        ("duration", json!({"duration": "-315576000000.999999999s"})),
        ("mask", json!({"mask": "f.fooBar,h"})),
        ("struct", json!({"struct": {"a": null, "b": [1, "x", {"c": false}], "d": {}}})),
        ("null", json!({"value": null})),
        ("value", json!({"value": {"a": [-0.5]}})),
        ("list value", json!({"listValue": ["foo", "bar", []]})),
        ("empty", json!({"empty": {}})),
        ("boxes", json!({"doubleBox": 0, "floatBox": "NaN", "int64Box": "0", "uint64Box": "1", "int32Box": 0})),
        ("more boxes", json!({"uint32Box": 0, "stringBox": "", "bytesBox": ""})),
        ("child", json!({"child": {"child": {"child": {}}}})),
    ];
    for (name, json) in rows {
        let registry = registry();
        let bytes = registry.message_from_json(EVERYTHING, &json.to_string()).unwrap();
        assert_eq!(registry.message_to_json(EVERYTHING, &bytes).unwrap(), json, "{name}");
    }
}

#[test]
fn other_spellings_that_are_read() {
    let rows = [
        ("numbers as texts", json!({"int32": "-1", "double": "1.5", "float": "1e2"})),
        ("exponents", json!({"int32": 1e2, "int64": "1e2", "uint64": 100.0})),
        ("64 bits as numbers", json!({"int64": -5, "uint64": u64::MAX})),
        ("URL-safe base64", json!({"bytes": "-_8"})),
        ("time with an offset", json!({"time": "1972-01-01T10:00:20.021+01:00"})),
        ("enum as a number", json!({"color": 1})),
        ("proto name", json!({"list_value": [], "double_box": 1})),
        ("zeros", json!({"bool": false, "string": "", "int32s": []})),
        ("nulls", json!({"bool": null, "string": null, "int32s": null, "child": null, "doubleBox": null, "any": null})),
        ("null value", json!({"nothing": null})),
    ];
    for (name, json) in rows {
        let read = registry().message_from_json(EVERYTHING, &json.to_string());
        assert!(read.is_ok(), "{name}: {}", read.unwrap_err());
    }
}

#[test]
fn what_is_refused() {
    let rows: [(&str, Json); 30] = [
        ("text as bool", json!({"bool": "true"})),
        ("number as text", json!({"string": 1})),
        ("fraction", json!({"int32": 0.5})),
        ("too large", json!({"int32": 2_147_483_648_i64})),
        ("too small", json!({"uint64": -1})),
        ("huge", json!({"int64": 1e300})),
        ("plus", json!({"int32": "+1"})),
        ("blank", json!({"int32": " 1"})),
        ("empty text", json!({"int32": ""})),
        ("Rust's own words", json!({"double": "inf"})),
        ("float out of range", json!({"float": 1e300})),
        ("text out of range", json!({"double": "1e999"})),
        ("null in a list", json!({"int32s": [null]})),
        ("null in a map", json!({"flags": {"true": null}})),
        ("key", json!({"flags": {"1": 1}})),
        ("number key", json!({"names": {"a": {}}})),
        ("enum in lower case", json!({"color": "red"})),
        ("duration without a unit", json!({"duration": "1"})),
        ("duration out of range", json!({"duration": "315576000001s"})),
        ("time without a zone", json!({"time": "1972-01-01T10:00:20"})),
        ("date alone", json!({"time": "1972-01-01"})),
        ("time without seconds", json!({"time": "1972-01-01T10:00Z"})),
        ("time with a blank", json!({"time": "1972-01-01 10:00:20Z"})),
        ("time with small letters", json!({"time": "1972-01-01t10:00:20z"})),
        ("time with a short offset", json!({"time": "1972-01-01T10:00:20+01"})),
        ("time with an empty fraction", json!({"time": "1972-01-01T10:00:20.Z"})),
        ("time after the last", json!({"time": "10000-01-01T00:00:00Z"})),
        ("month 13", json!({"time": "1972-13-01T10:00:20Z"})),
        ("mask with an underscore", json!({"mask": "foo_bar"})),
        ("empty with a member", json!({"empty": {"other": 1}})),
    ];
    for (name, json) in rows {
        assert!(registry().message_from_value(EVERYTHING, &json).is_err(), "{name}");
    }
}

#[test]
fn no_json_form_is_an_error_with_a_path() {
    let rows: [(&str, &[u8], &str); 6] = [
        // Field 18 is `duration`, 22 `value`: https://protobuf.dev/programming-guides/encoding/
        ("duration", b"\x92\x01\x06\x10\x80\x94\xeb\xdc\x03", "duration: the duration is out of range"),
        // The paths that protobuf's conformance tests list as without a round trip.
        ("camel case", b"\x9a\x01\x08\x0a\x06fooBar", "mask: a path of the field mask has no JSON form"),
        ("number", b"\x9a\x01\x0b\x0a\x09foo_3_bar", "mask: a path of the field mask has no JSON form"),
        ("two underscores", b"\x9a\x01\x0a\x0a\x08foo__bar", "mask: a path of the field mask has no JSON form"),
        ("underscore at the end", b"\x9a\x01\x06\x0a\x04foo_", "mask: a path of the field mask has no JSON form"),
        ("NaN in a value", b"\xaa\x01\x09\x11\x00\x00\x00\x00\x00\x00\xf8\x7f", "value: a number is not finite"),
    ];
    for (name, bytes, message) in rows {
        let error = registry().message_to_json(EVERYTHING, bytes).unwrap_err();
        assert_eq!(error.to_string(), message, "{name}");
    }
}

#[test]
fn a_hundred_levels() {
    let nest = |levels, inner| (0..levels).fold(inner, |child, _| json!({"child": child}));
    let registry = registry();
    for levels in [97, 98, 99] {
        let json = nest(levels, json!({}));
        let bytes = registry.message_from_value(EVERYTHING, &json).unwrap();
        assert_eq!(registry.message_to_json(EVERYTHING, &bytes).unwrap(), json, "{levels}");
    }
    for levels in [100, 101, 200] {
        assert!(registry.message_from_value(EVERYTHING, &nest(levels, json!({}))).is_err(), "{levels}");
    }
    for levels in 20..40 {
        let inner = (0..levels).fold(json!({}), |inner, _| json!({"a": inner}));
        let json = json!({"struct": inner});
        let Ok(bytes) = registry.message_from_value(EVERYTHING, &json) else { continue };
        assert_eq!(registry.message_to_json(EVERYTHING, &bytes).unwrap(), json, "{levels}");
    }
}
