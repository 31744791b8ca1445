//! The content type of a body, and its bytes: decoded, and never more than are worth reading.

// docs/rules.md: R-BODY-1, R-BODY-2

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, HeaderValue, header::CONTENT_ENCODING};

/// How many bytes of a body are read, after decompression.
pub(crate) const MAX_LEN: usize = 64 * 1024;

/// What a content type says about a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Media {
    /// There is none.
    #[default]
    Missing,
    /// `application/json` or any other `+json`.
    Json,
    /// `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3)).
    Problem,
    /// `application/vnd.api+json` ([JSON:API](https://jsonapi.org/format/#introduction)).
    JsonApi,
    /// `application/x-amz-json-1.0` and so on
    /// ([AWS JSON](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)).
    AmazonJson,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// A message of protobuf, which may be a `google.rpc.Status`.
    Protobuf,
    /// Anything else.
    Other,
}

impl Media {
    /// Whether the type promises JSON.
    pub(super) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Problem | Self::JsonApi | Self::AmazonJson)
    }

    pub(super) fn of(content_type: Option<&HeaderValue>) -> Self {
        let Some(value) = content_type else { return Self::Missing };
        // The most frequent ones.
        match value.as_bytes() {
            b"application/json" | b"application/json; charset=utf-8" => return Self::Json,
            b"application/problem+json" => return Self::Problem,
            b"text/html" | b"text/html; charset=utf-8" => return Self::Other,
            _ => {}
        }
        let Ok(value) = value.to_str() else { return Self::Other };
        let name = value.split(';').next().unwrap_or_default().trim();
        let is = |expected| name.eq_ignore_ascii_case(expected);
        let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let ends = |suffix: &str| {
            let at = name.len().checked_sub(suffix.len());
            at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        };
        match () {
            () if name.is_empty() => Self::Missing,
            () if is("application/problem+json") => Self::Problem,
            () if is("application/vnd.api+json") => Self::JsonApi,
            () if starts("application/x-amz-json-") => Self::AmazonJson,
            () if is("application/x-www-form-urlencoded") => Self::Form,
            () if PROTOBUF.iter().any(|known| is(known)) => Self::Protobuf,
            () if is("text/json") || is("application/json") || ends("+json") => Self::Json,
            () => Self::Other,
        }
    }
}

const PROTOBUF: [&str; 3] = ["application/x-protobuf", "application/protobuf", "application/grpc-web+proto"];

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
    /// Undoes the `content-encoding`. A gateway may compress what is compressed, and not say so; nobody does it three times.
    pub(super) fn of(headers: &HeaderMap, body: &Bytes) -> Self {
        match Self::once(headers, body) {
            Self::Whole(bytes) if bytes.starts_with(GZIP) => {
                Self::inflate(&bytes, |body| Ok(MultiGzDecoder::new(body)))
            }
            content => content,
        }
    }

    fn once(headers: &HeaderMap, body: &Bytes) -> Self {
        if body.is_empty() {
            return Self::Whole(Bytes::new());
        }
        match encoding(headers).as_deref() {
            Some("") => Self::plain(body),
            // What `curl --compressed` or a browser saves: decoded, under the header as it came.
            Some("gzip" | "x-gzip") if !body.starts_with(GZIP) => Self::plain(body),
            Some("gzip" | "x-gzip") => Self::inflate(body, |body| Ok(MultiGzDecoder::new(body))),
            Some("deflate") => match Self::inflate(body, |body| Ok(ZlibDecoder::new(body))) {
                // Some servers send the bare stream, without the zlib frame that RFC 9110, 8.4.1.2 asks for.
                Self::Unread(BROKEN) => Self::inflate(body, |body| Ok(DeflateDecoder::new(body))),
                content => content,
            },
            #[cfg(feature = "brotli")]
            Some("br") => Self::inflate(body, |body| Ok(brotli_decompressor::Decompressor::new(body, 4 * 1024))),
            #[cfg(feature = "zstd")]
            Some("zstd") => Self::inflate(body, |body| ruzstd::decoding::StreamingDecoder::new(body).map_err(drop)),
            _ => Self::Unread("the content-encoding of the body is not known here"),
        }
    }

    /// Of a body that has no encoding.
    pub(super) fn plain(body: &Bytes) -> Self {
        if body.len() <= MAX_LEN { Self::Whole(body.clone()) } else { Self::Start(body.slice(..MAX_LEN)) }
    }

    fn inflate<'b, D: Read>(body: &'b [u8], decoder: impl FnOnce(&'b [u8]) -> Result<D, ()>) -> Self {
        if body.len() > MAX_PACKED {
            return Self::Unread(TOO_LONG);
        }
        let mut bytes = Vec::new();
        let Ok(decoder) = decoder(body) else { return Self::Unread(BROKEN) };
        match decoder.take(MAX_LEN as u64 + 1).read_to_end(&mut bytes) {
            Ok(len) if len > MAX_LEN => Self::Unread(TOO_LONG),
            Ok(_) => Self::Whole(bytes.into()),
            Err(_) => Self::Unread(BROKEN),
        }
    }
}

/// How long a compressed body may be: one that does not compress grows a little.
const MAX_PACKED: usize = MAX_LEN + 1024;

/// What gzip begins with ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952#page-6)).
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b];

const BROKEN: &str = "the compressed body is broken";
const TOO_LONG: &str = "the body is longer than 64 KiB when decompressed";

/// The one encoding, in lower case; empty if there is none, `None` if there are several different ones.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let mut encoding = String::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for name in value.to_str().ok()?.split(',').map(str::trim) {
            match name.to_ascii_lowercase() {
                name if name.is_empty() || name == "identity" || name == encoding => {}
                name if encoding.is_empty() => encoding = name,
                _ => return None,
            }
        }
    }
    Some(encoding)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

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
            ("gzip, gzip", gzip(&gzip(b"{}"))),
            ("gzip", gzip(&gzip(b"{}"))),
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
            ("gzip, deflate", gzip(b"{}")),
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

    #[test]
    fn knows_json() {
        let rows = [
            ("", Media::Missing),
            ("application/json", Media::Json),
            ("application/json; charset=utf-8", Media::Json),
            ("Application/JSON;charset=UTF-8", Media::Json),
            ("text/html; charset=utf-8", Media::Other),
            ("application/vnd.acme.v2+JSON ; q=1", Media::Json),
            ("application/problem+json; charset=utf-8", Media::Problem),
            ("application/vnd.api+json", Media::JsonApi),
            ("application/x-amz-json-1.1", Media::AmazonJson),
            ("text/html", Media::Other),
            ("text/plain", Media::Other),
            ("application/jsonx", Media::Other),
            ("Application/X-Protobuf; messageType=\"google.rpc.Status\"", Media::Protobuf),
            ("application/grpc-web+proto", Media::Protobuf),
            ("application/problem+xml", Media::Other),
            ("json", Media::Other),
            (";", Media::Missing),
        ];
        for (value, expected) in rows {
            assert_eq!(Media::of(Some(&HeaderValue::from_static(value))), expected, "{value}");
        }
        assert_eq!(Media::of(None), Media::Missing);
    }
}
