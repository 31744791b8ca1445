//! Lists of details as text: read without a tree, and by the general way from a tree that names no member twice.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde::de::DeserializeSeed;
use serde_json::{Value as Json, json};

use super::{
    super::{Registry, StandardDetails, text},
    standard::{ODD_NAMES, mutate, odd, usual_detail},
};
use crate::model::{Detail, Details};

fn read(text: &str) -> Option<Vec<Detail>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut details = Details::new();
    StandardDetails(&mut details).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(details.into_vec())
}

/// `None` if any of the details is none.
fn read_generally(text: &str) -> Option<Vec<Detail>> {
    let list = text::parse(text).ok()?;
    list.as_array()?.iter().map(|json| Registry::default().any_detail_from_json(json).ok()).collect()
}

/// Writes characters as escapes: `\u` and four digits, and a pair of those for what is above U+FFFF.
fn escaped(text: &str, which: &[bool]) -> String {
    let mut which = which.iter().cycle();
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars() {
        let is_syntax = before == '\\' || "{}[]:,\"\\ ".contains(c);
        if !is_syntax && which.next().copied().unwrap_or_default() {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}"));
        } else {
            out.push(c);
        }
        before = if before == '\\' { ' ' } else { c };
    }
    out
}

/// As text, `@type` first, as every writer of ProtoJSON has it, and the other members of each object from any one on.
fn text_of(json: &Json, from: usize) -> String {
    match json {
        Json::Object(object) => {
            let (first, rest): (Vec<_>, Vec<_>) = object.iter().partition(|(name, _)| *name == "@type");
            let from = from % rest.len().max(1);
            let members = first.iter().chain(&rest[from..]).chain(&rest[..from]);
            let members = members.map(|(name, json)| format!("{}:{}", Json::from(name.as_str()), text_of(json, from)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Json::Array(items) => {
            format!("[{}]", items.iter().map(|item| text_of(item, from)).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn agree(text: &str) -> Result<bool, TestCaseError> {
    let short = read(text);
    let is_usual = short.is_some();
    if is_usual {
        prop_assert_eq!(short, read_generally(text), "{}", text);
    }
    Ok(is_usual)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn usual_lists_take_the_short_way(
        details in vec(usual_detail(), 0..4),
        which in vec(prop::bool::weighted(0.1), 1..9),
        from in 0..4_usize,
    ) {
        let list: Json = details.into_iter().map(|(_, json)| json).collect();
        let text = text_of(&list, from);
        for text in [escaped(&text, &which), serde_json::to_string_pretty(&list).unwrap(), text] {
            if read_generally(&text).is_some() {
                prop_assert!(agree(&text)?, "{}", text);
            }
        }
    }

    #[test]
    fn odd_lists_are_read_the_same(
        details in vec(usual_detail(), 1..3),
        way in vec(0..8_usize, 1..6),
        name in option::of(select(&ODD_NAMES[..])),
        odd in odd(),
        from in 0..4_usize,
    ) {
        let mut list: Json = details.into_iter().map(|(_, json)| json).collect();
        mutate(&mut list, &way, name, odd);
        agree(&text_of(&list, from))?;
    }

    #[test]
    fn odd_text_is_read_the_same(
        (_, json) in usual_detail(),
        at in any::<prop::sample::Index>(),
        len in 0..24_usize,
        repeat in 0..3_usize,
        put in prop_oneof!["[\\{\\}\\[\\]\":,0-9a-z@\\\\ ]{0,3}", "\\PC{0,2}"],
    ) {
        // Cuts a piece out, or repeats it, so that members stand twice too.
        let text = json!([json]).to_string();
        let start = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let end = (start + len..).find(|at| *at >= text.len() || text.is_char_boundary(*at)).unwrap().min(text.len());
        let (piece, rest) = (&text[start..end], &text[end..]);
        agree(&format!("{}{}{put}{rest}", &text[..start], piece.repeat(repeat)))?;
    }
}

#[test]
fn what_is_not_usual_is_refused() {
    let rows = [
        ("no list", r#"{"@type":"google.rpc.Help"}"#),
        ("no object", "[1]"),
        ("no type", r#"[{}]"#),
        ("type behind", r#"[{"reason":"A","@type":"google.rpc.ErrorInfo"}]"#),
        ("another type", r#"[{"@type":"google.rpc.HttpResponse"}]"#),
        ("type twice", r#"[{"@type":"google.rpc.Help","@type":"google.rpc.Help"}]"#),
        ("member twice", r#"[{"@type":"google.rpc.ErrorInfo","reason":"A","reason":"A"}]"#),
        ("member twice, once escaped", r#"[{"@type":"google.rpc.ErrorInfo","reason":"A","re\u0061son":"A"}]"#),
        ("entry twice", r#"[{"@type":"google.rpc.ErrorInfo","metadata":{"a":"1","\u0061":"2"}}]"#),
        ("both spellings", r#"[{"@type":"google.rpc.RequestInfo","requestId":"a","request_id":"a"}]"#),
        ("unknown member", r#"[{"@type":"google.rpc.RequestInfo","id":"a"}]"#),
        ("base64", r#"[{"@type":"google.rpc.RequestInfo","value":"CgFh"}]"#),
        ("a number with a fraction", r#"[{"@type":"google.rpc.QuotaFailure","violations":[{"quotaValue":1.0}]}]"#),
        ("an item for a list", r#"[{"@type":"google.rpc.DebugInfo","stackEntries":"a"}]"#),
        ("a list for an item", r#"[{"@type":"google.rpc.RequestInfo","requestId":["a"]}]"#),
        ("a list in a list", r#"[{"@type":"google.rpc.DebugInfo","stackEntries":[["a"]]}]"#),
        ("a map for a list", r#"[{"@type":"google.rpc.Help","links":{}}]"#),
        ("short fraction", r#"[{"@type":"google.rpc.RetryInfo","retryDelay":"1.5s"}]"#),
        ("a hidden number", r#"[{"@type":"google.rpc.ErrorInfo","metadata":{"$serde_json::private::Number":"5"}}]"#),
        ("half a pair", r#"[{"@type":"google.rpc.ErrorInfo","reason":"\ud800"}]"#),
        ("garbage behind", "[]x"),
        ("cut", r#"[{"@type":"google.rpc.Help"}"#),
    ];
    for (name, text) in rows {
        assert_eq!(read(text), None, "{name}");
    }
}

#[test]
fn fields_stand_in_the_order_of_their_numbers() {
    // ErrorInfo: reason = 1, domain = 2, metadata = 3, whose entries stand in the order of their keys.
    let text = r#"[{"@type":"google.rpc.ErrorInfo","metadata":{"b":"2","a":""},"domain":"d","reason":"R"}]"#;
    let bytes = b"\x0a\x01R\x12\x01d\x1a\x03\x0a\x01a\x1a\x06\x0a\x01b\x12\x012";
    assert_eq!(read(text), Some(vec![Detail::new("google.rpc.ErrorInfo", &bytes[..])]));
}
