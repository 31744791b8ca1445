//! Bodies that want to break the reader.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;

use super::{json, summary, with};
use crate::wire::http::{Dialect, Evidence, ResponseHead, read};

fn raw(body: impl Into<Bytes>) -> crate::wire::http::Reading {
    read(&ResponseHead { status: 404, headers: &HeaderMap::new(), to_head: false }, &body.into())
}

/// Under a JSON type: what two readers may read differently is not read, and the rest is.
#[test]
fn two_readers_may_disagree() {
    let rows = [
        (r#"{"kind":"a_a","kind":"b_b","message":"m"}"#, "Envelope? [] [] m ..."),
        (r#"{"kind":"a_a","kind":"a_a","message":"m"}"#, "KindMessage [] [a_a] m"),
        (r#"{"kind":"a_a","message":"m"}x"#, "KindMessage [] [a_a] m ..."),
        (r#"{"kind":"a_a","message":"m"}{"kind":"b_b","message":"m"}"#, "KindMessage [] [a_a] m ..."),
        (r#"{"kind":"a_a","message":NaN}"#, "Envelope [] [a_a] - ..."),
        (r#"{"kind":"a_a","message":"m","x":NaN}"#, "KindMessage [] [a_a] m ..."),
        (r#"{"kind":"a_a","message":"m""#, "KindMessage [] [a_a] m ..."),
        (r#"{"kind":"a_a","message":"\ud800"}"#, "Envelope [] [a_a] - ..."),
    ];
    for (body, expected) in rows {
        assert_eq!(summary(&json(404, body)), expected, "{body}");
    }
    let broken = json(404, r#"{kind:"a_a",message:"m"}"#);
    assert_eq!((broken.evidence, broken.kind, broken.notes.len()), (Evidence::Weak, None, 1));
    let comment = json(404, "// c\n{\"kind\":\"a_a\",\"message\":\"m\"}");
    assert_eq!((comment.dialect, comment.evidence, comment.kind), (Dialect::Text, Evidence::None, None));
}

#[test]
fn other_encodings_of_text() {
    let marked = "\u{feff}{\"kind\":\"a_a\",\"message\":\"m\"}";
    assert_eq!(summary(&json(404, marked)), "KindMessage [] [a_a] m");
    assert_eq!(summary(&json(404, "\u{feff}{\"code\":\"not_found\"}")), "Connect [NOT_FOUND] [] -");
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(summary(&raw(utf16)), "KindMessage [] [a_a] m");
    // Without a mark its zeros show UTF-16, and what is not UTF-8 is what most servers mean by no label.
    let utf16: Vec<u8> = marked.encode_utf16().skip(1).flat_map(u16::to_be_bytes).collect();
    assert_eq!(summary(&raw(utf16)), "KindMessage [] [a_a] m");
    assert_eq!(summary(&raw(&b"{\"kind\":\"a_a\",\"message\":\"\xfc\"}"[..])), "KindMessage [] [a_a] ü");
    assert_eq!(raw(&b"\xff\"kind\""[..]).dialect, Dialect::Text);
    assert_eq!(raw(vec![0; 1000]).message, None);
}

#[test]
fn odd_but_valid() {
    assert_eq!(summary(&json(404, r#"{"kind":"a_a","message":"\u0000"}"#)), "KindMessage [] [a_a] \0");
    assert_eq!(
        summary(&json(404, r#"{"__proto__":{"kind":"x_x"},"kind":"a_a","message":"m"}"#)),
        "KindMessage [] [a_a] m ..."
    );
    assert_eq!(summary(&json(404, r#"{"constructor":null,"message":"m"}"#)), "Envelope? [] [] m");
}

#[test]
fn depth() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"{"error":"#, "}"), (r#"[{"errors":"#, "}]")] {
        let bomb = open.repeat(10_000);
        assert_eq!(raw(bomb.clone()).dialect, Dialect::Text);
        assert_eq!(raw(format!("{bomb}1{}", close.repeat(10_000))).dialect, Dialect::Text);
        let deep = format!(r#"{{"kind":"a_a","message":"m","x":{}1{}}}"#, open.repeat(31), close.repeat(31));
        assert_eq!(summary(&raw(deep)), "KindMessage [] [a_a] m ...");
    }
}

#[test]
fn size() {
    let start = Instant::now();
    let of = |len: usize| format!(r#"{{"kind":"{}","message":"m"}}"#, "k".repeat(len));
    for (len, dialect) in [(60_000, Dialect::KindMessage), (1_000_000, Dialect::Text), (10_000_000, Dialect::Text)] {
        let reading = raw(of(len));
        assert_eq!(reading.dialect, dialect);
        assert_eq!(reading.complete, dialect == Dialect::KindMessage);
    }
    let fits = format!(r#"{{"kind":"a_a","message":"{}"}}"#, "m".repeat(64 * 1024 - 27));
    assert_eq!((fits.len(), raw(fits.clone()).dialect), (65_536, Dialect::KindMessage));
    // One byte more is cut, and what stands before it counts.
    assert_eq!(raw(format!("{fits} ")).dialect, Dialect::KindMessage);
    let reading = with(404, &[("content-type", "application/json")], &fits.replace("\"m", "\"mm"));
    assert_eq!((reading.evidence, reading.kind.as_deref(), reading.complete), (Evidence::Strong, Some("a_a"), false));

    let huge = Bytes::from(vec![b'{'; 100_000_000]);
    let before = Instant::now();
    assert_eq!(raw(huge).dialect, Dialect::Text);
    assert!(before.elapsed() < Duration::from_secs(20), "only the start is looked at");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn many_members() {
    let members: String = (0..6_000).map(|n| format!("\"{n}\":[],")).collect();
    let before = Instant::now();
    assert_eq!(raw(format!("{{{members}\"x\":1}}")).evidence, Evidence::Weak);
    let items = "{},".repeat(20_000);
    assert_eq!(raw(format!("{{\"errors\":[{items}1]}}")).evidence, Evidence::Weak);
    let metadata: String = (0..5_000).map(|n| format!("\"{n}\":\"x\",")).collect();
    let twirp = raw(format!("{{\"code\":\"internal\",\"msg\":\"m\",\"meta\":{{{metadata}\"z\":\"\"}}}}"));
    assert_eq!(twirp.metadata.len(), 5_001);
    assert!(before.elapsed() < Duration::from_secs(20));
}

#[test]
fn violations_do_not_multiply_the_body() {
    let body = |field: usize, texts: usize| {
        format!(r#"{{"message":"m","errors":{{"{}":["x"{}]}}}}"#, "f".repeat(field), r#","x""#.repeat(texts - 1))
    };
    let size = |field, texts| {
        let reading = raw(body(field, texts));
        assert_eq!(reading.message.as_deref(), Some("m"));
        (reading.details.iter().map(|detail| detail.value().len()).sum::<usize>(), reading.complete)
    };
    assert_eq!(size(30_000, 8_000), (0, false));
    assert!(size(256, 8_000).0 < 100_000 && !size(256, 8_000).1);
    assert!(size(256, 256).1);
}

#[test]
fn shares_the_bytes_of_the_body() {
    for body in [
        r#"{"kind":"task_not_found","message":"No task."}"#,
        r#"{"kind":"task_not_found","message":"No task.","x":1}"#,
        r#"{"code":"task_not_found","message":"No task."}"#,
    ] {
        let body = Bytes::from(body);
        let reading = raw(body.clone());
        let within = |text: &str| body.as_ptr_range().contains(&text.as_ptr());
        assert!(within(&reading.kind.unwrap()) && within(&reading.message.unwrap()), "{body:?}");
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300), status in 0u32..1200) {
        read(&ResponseHead { status, headers: &HeaderMap::new(), to_head: false }, &body.into());
    }

    #[test]
    fn never_panics_on_json(body in r#"\{("(kind|message|error|errors|code|detail|details|type|title|status|reason|msg|meta|__type)":("x"|"not_found"|5|404|null|\[\]|\{\}|\[\{"message":"m"\}\]|\[\{"field":"f"\}\]|\{"code":"c","message":"m"\}|\["t"\]),){0,5}"z":1\}"#) {
        let reading = json(404, &body);
        proptest::prop_assert!(!reading.complete);
    }
}
