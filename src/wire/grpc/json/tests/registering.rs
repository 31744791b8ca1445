//! Descriptor sets of users.

use std::error::Error;

use prost::Message;
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use serde_json::json;

use super::super::Registry;
use crate::model::Detail;

fn message(name: &str, type_name: &str) -> DescriptorProto {
    let field = FieldDescriptorProto {
        name: Some("inner_part".to_owned()),
        number: Some(1),
        label: Some(Label::Optional.into()),
        r#type: Some(Type::Message.into()),
        type_name: Some(type_name.to_owned()),
        ..Default::default()
    };
    DescriptorProto { name: Some(name.to_owned()), field: vec![field], ..Default::default() }
}

fn file(name: &str, package: &str, imports: &[&str], messages: Vec<DescriptorProto>) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        dependency: imports.iter().map(|&import| import.to_owned()).collect(),
        message_type: messages,
        syntax: Some("proto3".to_owned()),
        ..Default::default()
    }
}

fn set(file: Vec<FileDescriptorProto>) -> Vec<u8> {
    FileDescriptorSet { file }.encode_to_vec()
}

#[test]
fn a_users_type_becomes_readable() {
    let widget = file(
        "acme/widget.proto",
        "acme",
        &["google/rpc/error_details.proto"],
        vec![message("Widget", ".google.rpc.RequestInfo")],
    );
    let detail = Detail::new("type.acme.test/acme.Widget", &b"\x0a\x03\x0a\x01x"[..]);
    let json = json!({"@type": "type.acme.test/acme.Widget", "innerPart": {"requestId": "x"}});
    let set = set(vec![widget]);
    let registry = Registry::default().with_descriptor_set(&set).unwrap();
    // A second time changes nothing.
    let registry = registry.with_descriptor_set(&set).unwrap();
    assert_eq!(registry.detail_to_json(&detail), json);
    assert_eq!(registry.detail_from_json(&json).unwrap(), detail);
    assert!(registry.strip_unknown(&detail).is_some());
    // The default one does not learn from it.
    assert!(Registry::default().strip_unknown(&detail).is_none());
}

#[test]
fn the_set_of_tonic_types_fits() {
    // Its files lack the `google/rpc/` prefix.
    let mut with_user = FileDescriptorSet::decode(tonic_types::pb::FILE_DESCRIPTOR_SET).unwrap();
    let names: Vec<_> = with_user.file.iter().map(|file| file.name().to_owned()).collect();
    let details = names.iter().find(|name| name.ends_with("error_details.proto")).unwrap();
    with_user.file.push(file("w.proto", "acme", &[details], vec![message("Widget", ".google.rpc.Help")]));
    let registry = Registry::default().with_descriptor_set(&with_user.encode_to_vec()).unwrap();
    let json = json!({"@type": "acme.Widget", "innerPart": {"links": [{"url": "https://a.test"}]}});
    assert!(registry.detail_from_json(&json).is_ok());
}

#[test]
fn a_copy_of_google_rpc_with_more_types_fits() {
    // Google's own `http.proto` has `HttpRequest` too.
    let http = file(
        "google/rpc/http.proto",
        "google.rpc",
        &[],
        vec![message("HttpHeader", ".google.rpc.HttpHeader"), message("HttpRequest", ".google.rpc.HttpHeader")],
    );
    let user = file(
        "u.proto",
        "acme",
        &["google/rpc/http.proto"],
        vec![message("Sent", ".google.rpc.HttpRequest"), message("Header", ".google.rpc.HttpHeader")],
    );
    let registry = Registry::default().with_descriptor_set(&set(vec![user, http])).unwrap();
    let json = json!({"@type": "acme.Sent", "innerPart": {"innerPart": {"key": "a"}}});
    assert!(registry.detail_from_json(&json).is_ok());
    assert!(registry.detail_from_json(&json!({"@type": "acme.Header", "innerPart": {"key": "a"}})).is_ok());
}

#[test]
fn two_files_of_one_name_fit() {
    let one = set(vec![file("errors.proto", "one", &[], vec![message("A", ".one.A")])]);
    let two = set(vec![file("errors.proto", "two", &[], vec![message("A", ".two.A")])]);
    let registry = Registry::default().with_descriptor_set(&one).unwrap().with_descriptor_set(&two).unwrap();
    for name in ["one.A", "two.A"] {
        assert!(registry.detail_from_json(&json!({"@type": name, "innerPart": {"innerPart": {}}})).is_ok(), "{name}");
    }
}

#[test]
fn what_is_refused() {
    let one = set(vec![file("a.proto", "one", &[], vec![message("A", ".one.A"), message("B", ".one.B")])]);
    let registry = Registry::default().with_descriptor_set(&one).unwrap();
    let rows = [
        ("bytes", b"\xff".to_vec(), "the bytes are not a google.protobuf.FileDescriptorSet", true),
        (
            "another definition",
            set(vec![file("b.proto", "one", &[], vec![message("A", ".one.B")])]),
            "one.A is already registered with another definition",
            false,
        ),
        (
            "no import",
            set(vec![file("c.proto", "two", &["d.proto"], vec![])]),
            "the descriptor set does not fit together",
            true,
        ),
        (
            "no type",
            set(vec![file("e.proto", "two", &[], vec![message("A", ".two.None")])]),
            "the descriptor set does not fit together",
            true,
        ),
    ];
    for (name, bytes, message, has_source) in rows {
        let error = registry.clone().with_descriptor_set(&bytes).unwrap_err();
        assert!(error.to_string().starts_with(message), "{name}: {error}");
        assert_eq!(error.source().is_some(), has_source, "{name}");
    }
}

#[test]
fn promises_of_the_types() {
    fn check<T: Clone + Send + Sync + std::fmt::Debug>() {}
    check::<Registry>();
    assert_eq!(size_of::<super::super::JsonError>(), size_of::<usize>());
    assert_eq!(size_of::<super::super::RegistryError>(), size_of::<usize>());
}
