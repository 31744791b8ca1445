//! A gRPC error on its way out.

#[cfg(feature = "tonic")]
use bytes::Bytes;
use smallvec::SmallVec;

use super::{
    Status,
    encoder::{Encoder, Naming, base64_len},
    trailers,
};
use crate::model::{Code, Detail, DetailView, Details, MAX_KIND_LEN, Part, Text};

/// A [`Status`] of which nothing is copied yet. It is large, and stays where it is made.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    pub(crate) code: Code,
    pub(crate) message: Text<'a>,
    /// Stands in front of the details.
    pub(crate) naming: Option<Naming<'a>>,
    pub(crate) details: SmallVec<[Part<'a>; 6]>,
}

impl<'a> Outgoing<'a> {
    /// Without details.
    pub(crate) fn new(code: Code, message: Text<'a>) -> Self {
        Self { code, message, naming: None, details: SmallVec::new() }
    }

    /// As an encoded `google.rpc.Status`; empty if there are no details.
    #[cfg(feature = "tonic")]
    pub(crate) fn details(&self) -> Bytes {
        if self.has_details() { self.encoder().to_vec().into() } else { Bytes::new() }
    }

    /// As `grpc-status-details-bin`; `None` if there are no details.
    pub(crate) fn details_field(&self) -> Option<Vec<u8>> {
        self.has_details().then(|| self.encoder().to_base64())
    }

    fn has_details(&self) -> bool {
        self.naming.is_some() || !self.details.is_empty()
    }

    fn encoder(&self) -> Encoder<'_, impl Iterator<Item = DetailView<'_>> + Clone> {
        let Self { code, message, naming, details } = self;
        Encoder { code: *code, message, naming: *naming, details: details.iter().map(Part::view) }
    }

    /// A bound on what the three fields take, that costs no look at the message, and no counting of lengths of lengths.
    pub(crate) fn wire_size_at_most(&self) -> usize {
        // A key and a length take 11 bytes at most, and a detail has three of them.
        let detail = |detail: DetailView<'_>| detail.type_url().len() + detail.value().len() + 33;
        // So has an `ErrorInfo`, and two more inside: less than this next to reason, domain and type URL.
        let naming = self.naming.map_or(0, |naming| naming.value_len() + 100);
        let details: usize = self.details.iter().map(|part| detail(part.view())).sum();
        trailers::size(
            2,
            trailers::ESCAPED_LEN * self.message.len(),
            base64_len(13 + self.message.len() + naming + details),
        )
    }

    /// Leaves nothing but the code behind.
    pub(crate) fn take_status(&mut self) -> Status {
        // Filled where it stays: to move it costs more than to make it.
        let mut status = Status { code: self.code, message: self.message.take(), details: Details::new() };
        let details = &mut status.details;
        details.reserve_exact(self.details.len() + usize::from(self.naming.is_some()));
        if let Some(naming) = self.naming.take() {
            let mut buffer = [0; MAX_KIND_LEN];
            details.push(Detail::error_info(naming.kind.reason_in(&mut buffer), naming.domain, Default::default()));
        }
        for part in self.details.drain(..) {
            match part {
                Part::Own(detail) => details.push(detail),
                part => details.push(part.to_detail()),
            }
        }
        status
    }
}

impl From<Status> for Outgoing<'_> {
    fn from(status: Status) -> Self {
        let Status { code, message, details } = status;
        Self {
            code,
            message: Text::Owned(message),
            naming: None,
            details: details.into_iter().map(Part::Own).collect(),
        }
    }
}
