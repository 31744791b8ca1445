/// No auth token provided: HTTP 401, gRPC `UNAUTHENTICATED`.
pub const TOKEN_MISSING: Kind = Kind::builtin(&TOKEN_MISSING_ENTRY);
static TOKEN_MISSING_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "token_missing",
    reason: "TOKEN_MISSING",
    status: 401,
    code: Code::Unauthenticated,
    message: "No auth token provided. Include an API key in the Authorization header.",
    description: "No auth token provided",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Auth token is invalid or revoked: HTTP 401, gRPC `UNAUTHENTICATED`.
pub const TOKEN_INVALID: Kind = Kind::builtin(&TOKEN_INVALID_ENTRY);
static TOKEN_INVALID_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "token_invalid",
    reason: "TOKEN_INVALID",
    status: 401,
    code: Code::Unauthenticated,
    message: "The auth token is invalid or revoked. Use a valid API key in the Authorization header.",
    description: "Auth token is invalid or revoked",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Endpoint requires a project-scoped key: HTTP 403, gRPC `PERMISSION_DENIED`.
pub const PROJECT_REQUIRED: Kind = Kind::builtin(&PROJECT_REQUIRED_ENTRY);
static PROJECT_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "project_required",
    reason: "PROJECT_REQUIRED",
    status: 403,
    code: Code::PermissionDenied,
    message: "This endpoint requires a project-scoped key. Use an API key that belongs to a project.",
    description: "Endpoint requires a project-scoped key",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Request body failed validation: HTTP 400, gRPC `INVALID_ARGUMENT`.
pub const REQUEST_INVALID: Kind = Kind::builtin(&REQUEST_INVALID_ENTRY);
static REQUEST_INVALID_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "request_invalid",
    reason: "REQUEST_INVALID",
    status: 400,
    code: Code::InvalidArgument,
    message: "The request is invalid. Check for missing required parameters and invalid values.",
    description: "Request body failed validation",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Source URL is required: HTTP 400, gRPC `INVALID_ARGUMENT`.
pub const URL_REQUIRED: Kind = Kind::builtin(&URL_REQUIRED_ENTRY);
static URL_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "url_required",
    reason: "URL_REQUIRED",
    status: 400,
    code: Code::InvalidArgument,
    message: "A source URL is required. Add the URL of the source to the request.",
    description: "Source URL is required",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Format not supported for this task kind: HTTP 400, gRPC `INVALID_ARGUMENT`.
pub const FORMAT_UNSUPPORTED: Kind = Kind::builtin(&FORMAT_UNSUPPORTED_ENTRY);
static FORMAT_UNSUPPORTED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "format_unsupported",
    reason: "FORMAT_UNSUPPORTED",
    status: 400,
    code: Code::InvalidArgument,
    message: "This format is not supported for this kind of task. Choose a format that the task supports.",
    description: "Format not supported for this task kind",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Task does not exist: HTTP 404, gRPC `NOT_FOUND`.
pub const TASK_NOT_FOUND: Kind = Kind::builtin(&TASK_NOT_FOUND_ENTRY);
static TASK_NOT_FOUND_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "task_not_found",
    reason: "TASK_NOT_FOUND",
    status: 404,
    code: Code::NotFound,
    message: "The task does not exist. Verify the task ID.",
    description: "Task does not exist",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Run does not exist: HTTP 404, gRPC `NOT_FOUND`.
pub const RUN_NOT_FOUND: Kind = Kind::builtin(&RUN_NOT_FOUND_ENTRY);
static RUN_NOT_FOUND_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "run_not_found",
    reason: "RUN_NOT_FOUND",
    status: 404,
    code: Code::NotFound,
    message: "The run does not exist. Verify the run ID.",
    description: "Run does not exist",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Automation does not exist: HTTP 404, gRPC `NOT_FOUND`.
pub const AUTOMATION_NOT_FOUND: Kind = Kind::builtin(&AUTOMATION_NOT_FOUND_ENTRY);
static AUTOMATION_NOT_FOUND_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "automation_not_found",
    reason: "AUTOMATION_NOT_FOUND",
    status: 404,
    code: Code::NotFound,
    message: "The automation does not exist. Verify the automation ID.",
    description: "Automation does not exist",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A payment is required to continue using this service: HTTP 402, gRPC `FAILED_PRECONDITION`.
