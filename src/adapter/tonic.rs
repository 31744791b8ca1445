//! Conversions to and from [`tonic::Status`].

use std::sync::Arc;

use bytes::Bytes;
use smallvec::SmallVec;
use tonic::Code;

use crate::{
    model::{Error, ErrorRef, InvalidCode},
    translate::Translator,
    wire::grpc::{Outgoing, Status},
};

/// Reads a [`tonic::Status`] as an [`Error`].
///
/// ```
/// use errwire::{Error, StatusExt, kinds};
///
/// fn handler() -> Result<(), tonic::Status> {
///     Err(Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", "tsk_1"))?
/// }
///
/// let status = handler().unwrap_err();
/// assert_eq!(status.code(), tonic::Code::NotFound);
///
/// let error = status.to_errwire();
/// assert!(error.kind() == kinds::TASK_NOT_FOUND);
/// assert_eq!(error.metadata()["task_id"], "tsk_1");
/// ```
pub trait StatusExt: sealed::Sealed {
    /// Reads code, message and details, by the built-in catalog. Nothing can be wrong with a status: broken details
    /// count as none, and `OK`, which is not an error, becomes UNKNOWN.
    fn to_errwire(&self) -> Error {
        self.to_errwire_with(Translator::builtin())
    }

    /// As [`to_errwire`](Self::to_errwire), by the catalog and the policy of this translator.
    fn to_errwire_with(&self, translator: &Translator) -> Error;

    /// As [`to_errwire_with`](Self::to_errwire_with), but the error borrows message and details of the status: for the way to
    /// another wire.
    ///
    /// ```
    /// use errwire::{Audience, StatusExt, Translator, WriteHttpOptions};
    ///
    /// let translator = Translator::default();
    /// let status = tonic::Status::not_found("There is no task 7.");
    /// let response = translator.write_http_ref(&status.as_errwire(&translator), &WriteHttpOptions::new(Audience::Public));
    /// assert_eq!(response.body(), r#"{"kind":"not_found","message":"There is no task 7."}"#);
    /// ```
    fn as_errwire(&self, translator: &Translator) -> ErrorRef<'_>;
}

impl StatusExt for tonic::Status {
    fn to_errwire_with(&self, translator: &Translator) -> Error {
        let code = self.code().try_into().unwrap_or(crate::model::Code::Unknown);
        let mut status = Status { code, message: Default::default(), details: Default::default() };
        if !self.details().is_empty() {
            status.fill(&shared(self.details()));
        }
        // The same message inside is a part of what was copied already.
        if *status.message != *self.message() {
            status.message = self.message().into();
        }
        translator.read_grpc(status)
    }

    fn as_errwire(&self, translator: &Translator) -> ErrorRef<'_> {
        let code = self.code().try_into().unwrap_or(crate::model::Code::Unknown);
        translator.read_grpc_ref(code, self.message(), self.details())
    }
}

/// As [`StatusExt::to_errwire`], so that `?` in a handler passes on what a service said.
impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        status.to_errwire()
    }
}

/// By the built-in catalog. The error stays as the status's source, for whoever looks inside the process.
impl From<Error> for tonic::Status {
    fn from(error: Error) -> Self {
        let mut status = error.by_ref().to_status(Translator::builtin());
        status.set_source(Arc::new(error));
        status
    }
}

/// As from the error itself.
impl From<&Error> for tonic::Status {
    fn from(error: &Error) -> Self {
        error.clone().into()
    }
}

impl ErrorRef<'_> {
    /// The status that [`Translator::write_grpc`] writes, as one of tonic.
    pub fn to_status(&self, translator: &Translator) -> tonic::Status {
        translator.send_grpc(self, |outgoing| outgoing.to_tonic())
    }
}

impl Outgoing<'_> {
    fn to_tonic(&self) -> tonic::Status {
        let code = Code::from_i32(self.code.number());
        tonic::Status::with_details(code, &*self.message, self.details())
    }
}

impl From<crate::model::Code> for Code {
    fn from(code: crate::model::Code) -> Self {
        Self::from_i32(code.number())
    }
}

/// `OK` is not the code of an error.
impl TryFrom<Code> for crate::model::Code {
    type Error = InvalidCode;

    fn try_from(code: Code) -> Result<Self, InvalidCode> {
        Self::try_from(i32::from(code))
    }
}

impl From<Status> for tonic::Status {
    fn from(status: Status) -> Self {
        let details = if status.details.is_empty() { Bytes::new() } else { status.encode() };
        Self::with_details(Code::from_i32(status.code.number()), &*status.message, details)
    }
}

/// A copy whose parts share it. A vector would be one allocation, and its reference counter another one; what is
/// short stands next to its counter.
fn shared(bytes: &[u8]) -> Bytes {
    match bytes.len() {
        ..=256 => Bytes::from_owner(SmallVec::<[u8; 256]>::from_slice(bytes)),
        257..=1_024 => Bytes::from_owner(SmallVec::<[u8; 1_024]>::from_slice(bytes)),
        _ => Bytes::copy_from_slice(bytes),
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for tonic::Status {}
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::model::{kinds, rpc};

    #[test]
    fn goes_there_and_back() {
        let error = Error::new(kinds::RATE_LIMITED)
            .with_message("At most 10 a minute.")
            .with_retry_after(std::time::Duration::from_secs(42));
        let status = tonic::Status::from(error.clone());
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(status.message(), "At most 10 a minute.");

        let back = status.to_errwire();
        assert_eq!(back.kind(), error.kind());
        assert_eq!(back.status(), 429);
        assert_eq!(back.retry_after(), error.retry_after());
    }

    #[test]
    fn reads_what_others_write() {
        let info =
            rpc::ErrorInfo { reason: "RUN_NOT_FOUND".into(), domain: "errwire.dev".into(), ..Default::default() };
        let any = prost_types::Any::from_msg(&info).unwrap();
        let details = rpc::Status { code: 5, message: "Run 7.".into(), details: vec![any] }.encode_to_vec();
        let rows = [
            (Code::NotFound, details.clone(), "run_not_found", 5),
            (Code::NotFound, Vec::new(), "not_found", 5),
            (Code::NotFound, vec![0xff; 3], "not_found", 5),
            (Code::Aborted, details, "run_not_found", 10),
            (Code::Ok, Vec::new(), "unknown_error", 2),
        ];
        for (code, details, kind, number) in rows {
            let error = tonic::Status::with_details(code, "Run 7.", details.into()).to_errwire();
            assert_eq!((error.kind().as_str(), error.code().number()), (kind, number), "{code:?}");
            assert_eq!(error.message(), "Run 7.");
        }
    }

    #[test]
    fn codes_are_the_same() {
        for number in 1..=16 {
            let code = crate::model::Code::try_from(Code::from_i32(number)).unwrap();
            assert_eq!((code.number(), Code::from(code)), (number, Code::from_i32(number)));
        }
        assert!(crate::model::Code::try_from(Code::Ok).is_err());
        let error = Error::new(kinds::GONE);
        assert_eq!(tonic::Status::from(&error).code(), Code::from(error.code()));
    }

    #[test]
    fn the_error_is_the_source() {
        let status = tonic::Status::from(Error::new(kinds::GONE));
        let source = std::error::Error::source(&status).unwrap();
        assert!(source.downcast_ref::<Error>().is_some_and(|error| *error.kind() == kinds::GONE));
    }
}
