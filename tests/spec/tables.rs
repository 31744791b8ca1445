//! The tables between codes, statuses and kinds.

use errwire::Code::{self, *};

/// <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>
pub(crate) const STATUS_OF_CODE: [(Code, i32, u16); 16] = [
    (Cancelled, 1, 499),
    (Unknown, 2, 500),
    (InvalidArgument, 3, 400),
    (DeadlineExceeded, 4, 504),
    (NotFound, 5, 404),
    (AlreadyExists, 6, 409),
    (PermissionDenied, 7, 403),
    (ResourceExhausted, 8, 429),
    (FailedPrecondition, 9, 400),
    (Aborted, 10, 409),
    (OutOfRange, 11, 400),
    (Unimplemented, 12, 501),
    (Internal, 13, 500),
    (Unavailable, 14, 503),
    (DataLoss, 15, 500),
    (Unauthenticated, 16, 401),
];

/// The fallback kind of a code: docs/rules.md, R-CODE-1.
pub(crate) const KIND_OF_CODE: [(Code, &str); 16] = [
    (Cancelled, "request_cancelled"),
    (Unknown, "unknown_error"),
    (InvalidArgument, "request_invalid"),
    (DeadlineExceeded, "deadline_exceeded"),
    (NotFound, "not_found"),
    (AlreadyExists, "already_exists"),
    (PermissionDenied, "permission_denied"),
    (ResourceExhausted, "rate_limited"),
    (FailedPrecondition, "failed_precondition"),
    (Aborted, "conflict"),
    (OutOfRange, "out_of_range"),
    (Unimplemented, "unimplemented"),
    (Internal, "internal_error"),
    (Unavailable, "service_unavailable"),
    (DataLoss, "data_loss"),
    (Unauthenticated, "unauthenticated"),
];

/// The fallback kind of a status, and the code that an API means by the status: docs/rules.md, R-CODE-2.
pub(crate) const KIND_OF_STATUS: [(u16, &str, Code); 35] = [
    (400, "request_invalid", InvalidArgument),
    (401, "unauthenticated", Unauthenticated),
    (402, "payment_required", FailedPrecondition),
    (403, "permission_denied", PermissionDenied),
    (404, "not_found", NotFound),
    (405, "method_not_allowed", Unimplemented),
    (406, "not_acceptable", InvalidArgument),
    (407, "proxy_authentication_required", Unauthenticated),
    (408, "request_timeout", DeadlineExceeded),
    (409, "conflict", Aborted),
    (410, "gone", NotFound),
    (411, "length_required", InvalidArgument),
    (412, "precondition_failed", FailedPrecondition),
    (413, "content_too_large", ResourceExhausted),
    (414, "uri_too_long", InvalidArgument),
    (415, "unsupported_media_type", InvalidArgument),
    (416, "range_not_satisfiable", OutOfRange),
    (417, "expectation_failed", FailedPrecondition),
    (421, "misdirected_request", Unavailable),
    (422, "unprocessable_content", InvalidArgument),
    (423, "locked", FailedPrecondition),
    (424, "failed_dependency", FailedPrecondition),
    (425, "too_early", Unavailable),
    (426, "upgrade_required", FailedPrecondition),
    (428, "precondition_required", FailedPrecondition),
    (429, "rate_limited", ResourceExhausted),
    (431, "header_fields_too_large", ResourceExhausted),
    (451, "unavailable_for_legal_reasons", PermissionDenied),
    (499, "request_cancelled", Cancelled),
    (500, "internal_error", Internal),
    (501, "unimplemented", Unimplemented),
    (502, "bad_gateway", Unavailable),
    (503, "service_unavailable", Unavailable),
    (504, "deadline_exceeded", DeadlineExceeded),
    (507, "insufficient_storage", ResourceExhausted),
];

/// <https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>, with the kind of R-READ-HTTP-5 (docs/rules.md): the
/// status's if its code is the table's, else the code's. Every other status is UNKNOWN.
pub(crate) const INTERMEDIARY: [(u16, &str, Code); 9] = [
    (400, "internal_error", Internal),
    (401, "unauthenticated", Unauthenticated),
    (403, "permission_denied", PermissionDenied),
    (404, "unimplemented", Unimplemented),
    (429, "service_unavailable", Unavailable),
    (431, "internal_error", Internal),
    (502, "bad_gateway", Unavailable),
    (503, "service_unavailable", Unavailable),
    (504, "service_unavailable", Unavailable),
];

/// The fallback kind of a code.
pub(crate) fn code_kind(code: Code) -> &'static str {
    KIND_OF_CODE.iter().find(|row| row.0 == code).map(|row| row.1).unwrap()
}

/// What a status of 400 to 599 means in a response that an API wrote: kind and code.
pub(crate) fn origin(status: u16) -> (String, Code) {
    let row = KIND_OF_STATUS.iter().find(|row| row.0 == status).map(|row| (row.1.to_owned(), row.2));
    row.unwrap_or_else(|| (format!("http_{status}"), if status < 500 { FailedPrecondition } else { Internal }))
}

/// What a status of 400 to 599 means in a response that a proxy wrote: kind and code.
pub(crate) fn intermediary(status: u16) -> (String, Code) {
    let row = INTERMEDIARY.iter().find(|row| row.0 == status).map(|row| (row.1.to_owned(), row.2));
    row.unwrap_or_else(|| ("unknown_error".to_owned(), Unknown))
}
