//! Whatever a service or a transport does, both gRPC layers end the call with one status, and change no success.

use std::{convert::Infallible, future};

use crate::layer_support::script::{Script, Seen, Step, request, see};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use errwire::{
    layer::{GrpcClientLayer, GrpcServerLayer},
    rpc,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use proptest::{collection::vec, prelude::*, sample::select};
use prost::Message as _;
use tower::{Layer as _, ServiceExt as _, service_fn};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Clone, Debug)]
enum Move {
    Data(Vec<u8>),
    Trailers(HeaderMap),
    Error,
    Panic,
    Wait,
}

#[derive(Clone, Debug)]
struct Play {
    status: u16,
    head: HeaderMap,
    moves: Vec<Move>,
    timeout: Option<&'static str>,
}

fn value() -> impl Strategy<Value = HeaderValue> {
    let random = vec(any::<u8>(), 0..40).prop_filter_map("a field", |bytes| HeaderValue::from_bytes(&bytes).ok());
    let known = ["", "0", "00", "5", "7", "16", "17", "no", "%FF", "a%", "CAcSAm5v", "CAcSAm5v,CAcSAm5v", "@@@", "CAV"];
    prop_oneof![2 => select(known.to_vec()).prop_map(HeaderValue::from_static), 1 => random]
}

fn field() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let names = ["grpc-message", "grpc-status-details-bin", "x-a", "raw-bin", "grpc-status", "retry-after"];
    (select(names.to_vec()).prop_map(HeaderName::from_static), value())
}

fn fields() -> impl Strategy<Value = HeaderMap> {
    let status = prop_oneof![2 => Just(None), 2 => Just(Some("0")), 1 => Just(Some("5"))];
    (status, vec(field(), 0..4)).prop_map(|(status, fields)| {
        let mut map = HeaderMap::new();
        if let Some(status) = status {
            map.append("grpc-status", HeaderValue::from_static(status));
        }
        for (name, value) in fields {
            map.append(name, value);
        }
        map
    })
}

fn play() -> impl Strategy<Value = Play> {
    let moves = prop_oneof![
        4 => vec(any::<u8>(), 0..20).prop_map(Move::Data),
        3 => fields().prop_map(Move::Trailers),
        1 => Just(Move::Error),
        1 => Just(Move::Panic),
        1 => Just(Move::Wait),
    ];
    let media = select(
        &[Some("application/grpc"), Some("application/grpc+proto"), Some("text/html"), Some("application/json"), None]
            [..],
    );
    let media = prop_oneof![3 => Just(Some("application/grpc")), 1 => media];
    let status = prop_oneof![4 => Just(200_u16), 1 => 200_u16..=999];
    let timeout = select(&[None, None, Some("0n"), Some("10S"), Some("x")][..]);
    (status, media, fields(), vec(moves, 0..5), timeout).prop_map(|(status, media, mut head, moves, timeout)| {
        if let Some(media) = media {
            head.insert("content-type", HeaderValue::from_static(media));
        }
        Play { status, head, moves, timeout }
    })
}

impl Play {
    /// Whether the client layer takes the first bytes for a message that can be, or for a decoder to judge.
    fn begins_with_a_frame(&self) -> bool {
        let data = self.data();
        let is_flag = data.first().is_none_or(|flag| *flag <= 1);
        if self.status == 200 { !is_flag || data.get(1).is_none_or(|byte| *byte < 0x80) } else { data.is_empty() }
    }

    fn response(&self) -> Response<Script> {
        let steps = self.moves.iter().cloned().map(|step| match step {
            Move::Data(data) => Step::Bytes(data.into()),
            Move::Trailers(trailers) => Step::Trailers(trailers),
            Move::Error => Step::Error("broken".into()),
            Move::Panic => Step::Panic,
            Move::Wait => Step::Wait,
        });
        let mut response = Response::new(Script::new(steps));
        *response.status_mut() = self.status.try_into().unwrap();
        *response.headers_mut() = self.head.clone();
        response
    }

    /// The data that come before anything else.
    fn data(&self) -> Vec<u8> {
        let moves = self.moves.iter().take_while(|step| matches!(step, Move::Data(_) | Move::Wait));
        moves.flat_map(|step| if let Move::Data(data) = step { data.clone() } else { Vec::new() }).collect()
    }

