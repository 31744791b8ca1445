//! The names of the shapes.

// docs/rules.md: R-DIALECT-1

macro_rules! dialects {
    ($($(#[$docs:meta])* $variant:ident = $name:literal;)+) => {
        /// One shape of an HTTP error body.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Dialect {
            $($(#[$docs])* $variant,)+
        }

        impl Dialect {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in snake_case: `kind_message`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

dialects! {
    /// `{"kind": "task_not_found", "message": "..."}`
    #[default]
    KindMessage = "kind_message";
    /// `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
    Problem = "problem";
    /// `{"error": {"code": 404, "message": "...", "status": "NOT_FOUND"}}` ([AIP-193](https://google.aip.dev/193)).
    Google = "google";
    /// `{"code": "not_found", "message": "..."}` ([Connect](https://connectrpc.com/docs/protocol#error-end-stream)).
    Connect = "connect";
    /// `{"code": 5, "message": "...", "details": []}` of gRPC-gateway.
    GrpcGateway = "grpc_gateway";
    /// `{"code": "not_found", "msg": "..."}` ([Twirp](https://twitchtv.github.io/twirp/docs/spec_v7.html)).
    Twirp = "twirp";
    /// `{"code": 404, "reason": "TASK_NOT_FOUND", "message": "..."}` of Kratos.
    Kratos = "kratos";
    /// `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749),
    /// [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    Oauth2 = "oauth2";
    /// `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}` of GraphQL.
    Graphql = "graphql";
    /// `{"errors": [{"code": "...", "title": "...", "detail": "..."}]}` of [JSON:API](https://jsonapi.org/format/#errors).
    JsonApi = "json_api";
    /// `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "..."}}` of [JSON-RPC](https://www.jsonrpc.org/specification#error_object).
    Jsonrpc = "jsonrpc";
    /// The common rest of JSON bodies: `{"error": {"code", "message"}}`, `{"message"}`, AWS, Azure, Spring and so on.
    Envelope = "envelope";
    /// Text or HTML, or nothing.
    Text = "text";
    /// A `google.rpc.Status` in protobuf, as [OTLP](https://opentelemetry.io/docs/specs/otlp/#failures-1) has it.
    StatusProto = "status_proto";
}