pub const PAYMENT_REQUIRED: Kind = Kind::builtin(&PAYMENT_REQUIRED_ENTRY);
static PAYMENT_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "payment_required",
    reason: "PAYMENT_REQUIRED",
    status: 402,
    code: Code::FailedPrecondition,
    message: "A payment is required to continue using this service. Visit billing to resolve the payment issue.",
    description: "A payment is required to continue using this service",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Server-side error: HTTP 500, gRPC `INTERNAL`.
pub const INTERNAL_ERROR: Kind = Kind::builtin(&INTERNAL_ERROR_ENTRY);
static INTERNAL_ERROR_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "internal_error",
    reason: "INTERNAL_ERROR",
    status: 500,
    code: Code::Internal,
    message: "An unexpected error occurred on our side. If it persists, please contact support.",
    description: "Server-side error",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// The caller cancelled the request: HTTP 499, gRPC `CANCELLED`.
pub const REQUEST_CANCELLED: Kind = Kind::builtin(&REQUEST_CANCELLED_ENTRY);
static REQUEST_CANCELLED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "request_cancelled",
    reason: "REQUEST_CANCELLED",
    status: 499,
    code: Code::Cancelled,
    message: "The request was cancelled before it completed. Send it again if you still need the result.",
    description: "The caller cancelled the request",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// An error of unknown cause: HTTP 500, gRPC `UNKNOWN`.
pub const UNKNOWN_ERROR: Kind = Kind::builtin(&UNKNOWN_ERROR_ENTRY);
static UNKNOWN_ERROR_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unknown_error",
    reason: "UNKNOWN_ERROR",
    status: 500,
    code: Code::Unknown,
    message: "An unexpected error occurred. If it persists, please contact support.",
    description: "An error of unknown cause",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The deadline passed before the request completed: HTTP 504, gRPC `DEADLINE_EXCEEDED`.
pub const DEADLINE_EXCEEDED: Kind = Kind::builtin(&DEADLINE_EXCEEDED_ENTRY);
static DEADLINE_EXCEEDED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "deadline_exceeded",
    reason: "DEADLINE_EXCEEDED",
    status: 504,
    code: Code::DeadlineExceeded,
    message: "The request did not complete in time. Try again later, or allow more time.",
    description: "The deadline passed before the request completed",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// The requested resource does not exist: HTTP 404, gRPC `NOT_FOUND`.
pub const NOT_FOUND: Kind = Kind::builtin(&NOT_FOUND_ENTRY);
static NOT_FOUND_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "not_found",
    reason: "NOT_FOUND",
    status: 404,
    code: Code::NotFound,
    message: "The requested resource was not found. Verify the resource ID.",
    description: "The requested resource does not exist",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The resource exists already: HTTP 409, gRPC `ALREADY_EXISTS`.
pub const ALREADY_EXISTS: Kind = Kind::builtin(&ALREADY_EXISTS_ENTRY);
static ALREADY_EXISTS_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "already_exists",
    reason: "ALREADY_EXISTS",
    status: 409,
    code: Code::AlreadyExists,
    message: "The resource already exists. Use another identifier, or update the one that exists.",
    description: "The resource exists already",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The caller may not do this: HTTP 403, gRPC `PERMISSION_DENIED`.
pub const PERMISSION_DENIED: Kind = Kind::builtin(&PERMISSION_DENIED_ENTRY);
static PERMISSION_DENIED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "permission_denied",
    reason: "PERMISSION_DENIED",
    status: 403,
    code: Code::PermissionDenied,
    message: "Access to the requested resource or action is denied. Use an API key that has access to it.",
    description: "The caller may not do this",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Too many requests: HTTP 429, gRPC `RESOURCE_EXHAUSTED`.
pub const RATE_LIMITED: Kind = Kind::builtin(&RATE_LIMITED_ENTRY);
static RATE_LIMITED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "rate_limited",
    reason: "RATE_LIMITED",
    status: 429,
    code: Code::ResourceExhausted,
    message: "Rate limit exceeded. Reduce the frequency of requests.",
    description: "Too many requests",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// The system is not in the state that the request needs: HTTP 400, gRPC `FAILED_PRECONDITION`.
pub const FAILED_PRECONDITION: Kind = Kind::builtin(&FAILED_PRECONDITION_ENTRY);
static FAILED_PRECONDITION_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "failed_precondition",
    reason: "FAILED_PRECONDITION",
    status: 400,
    code: Code::FailedPrecondition,
    message: "The request cannot be carried out in the current state. Check the state of the resource before you try again.",
    description: "The system is not in the state that the request needs",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A concurrent change got in the way: HTTP 409, gRPC `ABORTED`.
