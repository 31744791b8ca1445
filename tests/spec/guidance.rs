//! What the API reference says of each status.

/// Status, reason phrase, guidance.
pub(crate) const GUIDANCE: [(u16, &str, &str); 11] = [
    (
        400,
        "Bad Request",
        "The request was invalid. This is usually caused by a missing required parameter or invalid value. `kind` and `message` help identify the issue.",
    ),
    (401, "Unauthorized", "Authentication is required. Include an API key in the `Authorization` header."),
    (402, "Payment Required", "A payment issue exists on the account. Visit billing to resolve."),
    (403, "Forbidden", "The API key is valid but does not have access to the requested resource or action."),
    (404, "Not Found", "The requested resource was not found. Verify the resource ID."),
    (405, "Method Not Allowed", "The HTTP method is not supported for this endpoint."),
    (408, "Request Timeout", "The request took too long to complete."),
    (429, "Too Many Requests", "Rate limit exceeded. Reduce the frequency of requests."),
    (
        500,
        "Internal Server Error",
        "An unexpected error occurred on our side. If you encounter this error, please contact support and we will look into it immediately.",
    ),
    (502, "Bad Gateway", "An invalid response was received from a downstream server."),
    (503, "Service Unavailable", "The server is temporarily unable to handle requests. Please try again later."),
];
