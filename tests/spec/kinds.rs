//! The kinds of docs/rules.md, R-KIND-1 and R-KIND-2.

use errwire::Code::{self, *};

/// The kinds of the public API reference: kind, status, code, description.
pub(crate) const REFERENCE: [(&str, u16, Code, &str); 11] = [
    ("token_missing", 401, Unauthenticated, "No auth token provided"),
    ("token_invalid", 401, Unauthenticated, "Auth token is invalid or revoked"),
    ("project_required", 403, PermissionDenied, "Endpoint requires a project-scoped key"),
    ("request_invalid", 400, InvalidArgument, "Request body failed validation"),
    ("url_required", 400, InvalidArgument, "Source URL is required"),
    ("format_unsupported", 400, InvalidArgument, "Format not supported for this task kind"),
    ("task_not_found", 404, NotFound, "Task does not exist"),
    ("run_not_found", 404, NotFound, "Run does not exist"),
    ("automation_not_found", 404, NotFound, "Automation does not exist"),
    ("payment_required", 402, FailedPrecondition, "A payment is required to continue using this service"),
    ("internal_error", 500, Internal, "Server-side error"),
];

/// The generic kinds: kind, status, code. The left column of the page, then the right one.
pub(crate) const GENERIC: [(&str, u16, Code); 37] = [
    ("request_cancelled", 499, Cancelled),
    ("unknown_error", 500, Unknown),
    ("deadline_exceeded", 504, DeadlineExceeded),
    ("not_found", 404, NotFound),
    ("already_exists", 409, AlreadyExists),
    ("permission_denied", 403, PermissionDenied),
    ("rate_limited", 429, ResourceExhausted),
    ("failed_precondition", 400, FailedPrecondition),
    ("conflict", 409, Aborted),
    ("out_of_range", 400, OutOfRange),
    ("unimplemented", 501, Unimplemented),
    ("service_unavailable", 503, Unavailable),
    ("data_loss", 500, DataLoss),
    ("unauthenticated", 401, Unauthenticated),
    ("method_not_allowed", 405, Unimplemented),
    ("not_acceptable", 406, InvalidArgument),
    ("request_timeout", 408, DeadlineExceeded),
    ("gone", 410, NotFound),
    ("range_not_satisfiable", 416, OutOfRange),
    ("expectation_failed", 417, FailedPrecondition),
    ("misdirected_request", 421, Unavailable),
    ("unprocessable_content", 422, InvalidArgument),
    ("locked", 423, FailedPrecondition),
    ("failed_dependency", 424, FailedPrecondition),
    ("too_early", 425, Unavailable),
    ("upgrade_required", 426, FailedPrecondition),
    ("precondition_required", 428, FailedPrecondition),
    ("header_fields_too_large", 431, ResourceExhausted),
    ("unavailable_for_legal_reasons", 451, PermissionDenied),
    ("bad_gateway", 502, Unavailable),
    ("insufficient_storage", 507, ResourceExhausted),
    ("proxy_authentication_required", 407, Unauthenticated),
    ("length_required", 411, InvalidArgument),
    ("precondition_failed", 412, FailedPrecondition),
    ("content_too_large", 413, ResourceExhausted),
    ("uri_too_long", 414, InvalidArgument),
    ("unsupported_media_type", 415, InvalidArgument),
];