pub const CONFLICT: Kind = Kind::builtin(&CONFLICT_ENTRY);
static CONFLICT_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "conflict",
    reason: "CONFLICT",
    status: 409,
    code: Code::Aborted,
    message: "The request conflicts with another change. Read the resource again and repeat the request.",
    description: "A concurrent change got in the way",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// A value is past the valid range: HTTP 400, gRPC `OUT_OF_RANGE`.
pub const OUT_OF_RANGE: Kind = Kind::builtin(&OUT_OF_RANGE_ENTRY);
static OUT_OF_RANGE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "out_of_range",
    reason: "OUT_OF_RANGE",
    status: 400,
    code: Code::OutOfRange,
    message: "A value is outside the valid range. Choose a value within it.",
    description: "A value is past the valid range",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The operation is not offered here: HTTP 501, gRPC `UNIMPLEMENTED`.
pub const UNIMPLEMENTED: Kind = Kind::builtin(&UNIMPLEMENTED_ENTRY);
static UNIMPLEMENTED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unimplemented",
    reason: "UNIMPLEMENTED",
    status: 501,
    code: Code::Unimplemented,
    message: "This operation is not supported here. Check the address and the version of the API.",
    description: "The operation is not offered here",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The service cannot handle requests now: HTTP 503, gRPC `UNAVAILABLE`.
pub const SERVICE_UNAVAILABLE: Kind = Kind::builtin(&SERVICE_UNAVAILABLE_ENTRY);
static SERVICE_UNAVAILABLE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "service_unavailable",
    reason: "SERVICE_UNAVAILABLE",
    status: 503,
    code: Code::Unavailable,
    message: "The server is temporarily unable to handle requests. Please try again later.",
    description: "The service cannot handle requests now",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// Data was lost or corrupted: HTTP 500, gRPC `DATA_LOSS`.
pub const DATA_LOSS: Kind = Kind::builtin(&DATA_LOSS_ENTRY);
static DATA_LOSS_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "data_loss",
    reason: "DATA_LOSS",
    status: 500,
    code: Code::DataLoss,
    message: "Some data could not be read. Please contact support.",
    description: "Data was lost or corrupted",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The caller is not known: HTTP 401, gRPC `UNAUTHENTICATED`.
pub const UNAUTHENTICATED: Kind = Kind::builtin(&UNAUTHENTICATED_ENTRY);
static UNAUTHENTICATED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unauthenticated",
    reason: "UNAUTHENTICATED",
    status: 401,
    code: Code::Unauthenticated,
    message: "Authentication is required. Include an API key in the Authorization header.",
    description: "The caller is not known",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The HTTP method is not supported for this endpoint: HTTP 405, gRPC `UNIMPLEMENTED`.
pub const METHOD_NOT_ALLOWED: Kind = Kind::builtin(&METHOD_NOT_ALLOWED_ENTRY);
static METHOD_NOT_ALLOWED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "method_not_allowed",
    reason: "METHOD_NOT_ALLOWED",
    status: 405,
    code: Code::Unimplemented,
    message: "The HTTP method is not supported for this endpoint. Use a method that the Allow header lists.",
    description: "The HTTP method is not supported for this endpoint",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// No representation suits the Accept headers: HTTP 406, gRPC `INVALID_ARGUMENT`.
pub const NOT_ACCEPTABLE: Kind = Kind::builtin(&NOT_ACCEPTABLE_ENTRY);
static NOT_ACCEPTABLE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "not_acceptable",
    reason: "NOT_ACCEPTABLE",
    status: 406,
    code: Code::InvalidArgument,
    message: "No available format matches the Accept header. Ask for a format that is offered.",
    description: "No representation suits the Accept headers",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The request took too long: HTTP 408, gRPC `DEADLINE_EXCEEDED`.
pub const REQUEST_TIMEOUT: Kind = Kind::builtin(&REQUEST_TIMEOUT_ENTRY);
static REQUEST_TIMEOUT_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "request_timeout",
    reason: "REQUEST_TIMEOUT",
    status: 408,
    code: Code::DeadlineExceeded,
    message: "The request took too long to complete. Send it again, faster or in smaller parts.",
    description: "The request took too long",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// The resource is gone for good: HTTP 410, gRPC `NOT_FOUND`.
