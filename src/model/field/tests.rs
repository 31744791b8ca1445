use prost::Message;

use super::*;
use crate::model::{Detail, rpc};

#[test]
fn reads_what_prost_writes() {
    let info = rpc::ErrorInfo {
        reason: "TASK_NOT_FOUND".into(),
        domain: "api.example.com".into(),
        metadata: [("task".into(), "7".into())].into(),
    };
    let detail = Detail::from(info);
    assert_eq!(
        ErrorInfoView::of(detail.view()),
        Some(ErrorInfoView { reason: b"TASK_NOT_FOUND", domain: b"api.example.com" })
    );
}

#[test]
fn reads_texts_as_prost_does() {
    let rows: [&[u8]; 8] = [
        b"",
        b"\x0a\x01a\x12\x01b",
        b"\x12\x01b\x0a\x01a\x0a\x02aa\x1a\x01c\x20\x05",
        b"\x0a\x02\xc3\xa4",
        b"\x0a\x01\xff",
        b"\x12\x01\xff",
        b"\x08\x01",
        b"\x0a\x05a",
    ];
    for bytes in rows {
        let theirs = rpc::RequestInfo::decode(bytes).ok();
        let theirs = theirs.as_ref().map(|info| [&*info.request_id, &*info.serving_data]);
        assert_eq!(texts::<2>(bytes), theirs, "{bytes:x?}");
    }
}

#[test]
fn skips_what_it_does_not_know() {
    // Field 9 as a group that holds a varint and a nested group, then field 1 as the string "A".
    let bytes = [0x4b, 0x08, 0x01, 0x53, 0x54, 0x4c, 0x0a, 0x01, b'A'];
    let fields: Vec<_> = Fields(&bytes).collect();
    assert_eq!(fields, [Ok((9, Field::Other)), Ok((1, Field::Bytes(b"A")))]);
}

#[test]
fn agrees_with_prost_about_what_is_broken() {
    let rows: [&[u8]; 8] =
        [&[0x0a], &[0x0a, 5, 1], &[0x80; 11], &[0x4b], &[0x4c], &[0x07], &[0x00, 0x00], &[0x0d, 1, 2, 3]];
    for bytes in rows {
        assert!(rpc::RequestInfo::decode(bytes).is_err(), "{bytes:x?}");
        assert_eq!(Fields(bytes).last(), Some(Err(Broken)), "{bytes:x?}");
    }
}

#[cfg(feature = "server")]
#[test]
fn a_length_takes_as_many_bytes_as_it_needs() {
    // <https://protobuf.dev/programming-guides/encoding/#varints>
    let rows: [(usize, &[u8]); 8] = [
        (0, b"\x00"),
        (1, b"\x01"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (300, b"\xac\x02"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
        (2_097_152, b"\x80\x80\x80\x01"),
    ];
    for (len, written) in rows {
        let content: Vec<u8> = (0..len).map(|at| at as u8).collect();
        let expected = [&b"before\x0a"[..], written, &content].concat();
        let (mut short, mut long) = (b"before".to_vec(), b"before".to_vec());
        let (at, at_long) = (open(0x0a, &mut short), open_long(0x0a, &mut long));
        short.extend(&content);
        long.extend(&content);
        close(at, &mut short);
        close_long(at_long, &mut long);
        assert!(short == expected && long == expected, "{len}");
    }
}
