//! The service's own errors.

use tonic::{Extensions, Response, Status};

use super::observer::CallContext;
use crate::{
    model::{Error, kinds, rpc},
    translate::Translator,
};

/// The outcome of a handler, as tonic wants it.
pub(super) fn outcome<T>(
    translator: &Translator,
    request: &Extensions,
    result: Result<T, Error>,
) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|error| translator.write_grpc(&named(error, request.get())).into())
}

/// The same error with the id of its request, by which the log finds it.
pub(crate) fn named(error: Error, context: Option<&CallContext>) -> Error {
    match context {
        Some(CallContext { id, .. }) => {
            error.with_detail(rpc::RequestInfo { request_id: id.to_string(), ..Default::default() })
        }
        None => error,
    }
}

/// A request that is malformed, or whose input is not an error. `field` is a path of proto field names, such as
/// `response.headers[2].name`; `why` says what to send instead.
// docs/rules.md: R-SERVICE-2
pub(crate) fn rejected(field: impl Into<String>, why: impl Into<String>) -> Error {
    let (field, why) = (field.into(), why.into());
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("Field `{field}`: {why}"))
        .with_metadata("field", field.clone())
        .with_field_violation(field, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field() {
        let error = rejected("response.status", "99 is not an HTTP status: send 400 or more");
        assert_eq!(error.kind(), kinds::REQUEST_INVALID);
        assert_eq!(error.message(), "Field `response.status`: 99 is not an HTTP status: send 400 or more");
        assert_eq!(error.field_violations()[0].field, "response.status");
        assert_eq!(error.metadata()["field"], "response.status");
    }
}