    /// The block that ends it in success: the only status, in the right place.
    fn success(&self) -> Option<&HeaderMap> {
        let says_ok = |map: &HeaderMap| {
            let mut codes = map.get_all("grpc-status").iter().peekable();
            codes.peek().is_some() && codes.all(|code| code == "0")
        };
        if self.moves.is_empty() {
            return Some(&self.head).filter(|head| says_ok(head));
        }
        let end = self.moves.iter().find(|step| !matches!(step, Move::Data(_) | Move::Wait))?;
        if let Move::Trailers(end) = end { Some(end).filter(|end| says_ok(end)) } else { None }
    }

    fn speaks_grpc(&self) -> bool {
        self.status == 200
            && self.head.get("content-type").is_some_and(|media| media.as_bytes().starts_with(b"application/grpc"))
    }

    fn has_panic(&self) -> bool {
        self.moves.iter().any(|step| matches!(step, Move::Panic))
    }
}

/// The response after either layer.
fn drive(play: &Play, to_client: bool) -> Seen {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut response = Some(play.response());
        let service = service_fn(move |_| future::ready(Ok::<_, Infallible>(response.take().unwrap())));
        let timeout = play.timeout.map(|timeout| ("grpc-timeout", timeout));
        let request = request(timeout.as_slice());
        if to_client {
            let Ok(response) = GrpcClientLayer::default().layer(service).oneshot(request).await;
            see(response).await
        } else {
            let Ok(response) = GrpcServerLayer::default().layer(service).oneshot(request).await;
            see(response).await
        }
    })
}

/// One status, in the right place, which every peer can read.
fn check_end(seen: &Seen) {
    assert!(seen.error.is_none());
    assert_eq!(seen.was_end, seen.trailers.is_none());
    assert!(seen.was_end || !seen.head.contains_key("grpc-status"));
    let end = seen.end();
    let code: i32 = seen.code().parse().unwrap();
    assert!((0..=16).contains(&code));
    if code == 0 {
        return;
    }
    assert_eq!(end.get_all("grpc-status").iter().count(), 1);
    assert!(end.get_all("grpc-message").iter().count() <= 1);
    assert!(end.get_all("grpc-status-details-bin").iter().count() <= 1);
    let details = BASE64.decode(end.get("grpc-status-details-bin").map_or(&b""[..], |value| value.as_bytes())).unwrap();
    let status = tonic::Status::from_header_map(end).unwrap();
    assert_eq!(i32::from(status.code()), code);
    if !details.is_empty() {
        let inside = rpc::Status::decode(Bytes::from(details)).unwrap();
        assert_eq!((inside.code, &*inside.message), (code, status.message()));
    }
}

fn without_status(head: &HeaderMap) -> HeaderMap {
    let mut head = head.clone();
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        head.remove(name);
    }
    head
}

fn check_success(play: &Play, seen: &Seen, is_mended: bool) {
    let Some(end) = play.success() else { return };
    let expect = |found: &HeaderMap| {
        if !is_mended {
            assert_eq!(found, end);
        }
        // Fields that mean nothing next to OK may go, since they break clients.
        assert_eq!(without_status(found), without_status(end));
        assert_eq!(found["grpc-status"], "0");
    };
    expect(seen.end());
    if !seen.was_end {
        assert_eq!(without_status(&seen.head), without_status(&play.head));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_server_layer_ends_every_call(play in play()) {
        let seen = drive(&play, false);
        // Only what the layer takes for a call of gRPC, which every request here is.
        check_end(&seen);
        if play.timeout != Some("0n") {
            check_success(&play, &seen, false);
            prop_assert!(seen.was_end || seen.data == play.data());
        }
    }

    #[test]
    fn the_client_layer_ends_every_call(play in play().prop_filter("the layer catches no panics", |play| !play.has_panic())) {
        let seen = drive(&play, true);
        check_end(&seen);
        // tonic panics on what is broken, next to OK too.
        let _ = tonic::Status::from_header_map(seen.end());
        // Without any time, what has to be waited for is too late.
        if play.speaks_grpc() && play.begins_with_a_frame() && play.timeout != Some("0n") {
            check_success(&play, &seen, true);
            prop_assert!(seen.was_end || seen.data == play.data());
        }
        // A second layer finds nothing to do; but it sees in one piece what the first saw in two.
        if !play.begins_with_a_frame() {
            return Ok(());
        }
        let mut moves = vec![Move::Data(seen.data.clone())];
        moves.extend(seen.trailers.clone().map(Move::Trailers));
        let moves = if seen.was_end { Vec::new() } else { moves };
        let again = Play { status: seen.status, head: seen.head.clone(), moves, timeout: play.timeout };
        let twice = drive(&again, true);
        prop_assert_eq!((twice.head, twice.data, twice.trailers), (seen.head, seen.data, seen.trailers));
    }
}