pub const GONE: Kind = Kind::builtin(&GONE_ENTRY);
static GONE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "gone",
    reason: "GONE",
    status: 410,
    code: Code::NotFound,
    message: "The requested resource is gone and will not come back. Remove the references to it.",
    description: "The resource is gone for good",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The requested range lies outside the resource: HTTP 416, gRPC `OUT_OF_RANGE`.
pub const RANGE_NOT_SATISFIABLE: Kind = Kind::builtin(&RANGE_NOT_SATISFIABLE_ENTRY);
static RANGE_NOT_SATISFIABLE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "range_not_satisfiable",
    reason: "RANGE_NOT_SATISFIABLE",
    status: 416,
    code: Code::OutOfRange,
    message: "The requested range cannot be served. Ask for a range within the length of the resource.",
    description: "The requested range lies outside the resource",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The Expect header cannot be met: HTTP 417, gRPC `FAILED_PRECONDITION`.
pub const EXPECTATION_FAILED: Kind = Kind::builtin(&EXPECTATION_FAILED_ENTRY);
static EXPECTATION_FAILED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "expectation_failed",
    reason: "EXPECTATION_FAILED",
    status: 417,
    code: Code::FailedPrecondition,
    message: "The expectation in the Expect header cannot be met. Send the request without it.",
    description: "The Expect header cannot be met",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The request reached a server that cannot answer it: HTTP 421, gRPC `UNAVAILABLE`.
pub const MISDIRECTED_REQUEST: Kind = Kind::builtin(&MISDIRECTED_REQUEST_ENTRY);
static MISDIRECTED_REQUEST_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "misdirected_request",
    reason: "MISDIRECTED_REQUEST",
    status: 421,
    code: Code::Unavailable,
    message: "The request reached a server that cannot answer it. Send it again over a new connection.",
    description: "The request reached a server that cannot answer it",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// The content is well formed but cannot be processed: HTTP 422, gRPC `INVALID_ARGUMENT`.
pub const UNPROCESSABLE_CONTENT: Kind = Kind::builtin(&UNPROCESSABLE_CONTENT_ENTRY);
static UNPROCESSABLE_CONTENT_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unprocessable_content",
    reason: "UNPROCESSABLE_CONTENT",
    status: 422,
    code: Code::InvalidArgument,
    message: "The request is well formed, but its content is invalid. Correct the values and send it again.",
    description: "The content is well formed but cannot be processed",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The resource is locked: HTTP 423, gRPC `FAILED_PRECONDITION`.
pub const LOCKED: Kind = Kind::builtin(&LOCKED_ENTRY);
static LOCKED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "locked",
    reason: "LOCKED",
    status: 423,
    code: Code::FailedPrecondition,
    message: "The resource is locked. Wait until it is released, or release the lock.",
    description: "The resource is locked",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A request that this one depends on failed: HTTP 424, gRPC `FAILED_PRECONDITION`.
pub const FAILED_DEPENDENCY: Kind = Kind::builtin(&FAILED_DEPENDENCY_ENTRY);
static FAILED_DEPENDENCY_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "failed_dependency",
    reason: "FAILED_DEPENDENCY",
    status: 424,
    code: Code::FailedPrecondition,
    message: "An earlier request that this one depends on failed. Resolve that failure first.",
    description: "A request that this one depends on failed",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The request came in early data that could be replayed: HTTP 425, gRPC `UNAVAILABLE`.
pub const TOO_EARLY: Kind = Kind::builtin(&TOO_EARLY_ENTRY);
static TOO_EARLY_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "too_early",
    reason: "TOO_EARLY",
    status: 425,
    code: Code::Unavailable,
    message: "The request was sent too early. Send it again once the connection is established.",
    description: "The request came in early data that could be replayed",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// Another protocol is required: HTTP 426, gRPC `FAILED_PRECONDITION`.
pub const UPGRADE_REQUIRED: Kind = Kind::builtin(&UPGRADE_REQUIRED_ENTRY);
static UPGRADE_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "upgrade_required",
    reason: "UPGRADE_REQUIRED",
    status: 426,
    code: Code::FailedPrecondition,
    message: "A newer protocol is required. Switch to one that the Upgrade header lists.",
    description: "Another protocol is required",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The request must be conditional: HTTP 428, gRPC `FAILED_PRECONDITION`.
