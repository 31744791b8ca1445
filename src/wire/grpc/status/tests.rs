use prost::Message;

use super::*;
use crate::{model::rpc, wire::grpc::Outgoing};

fn sample(message: &str, value: usize) -> (Status, rpc::Status) {
    let info = rpc::ErrorInfo { reason: "A".repeat(value), ..Default::default() };
    let details: Vec<_> = [prost_types::Any::from_msg(&info).unwrap(), prost_types::Any::default()].into();
    let ours = details.iter().map(|any| Detail::new(any.type_url.clone(), any.value.clone())).collect();
    (
        Status { code: Code::Unauthenticated, message: message.into(), details: ours },
        rpc::Status { code: 16, message: message.into(), details },
    )
}

#[test]
fn encodes_as_prost_does() {
    for (message, value) in [("", 0), ("x", 1), ("Größe", 127), (&*"m".repeat(130), 20_000)] {
        let (ours, theirs) = sample(message, value);
        assert_eq!(ours.encode(), theirs.encode_to_vec());
        assert_eq!(ours.encoder().len(), theirs.encoded_len());
        assert_eq!(WireSize::of(&ours).fields(), ours.to_trailers().size());
        assert!(Outgoing::from(ours.clone()).wire_size_at_most() >= ours.to_trailers().size());
        let back = RawStatus::decode(&ours.encode()).unwrap();
        assert_eq!((back.code, &back.message, &back.details), (16, &ours.message, &ours.details));
    }
}

#[test]
fn leaves_details_out_when_there_are_none() {
    let status = Status { code: Code::Aborted, message: "".into(), details: Details::new() };
    assert_eq!(status.to_trailers(), Trailers { grpc_status: "10".into(), ..Default::default() });
    // RFC 9113: 11 for the name, 2 for the value, 32.
    assert_eq!((WireSize::of(&status).fields(), WireSize::of(&status).details_field()), (45, 0));
}

#[test]
fn refuses_an_invalid_status() {
    for bytes in [&b"\x0a\x01A"[..], b"\x1a\x05", b"\x1a\x02\x08\x01"] {
        assert_eq!(RawStatus::decode(&Bytes::from_static(bytes)).err(), Some(DecodeError(())), "{bytes:x?}");
    }
}

#[test]
fn what_is_not_utf_8_costs_that_text_alone() {
    let bytes = Bytes::from_static(b"\x08\x05\x12\x03a\xffb\x1a\x06\x0a\x01\xff\x12\x01v\x1a\x03\x0a\x01t");
    let status = RawStatus::decode(&bytes).unwrap();
    let details: Vec<_> = status.details.iter().map(|detail| (detail.type_url(), &detail.value()[..])).collect();
    assert_eq!((status.code, &*status.message), (5, "a\u{fffd}b"));
    assert_eq!(details, [("\u{fffd}", &b"v"[..]), ("t", b"")]);
}
