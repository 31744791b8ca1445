//! Proto files and descriptor sets that want to hurt.

use proptest::prelude::*;

use crate::catalog::Catalog;

fn kind(option: &str) -> String {
    format!(
        "syntax = \"proto3\";\nimport \"errwire/v1/annotations.proto\";\nenum E {{\n  option (errwire.v1.catalog).domain = \"d\";\n  Z = 0;\n  A_KIND = 1 [(errwire.v1.kind) = {option}];\n}}\n"
    )
}

#[test]
fn depth_does_not_recurse() {
    for (open, close) in [("{a:", "}"), ("{a <", ">}"), ("{a: [", "]}"), ("{a {", "}}")] {
        let text = kind(&format!("{}1{}", open.repeat(20_000), close.repeat(20_000)));
        assert!(Catalog::from_proto("f", &text).is_err());
    }
    let nested = format!("syntax = \"proto3\";{}{}", "message M {".repeat(20_000), "}".repeat(20_000));
    assert!(Catalog::from_proto("f", &nested).is_err());
}

/// Many kinds on one line, with characters of several bytes: places do not cost the square of the length.
#[test]
fn a_long_line_is_read_once() {
    let mut text = "syntax = \"proto3\"; import \"errwire/v1/annotations.proto\"; enum E { option (errwire.v1.catalog).domain = \"d\"; Z = 0;".to_owned();
    for number in 1..5_000 {
        text.push_str(&format!(
            " KIND_{number} = {number} [(errwire.v1.kind) = {{status: 400 code: ABORTED message: \"größer\"}}];"
        ));
    }
    text.push('}');
    assert_eq!(Catalog::from_proto("f", &text).unwrap().len(), Catalog::builtin().len() + 4_999);
}

proptest! {
    #[test]
    fn any_set_is_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Catalog::from_descriptor_set("f", &bytes);
    }

    #[test]
    fn any_likely_option_is_read(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "status", "code", "message", "localized", "deprecated", "retry_delay", "key", "value", "since", ":", " ", "{", "}", "<",
                ">", "[", "]", ",", ";", "(", ")", ".", "\"", "'", "\\", "\\x", "\\777", "\\u12", "404", "-", "1e5", "0x", "ABORTED", "true",
                "/*", "*/", "//", "\n", "ü", "\0", "=", "[a.b]", "\"de\"", "key: \"de\"", "localized {",
            ]),
            0..30,
        )
    ) {
        let _ = Catalog::from_proto("f", &kind(&parts.concat()));
        let _ = Catalog::from_proto("f", &kind(&format!("{{{}}}", parts.concat())));
    }
}
