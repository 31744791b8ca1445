//! The names of the shapes.

// docs/rules.md: R-DIALECT-1

/// One shape of an HTTP error body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `{"kind": "task_not_found", "message": "..."}`
    #[default]
    KindMessage,
    /// `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
    Problem,
    /// `{"error": {"code": 404, "message": "...", "status": "NOT_FOUND"}}` ([AIP-193](https://google.aip.dev/193)).
    Google,
    /// `{"code": "not_found", "message": "..."}` ([Connect](https://connectrpc.com/docs/protocol#error-end-stream)).
    Connect,
    /// `{"code": 5, "message": "...", "details": []}` of gRPC-gateway.
    GrpcGateway,
    /// `{"code": "not_found", "msg": "..."}` ([Twirp](https://twitchtv.github.io/twirp/docs/spec_v7.html)).
    Twirp,
    /// `{"code": 404, "reason": "TASK_NOT_FOUND", "message": "..."}` of Kratos.
    Kratos,
    /// `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749),
    /// [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    Oauth2,
    /// `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}` of GraphQL.
    Graphql,
    /// `{"errors": [{"code": "...", "title": "...", "detail": "..."}]}` of [JSON:API](https://jsonapi.org/format/#errors).
    JsonApi,
    /// `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "..."}}` of [JSON-RPC](https://www.jsonrpc.org/specification#error_object).
    Jsonrpc,
    /// The common rest of JSON bodies: `{"error": {"code", "message"}}`, `{"message"}`, AWS, Azure, Spring and so on.
    Envelope,
    /// Text or HTML, or nothing.
    Text,
    /// A `google.rpc.Status` in protobuf, as [OTLP](https://opentelemetry.io/docs/specs/otlp/#failures-1) has it.
    StatusProto,
}

impl Dialect {
    /// The name in snake_case: `kind_message`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KindMessage => "kind_message",
            Self::Problem => "problem",
            Self::Google => "google",
            Self::Connect => "connect",
            Self::GrpcGateway => "grpc_gateway",
            Self::Twirp => "twirp",
            Self::Kratos => "kratos",
            Self::Oauth2 => "oauth2",
            Self::Graphql => "graphql",
            Self::JsonApi => "json_api",
            Self::Jsonrpc => "jsonrpc",
            Self::Envelope => "envelope",
            Self::Text => "text",
            Self::StatusProto => "status_proto",
        }
    }
}
