use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn whole(text: &str) -> Option<Json<'_>> {
    let parsed = Json::parse(text)?;
    (!parsed.is_cut && parsed.rest.trim().is_empty() && parsed.conflicts.is_empty()).then_some(parsed.json)
}

#[test]
fn is_not_whole() {
    let rows = [
        ("", "nothing"),
        (r#"{"kind":"a","kind":"b"}"#, "a member twice"),
        (r#"{"kind":"a","k\u0069nd":"b"}"#, "a member twice, once escaped"),
        (r#"{"a":{"b":1,"b":2}}"#, "a member twice, further in"),
        (r#"{"a":1} {"a":1}"#, "two values"),
        (r#"{"a":1}x"#, "trailing garbage"),
        (r#"{"a":1,}"#, "trailing comma"),
        (r#"{"a":NaN}"#, "NaN"),
        (r#"{"a":Infinity}"#, "infinity"),
        (r#"{"a":1e999}"#, "a number that is none here"),
        (r#"{'a':1}"#, "single quotes"),
        (r#"{a:1}"#, "a bare name"),
        (r#"{"a":"\ud800"}"#, "half a surrogate pair"),
        ("{\"a\":\"\u{0}\"}", "a bare control character"),
        (r#"{"a":1"#, "cut"),
    ];
    for (text, what) in rows {
        assert!(whole(text).is_none(), "{what}: {text}");
    }
    let many: String = (0..2_000).map(|n| format!("\"m{n}\":0,")).collect();
    assert!(whole(&format!("{{{many}\"z\":0}}")).is_some());
    assert!(whole(&format!("{{{many}\"m7\":1}}")).is_none());
}

#[test]
fn one_value_of_a_member_that_stands_twice_is_enough() {
    let parsed = Json::parse(r#"{"a":1,"b":2,"a":1,"b":3,"c":4}"#).unwrap();
    let object = parsed.json.as_object().unwrap();
    assert_eq!((object.integer("a"), object.integer("b"), object.integer("c")), (Some(1), None, Some(4)));
    assert_eq!((parsed.conflicts, parsed.is_cut), (vec!["b".to_owned()], false));
}

#[test]
fn the_first_members_of_a_cut_object_count() {
    for text in [r#"{"a":1,"b":{"c":2},"d":[1,"#, r#"{"a":1,"b":{"c":2},"d"#, r#"{"a":1,"b":{"c":2},,"#] {
        let parsed = Json::parse(text).unwrap();
        let object = parsed.json.as_object().unwrap();
        assert!(parsed.is_cut && object.has("a") && object.has("b") && !object.has("d"), "{text}");
    }
    assert!(Json::parse("[1,").is_none() && Json::parse("{").unwrap().is_cut);
}

#[test]
fn bounds_the_depth() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(whole(&nested(64)).is_some());
    assert!(whole(&nested(65)).is_none());
    assert!(whole(&"[".repeat(10_000)).is_none());
    assert!(whole(&r#"{"a":"#.repeat(10_000)).is_none());
}

#[test]
fn borrows_what_is_not_escaped() {
    let json = whole("{\"__proto__\":\"plain\",\"b\":\"\\u0000\"}").unwrap();
    let object = json.as_object().unwrap();
    assert!(matches!(object.get("__proto__"), Some(Json::Text(Cow::Borrowed("plain")))));
    assert_eq!(object.text("b"), Some("\0"));
}

#[test]
fn reads_whole_numbers() {
    let rows = [
        ("5", Some(5)),
        ("5.0", Some(5)),
        ("-1", Some(-1)),
        ("5.5", None),
        ("1e300", None),
        ("18446744073709551615", None),
        (r#""5""#, None),
        ("-0", Some(0)),
        ("9007199254740993", Some(9_007_199_254_740_993)),
    ];
    for (text, expected) in rows {
        assert_eq!(whole(text).unwrap().as_integer(), expected, "{text}");
    }
}

/// In each of these a character becomes another, or two, or none.
const TEXTS: [&str; 4] = [
    r#" {"a": [1, -2.5e+3, 0], "b\\c": "d\n\"\/\u00e9\ud83d\ude08", "longer": {"f": null}} "#,
    r#"[true,false,null,{},[],"",-0,1E2,18446744073709551616,12.0]"#,
    "{\"größe\":\"über acht Zeichen lang\",\n\t\"x\":{\"y\":[[]]}}",
    r#""only a text""#,
];

proptest! {
    #[test]
    fn reads_what_serde_json_reads(
        text in 0..TEXTS.len(),
        at in 0..80usize,
        other in r#"[\[\]{}",:0-9.eE+\-tfnu\\ \n\t\x01\x7fé]{0,2}"#,
    ) {
        let chars: Vec<_> = TEXTS[text].chars().collect();
        let (before, after) = chars.split_at(at % chars.len());
        let text: String = before.iter().copied().chain(other.chars()).chain(after[1..].iter().copied()).collect();
        let expected = serde_json::from_str::<Value>(&text).ok();
        prop_assert_eq!(whole(&text).map(Json::into_value), expected, "{}", text);
    }
}