pub const PRECONDITION_REQUIRED: Kind = Kind::builtin(&PRECONDITION_REQUIRED_ENTRY);
static PRECONDITION_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "precondition_required",
    reason: "PRECONDITION_REQUIRED",
    status: 428,
    code: Code::FailedPrecondition,
    message: "The request must be conditional. Add an If-Match or If-Unmodified-Since header.",
    description: "The request must be conditional",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The header fields are too large: HTTP 431, gRPC `RESOURCE_EXHAUSTED`.
pub const HEADER_FIELDS_TOO_LARGE: Kind = Kind::builtin(&HEADER_FIELDS_TOO_LARGE_ENTRY);
static HEADER_FIELDS_TOO_LARGE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "header_fields_too_large",
    reason: "HEADER_FIELDS_TOO_LARGE",
    status: 431,
    code: Code::ResourceExhausted,
    message: "The request headers are too large. Shorten them or send fewer.",
    description: "The header fields are too large",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Access is denied for legal reasons: HTTP 451, gRPC `PERMISSION_DENIED`.
pub const UNAVAILABLE_FOR_LEGAL_REASONS: Kind = Kind::builtin(&UNAVAILABLE_FOR_LEGAL_REASONS_ENTRY);
static UNAVAILABLE_FOR_LEGAL_REASONS_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unavailable_for_legal_reasons",
    reason: "UNAVAILABLE_FOR_LEGAL_REASONS",
    status: 451,
    code: Code::PermissionDenied,
    message: "The resource is unavailable for legal reasons. Contact support if you think this is a mistake.",
    description: "Access is denied for legal reasons",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A downstream server gave an invalid response: HTTP 502, gRPC `UNAVAILABLE`.
pub const BAD_GATEWAY: Kind = Kind::builtin(&BAD_GATEWAY_ENTRY);
static BAD_GATEWAY_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "bad_gateway",
    reason: "BAD_GATEWAY",
    status: 502,
    code: Code::Unavailable,
    message: "An invalid response was received from a downstream server. Please try again later.",
    description: "A downstream server gave an invalid response",
    retry: Retry::AfterBackoff,
    ..StaticKindEntry::of("errwire.dev")
});

/// There is no room to store what the request needs: HTTP 507, gRPC `RESOURCE_EXHAUSTED`.
pub const INSUFFICIENT_STORAGE: Kind = Kind::builtin(&INSUFFICIENT_STORAGE_ENTRY);
static INSUFFICIENT_STORAGE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "insufficient_storage",
    reason: "INSUFFICIENT_STORAGE",
    status: 507,
    code: Code::ResourceExhausted,
    message: "There is not enough storage to complete the request. Free some space and try again.",
    description: "There is no room to store what the request needs",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The proxy requires authentication: HTTP 407, gRPC `UNAUTHENTICATED`.
pub const PROXY_AUTHENTICATION_REQUIRED: Kind = Kind::builtin(&PROXY_AUTHENTICATION_REQUIRED_ENTRY);
static PROXY_AUTHENTICATION_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "proxy_authentication_required",
    reason: "PROXY_AUTHENTICATION_REQUIRED",
    status: 407,
    code: Code::Unauthenticated,
    message: "The proxy requires authentication. Include credentials in the Proxy-Authorization header.",
    description: "The proxy requires authentication",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A Content-Length is required: HTTP 411, gRPC `INVALID_ARGUMENT`.
pub const LENGTH_REQUIRED: Kind = Kind::builtin(&LENGTH_REQUIRED_ENTRY);
static LENGTH_REQUIRED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "length_required",
    reason: "LENGTH_REQUIRED",
    status: 411,
    code: Code::InvalidArgument,
    message: "The length of the request body is required. Add a Content-Length header.",
    description: "A Content-Length is required",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// A condition of the request is false: HTTP 412, gRPC `FAILED_PRECONDITION`.
pub const PRECONDITION_FAILED: Kind = Kind::builtin(&PRECONDITION_FAILED_ENTRY);
static PRECONDITION_FAILED_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "precondition_failed",
    reason: "PRECONDITION_FAILED",
    status: 412,
    code: Code::FailedPrecondition,
    message: "A condition in the request headers was not met. Read the resource again before you try again.",
    description: "A condition of the request is false",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The request body is too large: HTTP 413, gRPC `RESOURCE_EXHAUSTED`.
