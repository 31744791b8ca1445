#![allow(clippy::unwrap_used)]

use std::{convert::Infallible, io::Write};

use flate2::{Compression, write::GzEncoder};
use http_body::Frame;
use http_body_util::StreamBody;
use tokio_stream::StreamExt;
use tonic::Code;

use super::*;

const MOST: usize = 8;

/// What comes out of these bytes, if they arrive `step` at a time.
async fn read(bytes: &[u8], step: usize, gzip: bool) -> Vec<Result<Result<Vec<u8>, Unreadable>, Code>> {
    let chunks: Vec<_> =
        bytes.chunks(step).map(|chunk| Ok::<_, Infallible>(Frame::data(Bytes::copy_from_slice(chunk)))).collect();
    let body = Body::new(StreamBody::new(tokio_stream::iter(chunks)));
    let frames = Frames::new(body, gzip, MOST);
    frames.map(|item| item.map(|item| item.map(|message| message.to_vec())).map_err(|why| why.code())).collect().await
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(plain).unwrap();
    let compressed = writer.finish().unwrap();
    let mut framed = vec![1];
    framed.extend(u32::try_from(compressed.len()).unwrap().to_be_bytes());
    framed.extend(compressed);
    framed
}

#[tokio::test]
async fn messages_do_not_depend_on_how_they_arrive() {
    let bytes = b"\0\0\0\0\x02ab\0\0\0\0\0\0\0\0\0\x09123456789\0\0\0\0\x0812345678";
    for step in 1..=bytes.len() {
        let read = read(bytes, step, false).await;
        let expected =
            [Ok(Ok(b"ab".to_vec())), Ok(Ok(vec![])), Ok(Err(Unreadable::TooLarge)), Ok(Ok(b"12345678".to_vec()))];
        assert_eq!(read, expected, "{step} at a time");
    }
}

#[tokio::test]
async fn what_breaks_off_is_an_error_at_the_end() {
    let bytes = b"\0\0\0\0\x02ab\0\0\0\0\x09123456789\0\0\0\0\x01x";
    // Where a message ends, it is not an error.
    for (cut, complete) in [(0, 0), (7, 1), (21, 2), (27, 3)] {
        assert_eq!(read(&bytes[..cut], 4, false).await.iter().filter(|item| item.is_ok()).count(), complete, "{cut}");
        assert!(read(&bytes[..cut], 4, false).await.iter().all(Result::is_ok), "{cut}");
    }
    for cut in [1, 5, 6, 8, 12, 20, 22, 26] {
        assert_eq!(read(&bytes[..cut], 4, false).await.last(), Some(&Err(Code::Internal)), "{cut}");
    }
}

#[tokio::test]
async fn a_flag_that_is_none_ends_the_stream() {
    let read = read(b"\0\0\0\0\x01a\x02\0\0\0\x01b\0\0\0\0\x01c", 100, true).await;
    assert_eq!(read, [Ok(Ok(b"a".to_vec())), Err(Code::Internal)]);
}

#[tokio::test]
async fn compressed_messages_need_to_be_announced() {
    let mut bytes = gzip(b"12345678");
    bytes.extend(b"\0\0\0\0\x01a");
    assert_eq!(read(&bytes, 3, false).await, [Err(Code::Internal)]);
}

#[tokio::test]
async fn compressed_bytes_count_too() {
    // Eight bytes are more than eight when gzip has wrapped them.
    assert_eq!(read(&gzip(b"12345678"), 3, true).await, [Ok(Err(Unreadable::TooLarge))]);
}

#[tokio::test]
async fn a_bomb_is_too_large_and_invalid_gzip_is_unreadable() {
    let mut bytes = gzip(&vec![b'x'; 1_000_000]);
    bytes.extend(gzip(&vec![b'x'; 2_000]));
    bytes.extend(b"\x01\0\0\0\x04nope\0\0\0\0\x01a");
    let body = Body::new(http_body_util::Full::new(Bytes::from(bytes)));
    let frames = Frames::new(body, true, 2_000);
    let read: Vec<_> = frames.map(|item| item.map(|item| item.map(|message| message.len())).unwrap()).collect().await;
    assert_eq!(read, [Err(Unreadable::TooLarge), Ok(2_000), Err(Unreadable::Compression), Ok(1)]);
}
