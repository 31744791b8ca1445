//! An error as an encoded `google.rpc.Status`.

// docs/rules.md: R-WRITE-GRPC-3

use crate::model::{
    Code, DetailView, ERROR_INFO as TYPE_URL, Kind, MAX_KIND_LEN, Sink, field_len, message_len, put_field, put_varint,
};

/// The length of `len` bytes in base64 without padding.
pub(crate) fn base64_len(len: usize) -> usize {
    len / 3 * 4 + [0, 2, 3][len % 3]
}

/// An `ErrorInfo` that says no more than the kind and its owner, written where it is needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naming<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) domain: &'a str,
    value_len: usize,
}

impl<'a> Naming<'a> {
    #[inline]
    pub(crate) fn new(kind: &'a Kind, domain: &'a str) -> Self {
        // A reason is as long as its kind.
        Self { kind, domain, value_len: field_len(kind.as_bytes().len()) + field_len(domain.len()) }
    }

    /// The length of its value.
    pub(crate) fn value_len(self) -> usize {
        self.value_len
    }

    fn any_len(self) -> usize {
        any_len(TYPE_URL.len(), self.value_len)
    }

    // `google.rpc.ErrorInfo` is `{string reason = 1; string domain = 2; map<string, string> metadata = 3}`.
    fn put(self, out: &mut impl Sink) {
        put_field(out, 0x0a, TYPE_URL.as_bytes());
        out.put(&[0x12]);
        put_varint(out, self.value_len);
        let mut reason = [0; MAX_KIND_LEN];
        put_field(out, 0x0a, self.kind.reason_in(&mut reason));
        put_field(out, 0x12, self.domain.as_bytes());
    }
}

/// What an encoded `google.rpc.Status` holds.
#[derive(Clone)]
pub(super) struct Encoder<'a, I> {
    pub(super) code: Code,
    pub(super) message: &'a str,
    pub(super) naming: Option<Naming<'a>>,
    pub(super) details: I,
}

impl<'a, I: Iterator<Item = DetailView<'a>> + Clone> Encoder<'a, I> {
    pub(super) fn len(&self) -> usize {
        let naming = self.naming.map_or(0, |naming| message_len(naming.any_len()));
        let details: usize = self.details.clone().map(|detail| message_len(detail_len(detail))).sum();
        2 + field_len(self.message.len()) + naming + details
    }

    // `google.rpc.Status` is `{int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3}`, and
    // `Any` is `{string type_url = 1; bytes value = 2}`. Fields with their default are left out, as proto3 has it.
    pub(super) fn put(&self, out: &mut impl Sink) {
        out.put(&[0x08, self.code as u8]);
        put_field(out, 0x12, self.message.as_bytes());
        if let Some(naming) = self.naming {
            out.put(&[0x1a]);
            put_varint(out, naming.any_len());
            naming.put(out);
        }
        for detail in self.details.clone() {
            out.put(&[0x1a]);
            put_varint(out, detail_len(detail));
            put_field(out, 0x0a, detail.type_url().as_bytes());
            put_field(out, 0x12, detail.value());
        }
    }

    /// In a vector that is full, which `Bytes` takes over without another allocation.
    pub(super) fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len());
        self.put(&mut out);
        out
    }

    /// In base64 without padding, as values of `-bin` fields are written
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
    pub(super) fn to_base64(&self) -> Vec<u8> {
        let (mut stack, mut heap) = ([0; 512], Vec::new());
        let len = self.len();
        let bytes = match stack.get_mut(..len) {
            Some(bytes) => bytes,
            None => {
                heap.resize(len, 0);
                &mut heap
            }
        };
        self.put(&mut &mut *bytes);
        base64_simd::STANDARD_NO_PAD.encode_type(&*bytes)
    }
}

pub(super) fn detail_len(detail: DetailView<'_>) -> usize {
    any_len(detail.type_url().len(), detail.value().len())
}

fn any_len(type_url: usize, value: usize) -> usize {
    field_len(type_url) + field_len(value)
}