pub const CONTENT_TOO_LARGE: Kind = Kind::builtin(&CONTENT_TOO_LARGE_ENTRY);
static CONTENT_TOO_LARGE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "content_too_large",
    reason: "CONTENT_TOO_LARGE",
    status: 413,
    code: Code::ResourceExhausted,
    message: "The request body is too large. Send less data in one request.",
    description: "The request body is too large",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The address is too long: HTTP 414, gRPC `INVALID_ARGUMENT`.
pub const URI_TOO_LONG: Kind = Kind::builtin(&URI_TOO_LONG_ENTRY);
static URI_TOO_LONG_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "uri_too_long",
    reason: "URI_TOO_LONG",
    status: 414,
    code: Code::InvalidArgument,
    message: "The address of the request is too long. Move data from the address to the body.",
    description: "The address is too long",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// The media type of the body is not supported: HTTP 415, gRPC `INVALID_ARGUMENT`.
pub const UNSUPPORTED_MEDIA_TYPE: Kind = Kind::builtin(&UNSUPPORTED_MEDIA_TYPE_ENTRY);
static UNSUPPORTED_MEDIA_TYPE_ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "unsupported_media_type",
    reason: "UNSUPPORTED_MEDIA_TYPE",
    status: 415,
    code: Code::InvalidArgument,
    message: "The content type of the request body is not supported. Use one that the endpoint accepts.",
    description: "The media type of the body is not supported",
    retry: Retry::Never,
    ..StaticKindEntry::of("errwire.dev")
});

/// Every built-in kind, in the order of `kinds.proto`.
pub(crate) static ALL: &[&KindEntry] = &[
    &TOKEN_MISSING_ENTRY,
    &TOKEN_INVALID_ENTRY,
    &PROJECT_REQUIRED_ENTRY,
    &REQUEST_INVALID_ENTRY,
    &URL_REQUIRED_ENTRY,
    &FORMAT_UNSUPPORTED_ENTRY,
    &TASK_NOT_FOUND_ENTRY,
    &RUN_NOT_FOUND_ENTRY,
    &AUTOMATION_NOT_FOUND_ENTRY,
    &PAYMENT_REQUIRED_ENTRY,
    &INTERNAL_ERROR_ENTRY,
    &REQUEST_CANCELLED_ENTRY,
    &UNKNOWN_ERROR_ENTRY,
    &DEADLINE_EXCEEDED_ENTRY,
    &NOT_FOUND_ENTRY,
    &ALREADY_EXISTS_ENTRY,
    &PERMISSION_DENIED_ENTRY,
    &RATE_LIMITED_ENTRY,
    &FAILED_PRECONDITION_ENTRY,
    &CONFLICT_ENTRY,
    &OUT_OF_RANGE_ENTRY,
    &UNIMPLEMENTED_ENTRY,
    &SERVICE_UNAVAILABLE_ENTRY,
    &DATA_LOSS_ENTRY,
    &UNAUTHENTICATED_ENTRY,
    &METHOD_NOT_ALLOWED_ENTRY,
    &NOT_ACCEPTABLE_ENTRY,
    &REQUEST_TIMEOUT_ENTRY,
    &GONE_ENTRY,
    &RANGE_NOT_SATISFIABLE_ENTRY,
    &EXPECTATION_FAILED_ENTRY,
    &MISDIRECTED_REQUEST_ENTRY,
    &UNPROCESSABLE_CONTENT_ENTRY,
    &LOCKED_ENTRY,
    &FAILED_DEPENDENCY_ENTRY,
    &TOO_EARLY_ENTRY,
    &UPGRADE_REQUIRED_ENTRY,
    &PRECONDITION_REQUIRED_ENTRY,
    &HEADER_FIELDS_TOO_LARGE_ENTRY,
    &UNAVAILABLE_FOR_LEGAL_REASONS_ENTRY,
    &BAD_GATEWAY_ENTRY,
    &INSUFFICIENT_STORAGE_ENTRY,
    &PROXY_AUTHENTICATION_REQUIRED_ENTRY,
    &LENGTH_REQUIRED_ENTRY,
    &PRECONDITION_FAILED_ENTRY,
    &CONTENT_TOO_LARGE_ENTRY,
    &URI_TOO_LONG_ENTRY,
    &UNSUPPORTED_MEDIA_TYPE_ENTRY,
];
