kinds! {
    "errwire.dev";

    /// No auth token provided: HTTP 401, gRPC `UNAUTHENTICATED`.
    TOKEN_MISSING "token_missing" 401 Unauthenticated Never "No auth token provided"
        "No auth token provided. Include an API key in the Authorization header.";

    /// Auth token is invalid or revoked: HTTP 401, gRPC `UNAUTHENTICATED`.
    TOKEN_INVALID "token_invalid" 401 Unauthenticated Never "Auth token is invalid or revoked"
        "The auth token is invalid or revoked. Use a valid API key in the Authorization header.";

    /// Endpoint requires a project-scoped key: HTTP 403, gRPC `PERMISSION_DENIED`.
    PROJECT_REQUIRED "project_required" 403 PermissionDenied Never "Endpoint requires a project-scoped key"
        "This endpoint requires a project-scoped key. Use an API key that belongs to a project.";

    /// Request body failed validation: HTTP 400, gRPC `INVALID_ARGUMENT`.
    REQUEST_INVALID "request_invalid" 400 InvalidArgument Never "Request body failed validation"
        "The request is invalid. Check for missing required parameters and invalid values.";

    /// Source URL is required: HTTP 400, gRPC `INVALID_ARGUMENT`.
    URL_REQUIRED "url_required" 400 InvalidArgument Never "Source URL is required"
        "A source URL is required. Add the URL of the source to the request.";

    /// Format not supported for this task kind: HTTP 400, gRPC `INVALID_ARGUMENT`.
    FORMAT_UNSUPPORTED "format_unsupported" 400 InvalidArgument Never "Format not supported for this task kind"
        "This format is not supported for this kind of task. Choose a format that the task supports.";

    /// Task does not exist: HTTP 404, gRPC `NOT_FOUND`.
    TASK_NOT_FOUND "task_not_found" 404 NotFound Never "Task does not exist"
        "The task does not exist. Verify the task ID.";

    /// Run does not exist: HTTP 404, gRPC `NOT_FOUND`.
    RUN_NOT_FOUND "run_not_found" 404 NotFound Never "Run does not exist"
        "The run does not exist. Verify the run ID.";

    /// Automation does not exist: HTTP 404, gRPC `NOT_FOUND`.
    AUTOMATION_NOT_FOUND "automation_not_found" 404 NotFound Never "Automation does not exist"
        "The automation does not exist. Verify the automation ID.";

    /// A payment is required to continue using this service: HTTP 402, gRPC `FAILED_PRECONDITION`.
    PAYMENT_REQUIRED "payment_required" 402 FailedPrecondition Never "A payment is required to continue using this service"
        "A payment is required to continue using this service. Visit billing to resolve the payment issue.";

    /// Server-side error: HTTP 500, gRPC `INTERNAL`.
    INTERNAL_ERROR "internal_error" 500 Internal AfterBackoff "Server-side error"
        "An unexpected error occurred on our side. If it persists, please contact support.";

    /// The caller cancelled the request: HTTP 499, gRPC `CANCELLED`.
    REQUEST_CANCELLED "request_cancelled" 499 Cancelled Never "The caller cancelled the request"
        "The request was cancelled before it completed. Send it again if you still need the result.";

    /// An error of unknown cause: HTTP 500, gRPC `UNKNOWN`.
    UNKNOWN_ERROR "unknown_error" 500 Unknown Never "An error of unknown cause"
        "An unexpected error occurred. If it persists, please contact support.";

    /// The deadline passed before the request completed: HTTP 504, gRPC `DEADLINE_EXCEEDED`.
    DEADLINE_EXCEEDED "deadline_exceeded" 504 DeadlineExceeded AfterBackoff "The deadline passed before the request completed"
        "The request did not complete in time. Try again later, or allow more time.";

    /// The requested resource does not exist: HTTP 404, gRPC `NOT_FOUND`.
    NOT_FOUND "not_found" 404 NotFound Never "The requested resource does not exist"
        "The requested resource was not found. Verify the resource ID.";

    /// The resource exists already: HTTP 409, gRPC `ALREADY_EXISTS`.
    ALREADY_EXISTS "already_exists" 409 AlreadyExists Never "The resource exists already"
        "The resource already exists. Use another identifier, or update the one that exists.";

    /// The caller may not do this: HTTP 403, gRPC `PERMISSION_DENIED`.
    PERMISSION_DENIED "permission_denied" 403 PermissionDenied Never "The caller may not do this"
        "Access to the requested resource or action is denied. Use an API key that has access to it.";

    /// Too many requests: HTTP 429, gRPC `RESOURCE_EXHAUSTED`.
    RATE_LIMITED "rate_limited" 429 ResourceExhausted AfterBackoff "Too many requests"
        "Rate limit exceeded. Reduce the frequency of requests.";

    /// The system is not in the state that the request needs: HTTP 400, gRPC `FAILED_PRECONDITION`.
    FAILED_PRECONDITION "failed_precondition" 400 FailedPrecondition Never "The system is not in the state that the request needs"
        "The request cannot be carried out in the current state. Check the state of the resource before you try again.";

    /// A concurrent change got in the way: HTTP 409, gRPC `ABORTED`.
    CONFLICT "conflict" 409 Aborted AfterBackoff "A concurrent change got in the way"
        "The request conflicts with another change. Read the resource again and repeat the request.";

    /// A value is past the valid range: HTTP 400, gRPC `OUT_OF_RANGE`.
    OUT_OF_RANGE "out_of_range" 400 OutOfRange Never "A value is past the valid range"
        "A value is outside the valid range. Choose a value within it.";

    /// The operation is not offered here: HTTP 501, gRPC `UNIMPLEMENTED`.
    UNIMPLEMENTED "unimplemented" 501 Unimplemented Never "The operation is not offered here"
        "This operation is not supported here. Check the address and the version of the API.";

    /// The service cannot handle requests now: HTTP 503, gRPC `UNAVAILABLE`.
    SERVICE_UNAVAILABLE "service_unavailable" 503 Unavailable AfterBackoff "The service cannot handle requests now"
        "The server is temporarily unable to handle requests. Please try again later.";

    /// Data was lost or corrupted: HTTP 500, gRPC `DATA_LOSS`.
    DATA_LOSS "data_loss" 500 DataLoss Never "Data was lost or corrupted"
        "Some data could not be read. Please contact support.";

    /// The caller is not known: HTTP 401, gRPC `UNAUTHENTICATED`.
    UNAUTHENTICATED "unauthenticated" 401 Unauthenticated Never "The caller is not known"
        "Authentication is required. Include an API key in the Authorization header.";

    /// The HTTP method is not supported for this endpoint: HTTP 405, gRPC `UNIMPLEMENTED`.
    METHOD_NOT_ALLOWED "method_not_allowed" 405 Unimplemented Never "The HTTP method is not supported for this endpoint"
        "The HTTP method is not supported for this endpoint. Use a method that the Allow header lists.";

    /// No representation suits the Accept headers: HTTP 406, gRPC `INVALID_ARGUMENT`.
    NOT_ACCEPTABLE "not_acceptable" 406 InvalidArgument Never "No representation suits the Accept headers"
        "No available format matches the Accept header. Ask for a format that is offered.";

    /// The request took too long: HTTP 408, gRPC `DEADLINE_EXCEEDED`.
    REQUEST_TIMEOUT "request_timeout" 408 DeadlineExceeded AfterBackoff "The request took too long"
        "The request took too long to complete. Send it again, faster or in smaller parts.";

    /// The resource is gone for good: HTTP 410, gRPC `NOT_FOUND`.
    GONE "gone" 410 NotFound Never "The resource is gone for good"
        "The requested resource is gone and will not come back. Remove the references to it.";

    /// The requested range lies outside the resource: HTTP 416, gRPC `OUT_OF_RANGE`.
    RANGE_NOT_SATISFIABLE "range_not_satisfiable" 416 OutOfRange Never "The requested range lies outside the resource"
        "The requested range cannot be served. Ask for a range within the length of the resource.";

    /// The Expect header cannot be met: HTTP 417, gRPC `FAILED_PRECONDITION`.
    EXPECTATION_FAILED "expectation_failed" 417 FailedPrecondition Never "The Expect header cannot be met"
        "The expectation in the Expect header cannot be met. Send the request without it.";

    /// The request reached a server that cannot answer it: HTTP 421, gRPC `UNAVAILABLE`.
    MISDIRECTED_REQUEST "misdirected_request" 421 Unavailable AfterBackoff "The request reached a server that cannot answer it"
        "The request reached a server that cannot answer it. Send it again over a new connection.";

    /// The content is well formed but cannot be processed: HTTP 422, gRPC `INVALID_ARGUMENT`.
    UNPROCESSABLE_CONTENT "unprocessable_content" 422 InvalidArgument Never "The content is well formed but cannot be processed"
        "The request is well formed, but its content is invalid. Correct the values and send it again.";

    /// The resource is locked: HTTP 423, gRPC `FAILED_PRECONDITION`.
    LOCKED "locked" 423 FailedPrecondition Never "The resource is locked"
        "The resource is locked. Wait until it is released, or release the lock.";

    /// A request that this one depends on failed: HTTP 424, gRPC `FAILED_PRECONDITION`.
    FAILED_DEPENDENCY "failed_dependency" 424 FailedPrecondition Never "A request that this one depends on failed"
        "An earlier request that this one depends on failed. Resolve that failure first.";

    /// The request came in early data that could be replayed: HTTP 425, gRPC `UNAVAILABLE`.
    TOO_EARLY "too_early" 425 Unavailable AfterBackoff "The request came in early data that could be replayed"
        "The request was sent too early. Send it again once the connection is established.";

    /// Another protocol is required: HTTP 426, gRPC `FAILED_PRECONDITION`.
    UPGRADE_REQUIRED "upgrade_required" 426 FailedPrecondition Never "Another protocol is required"
        "A newer protocol is required. Switch to one that the Upgrade header lists.";

    /// The request must be conditional: HTTP 428, gRPC `FAILED_PRECONDITION`.
    PRECONDITION_REQUIRED "precondition_required" 428 FailedPrecondition Never "The request must be conditional"
        "The request must be conditional. Add an If-Match or If-Unmodified-Since header.";

    /// The header fields are too large: HTTP 431, gRPC `RESOURCE_EXHAUSTED`.
    HEADER_FIELDS_TOO_LARGE "header_fields_too_large" 431 ResourceExhausted Never "The header fields are too large"
        "The request headers are too large. Shorten them or send fewer.";

    /// Access is denied for legal reasons: HTTP 451, gRPC `PERMISSION_DENIED`.
    UNAVAILABLE_FOR_LEGAL_REASONS "unavailable_for_legal_reasons" 451 PermissionDenied Never "Access is denied for legal reasons"
        "The resource is unavailable for legal reasons. Contact support if you think this is a mistake.";

    /// A downstream server gave an invalid response: HTTP 502, gRPC `UNAVAILABLE`.
    BAD_GATEWAY "bad_gateway" 502 Unavailable AfterBackoff "A downstream server gave an invalid response"
        "An invalid response was received from a downstream server. Please try again later.";

    /// There is no room to store what the request needs: HTTP 507, gRPC `RESOURCE_EXHAUSTED`.
    INSUFFICIENT_STORAGE "insufficient_storage" 507 ResourceExhausted Never "There is no room to store what the request needs"
        "There is not enough storage to complete the request. Free some space and try again.";

    /// The proxy requires authentication: HTTP 407, gRPC `UNAUTHENTICATED`.
    PROXY_AUTHENTICATION_REQUIRED "proxy_authentication_required" 407 Unauthenticated Never "The proxy requires authentication"
        "The proxy requires authentication. Include credentials in the Proxy-Authorization header.";

    /// A Content-Length is required: HTTP 411, gRPC `INVALID_ARGUMENT`.
    LENGTH_REQUIRED "length_required" 411 InvalidArgument Never "A Content-Length is required"
        "The length of the request body is required. Add a Content-Length header.";

    /// A condition of the request is false: HTTP 412, gRPC `FAILED_PRECONDITION`.
    PRECONDITION_FAILED "precondition_failed" 412 FailedPrecondition Never "A condition of the request is false"
        "A condition in the request headers was not met. Read the resource again before you try again.";

    /// The request body is too large: HTTP 413, gRPC `RESOURCE_EXHAUSTED`.
    CONTENT_TOO_LARGE "content_too_large" 413 ResourceExhausted Never "The request body is too large"
        "The request body is too large. Send less data in one request.";

    /// The address is too long: HTTP 414, gRPC `INVALID_ARGUMENT`.
    URI_TOO_LONG "uri_too_long" 414 InvalidArgument Never "The address is too long"
        "The address of the request is too long. Move data from the address to the body.";

    /// The media type of the body is not supported: HTTP 415, gRPC `INVALID_ARGUMENT`.
    UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" 415 InvalidArgument Never "The media type of the body is not supported"
        "The content type of the request body is not supported. Use one that the endpoint accepts.";
}
