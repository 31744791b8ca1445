//! The bytes of a body: decoded, and never more than are worth reading.

// docs/rules.md: R-BODY-1, R-BODY-2

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header::CONTENT_ENCODING};

/// How many bytes of a body are read, after decompression.
pub(crate) const MAX_LEN: usize = 64 * 1024;

/// What can be read of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// All of it.
    Whole(Bytes),
    /// The first [`MAX_LEN`] bytes of a longer one.
    Start(Bytes),
    /// Nothing, for this reason.
    Unread(&'static str),
}

impl Content {
    /// Undoes the `content-encoding`.
    pub(super) fn of(headers: &HeaderMap, body: &Bytes) -> Self {
        match Encoding::of(headers) {
            _ if body.is_empty() => Self::Whole(Bytes::new()),
            Encoding::Gzip if body.len() > MAX_PACKED && is_gzip(body) => Self::Unread(TOO_LONG),
            Encoding::Gzip if is_gzip(body) => Self::inflate(MultiGzDecoder::new(&body[..])),
            // What `curl --compressed` or a browser saves: decoded, under the header as it came.
            Encoding::Identity | Encoding::Gzip => Self::plain(body),
            Encoding::Deflate if body.len() > MAX_PACKED => Self::Unread(TOO_LONG),
            Encoding::Deflate => match Self::inflate(ZlibDecoder::new(&body[..])) {
                // Some servers send the bare stream, without the zlib frame that RFC 9110, 8.4.1.2 asks for.
                Self::Unread(BROKEN) => Self::inflate(DeflateDecoder::new(&body[..])),
                content => content,
            },
            #[cfg(feature = "brotli")]
            Encoding::Brotli if body.len() > MAX_PACKED => Self::Unread(TOO_LONG),
            #[cfg(feature = "brotli")]
            Encoding::Brotli => Self::inflate(brotli_decompressor::Decompressor::new(&body[..], 4 * 1024)),
            #[cfg(feature = "zstd")]
            Encoding::Zstd if body.len() > MAX_PACKED => Self::Unread(TOO_LONG),
            #[cfg(feature = "zstd")]
            Encoding::Zstd => match ruzstd::decoding::StreamingDecoder::new(&body[..]) {
                Ok(decoder) => Self::inflate(decoder),
                Err(_) => Self::Unread(BROKEN),
            },
            Encoding::Unknown => Self::Unread("the content-encoding of the body is not known here"),
        }
    }

    /// Of a body that has no encoding.
    pub(super) fn plain(body: &Bytes) -> Self {
        if body.len() <= MAX_LEN { Self::Whole(body.clone()) } else { Self::Start(body.slice(..MAX_LEN)) }
    }

    fn inflate(decoder: impl Read) -> Self {
        let mut bytes = Vec::new();
        match decoder.take(MAX_LEN as u64 + 1).read_to_end(&mut bytes) {
            Ok(len) if len > MAX_LEN => Self::Unread(TOO_LONG),
            Ok(_) => Self::Whole(bytes.into()),
            Err(_) => Self::Unread(BROKEN),
        }
    }
}

/// How long a compressed body may be: one that does not compress grows a little.
const MAX_PACKED: usize = MAX_LEN + 1024;

const BROKEN: &str = "the compressed body is broken";
const TOO_LONG: &str = "the body is longer than 64 KiB when decompressed";

fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b])
}

#[derive(Debug, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Deflate,
    #[cfg(feature = "brotli")]
    Brotli,
    #[cfg(feature = "zstd")]
    Zstd,
    Unknown,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Self {
        let mut encoding = Self::Identity;
        for value in headers.get_all(CONTENT_ENCODING) {
            let Ok(names) = value.to_str() else { return Self::Unknown };
            for name in names.split(',').map(str::trim) {
                let next = match name.to_ascii_lowercase().as_str() {
                    "" | "identity" => continue,
                    "gzip" | "x-gzip" => Self::Gzip,
                    "deflate" => Self::Deflate,
                    #[cfg(feature = "brotli")]
                    "br" => Self::Brotli,
                    #[cfg(feature = "zstd")]
                    "zstd" => Self::Zstd,
                    _ => Self::Unknown,
                };
                // Nobody encodes an error twice.
                encoding = if encoding == Self::Identity { next } else { Self::Unknown };
            }
        }
        encoding
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };
    use http::HeaderValue;

    use super::*;

    fn under(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(encoding))])
    }

    fn gzip(bytes: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn decodes() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"{}").unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(b"{}").unwrap();
        let rows = [
            ("identity", Bytes::from_static(b"{}")),
            ("", Bytes::from_static(b"{}")),
            ("GZIP", gzip(b"{}")),
            ("identity, x-gzip", gzip(b"{}")),
            ("gzip", Bytes::from([gzip(b"{"), gzip(b"}")].concat())),
            ("gzip", Bytes::from_static(b"{}")),
            ("deflate", zlib.finish().unwrap().into()),
            ("deflate", bare.finish().unwrap().into()),
        ];
        for (encoding, body) in rows {
            assert_eq!(Content::of(&under(encoding), &body), Content::Whole("{}".into()), "{encoding}");
        }
        assert_eq!(Content::of(&under("br"), &Bytes::new()), Content::Whole(Bytes::new()), "an answer to HEAD");
    }

    #[test]
    fn leaves_what_it_cannot_decode() {
        let cut = gzip(b"some text that was cut").slice(..20);
        for (encoding, body) in [
            ("br", "{}".into()),
            ("zstd", "{}".into()),
            ("compress", "{}".into()),
            ("gzip, gzip", gzip(&gzip(b"{}"))),
            ("gzip", cut),
            ("deflate", "{}".into()),
        ] {
            assert!(matches!(Content::of(&under(encoding), &body), Content::Unread(_)), "{encoding}");
        }
    }

    /// The bytes are what `zstd -c` writes. One of `br` is among the bodies of `tests/cases/http.jsonl`.
    #[test]
    #[cfg(feature = "zstd")]
    fn decodes_zstd() {
        let packed = Bytes::from_static(b"\x28\xb5\x2f\xfd\x04\x58\x11\0\0{}\xd1\x94\xf2\x7a");
        assert_eq!(Content::of(&under("zstd"), &packed), Content::Whole("{}".into()));
        assert!(matches!(Content::of(&under("zstd"), &packed.slice(..8)), Content::Unread(_)));
    }

    #[test]
    fn reads_no_more_than_the_bound() {
        let bomb = gzip(&vec![b' '; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert!(matches!(Content::of(&under("gzip"), &bomb), Content::Unread(_)));
        let empties = Bytes::from(gzip(b"").repeat(1_000_000));
        assert!(matches!(Content::of(&under("gzip"), &empties), Content::Unread(_)));
        assert!(matches!(Content::of(&under("gzip"), &gzip(&[b' '; MAX_LEN])), Content::Whole(_)));
        assert!(matches!(Content::of(&under("gzip"), &gzip(&[b' '; MAX_LEN + 1])), Content::Unread(_)));

        let long = Bytes::from(vec![b' '; 100_000_000]);
        assert_eq!(Content::of(&HeaderMap::new(), &long), Content::Start(long.slice(..MAX_LEN)));
    }
}
