//! What grows with `n`, for each reader, each writer, the budget and the builders: `growth.rs` counts what it costs, and `cargo bench --bench
//! growth` takes the time.

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Detail, Dialect, Error, Policy, Translator, WriteGrpcOptions, WriteHttpOptions, kinds,
    rpc, wire::grpc::Status,
};
use http::{HeaderValue, Response};

/// The smaller size, in items. 16 times as many of the longest ones fit the 64 KiB of a body that are read.
pub(crate) const N: usize = 80;

/// A name, a status, a media type, and the body of `n` items.
pub(crate) type Body = (&'static str, u16, &'static str, fn(usize) -> String);

/// The name of a sort, and the `n`th detail of it.
pub(crate) type Sort = (&'static str, fn(usize) -> Detail);

/// A name, where to start, and what is done `n` times.
pub(crate) type Steps = (&'static str, fn() -> Error, fn(Error, usize) -> Error);

pub(crate) fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(",")
}

pub(crate) fn response(status: u16, media: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status.try_into().unwrap_or_default();
    response.headers_mut().insert("content-type", HeaderValue::from_static(media));
    response
}

const JSON: &str = "application/json";
const HELP: &str = r#"{"@type":"google.rpc.Help"}"#;

/// Each shape of a body that is read.
pub(crate) const BODIES: [Body; 40] = [
    ("kind_message", 404, JSON, |n| {
        let details = list(n, |_| HELP.to_owned());
        format!(r#"{{"kind":"a_kind","message":"m","details":[{details}]}}"#)
    }),
    ("kind_message, metadata of a detail", 404, JSON, |n| {
        let entries = list(n, |n| format!(r#""key_{n}":"value""#));
        let info = format!(r#"{{"@type":"google.rpc.ErrorInfo","reason":"A_B","metadata":{{{entries}}}}}"#);
        format!(r#"{{"kind":"a_kind","message":"m","details":[{info}]}}"#)
    }),
    ("kind_message, unknown members", 404, JSON, |n| {
        format!(r#"{{"kind":"a_kind","message":"m",{}}}"#, list(n, |n| format!(r#""member_{n}":{n}"#)))
    }),
    ("google", 404, JSON, |n| {
        let details = list(n, |_| HELP.to_owned());
        format!(r#"{{"error":{{"code":404,"message":"m","status":"NOT_FOUND","details":[{details}]}}}}"#)
    }),
    ("google, mistyped details", 404, JSON, |n| {
        let details = list(n, |_| r#"{"@type":"google.rpc.Help","x":1}"#.to_owned());
        format!(r#"{{"error":{{"code":404,"message":"m","status":"NOT_FOUND","details":[{details}]}}}}"#)
    }),
    ("connect", 404, JSON, |n| {
        let details = list(n, |_| r#"{"type":"a.B","value":"CAE"}"#.to_owned());
        format!(r#"{{"code":"not_found","message":"m","details":[{details}]}}"#)
    }),
    ("grpc_gateway", 404, JSON, |n| {
        let details = list(n, |_| HELP.to_owned());
        format!(r#"{{"code":5,"message":"m","details":[{details}]}}"#)
    }),
    ("twirp", 404, JSON, |n| {
        format!(r#"{{"code":"not_found","msg":"m","meta":{{{}}}}}"#, list(n, |n| format!(r#""key_{n}":"value""#)))
    }),
    ("kratos", 404, JSON, |n| {
        let metadata = list(n, |n| format!(r#""key_{n}":"value""#));
        format!(r#"{{"code":404,"reason":"A_B","message":"m","metadata":{{{metadata}}}}}"#)
    }),
    ("problem", 400, "application/problem+json", |n| {
        let errors = list(n, |n| format!(r#"{{"name":"a{n}","reason":"bad"}}"#));
        format!(r#"{{"title":"t","status":400,"invalid-params":[{errors}]}}"#)
    }),
    ("graphql", 400, JSON, |n| format!(r#"{{"errors":[{}]}}"#, list(n, |_| r#"{"message":"a message"}"#.to_owned()))),
    ("json_api", 422, "application/vnd.api+json", |n| {
        let error = |n| format!(r#"{{"code":"c","source":{{"pointer":"/data/{n}"}}}}"#);
        format!(r#"{{"errors":[{}]}}"#, list(n, error))
    }),
    ("FastAPI", 422, JSON, |n| {
        format!(r#"{{"detail":[{}]}}"#, list(n, |n| format!(r#"{{"loc":["body",{n}],"msg":"bad"}}"#)))
    }),
    ("Laravel", 422, JSON, |n| {
        format!(r#"{{"message":"m","errors":{{{}}}}}"#, list(n, |n| format!(r#""field_{n}":["is bad"]"#)))
    }),
    ("Django", 400, JSON, |n| format!("{{{}}}", list(n, |n| format!(r#""field_{n}":["is bad"]"#)))),
    ("an object of nothing known", 404, JSON, |n| format!("{{{}}}", list(n, |n| format!(r#""a_{n}":{{"b":1}}"#)))),
    ("a list", 404, JSON, |n| format!("[{}]", list(n, |n| format!(r#"{{"a":{n}}}"#)))),
    ("objects inside objects", 404, JSON, |n| "{\"a\":".repeat(n) + "1" + &"}".repeat(n)),
    ("HTML", 502, "text/html", |n| "<p>A page.</p><br/> &amp; ".repeat(n)),
    ("text", 502, "text/plain", |n| "what a proxy says\n".repeat(n)),
    ("google, the errors of version 1", 404, JSON, |n| {
        let errors = list(n, |_| r#"{"reason":"notFound","message":"m"}"#.to_owned());
        format!(r#"{{"error":{{"code":404,"message":"m","errors":[{errors}]}}}}"#)
    }),
    ("oauth2", 400, JSON, |n| {
        let members = list(n, |n| format!(r#""member_{n}":{n}"#));
        format!(r#"{{"error":"invalid_grant","error_description":"m",{members}}}"#)
    }),
    ("jsonrpc", 400, JSON, |n| {
        let data = list(n, |_| HELP.to_owned());
        format!(r#"{{"jsonrpc":"2.0","error":{{"code":-32000,"message":"m","data":[{data}]}}}}"#)
    }),
    // `{int32 code = 1; string message = 2; repeated Any details = 3}`, and in each detail `{string type_url = 1}`.
    ("status_proto", 404, "application/x-protobuf", |n| {
        "\x08\x05\x12\x01m".to_owned() + &"\x1a\x05\x0a\x03a.B".repeat(n)
    }),
    ("problem in XML", 400, "application/problem+xml", |n| {
        let items = "<i><a>b</a></i>".repeat(n);
        format!(
            "<problem xmlns='urn:ietf:rfc:7807'><title>t</title><status>400</status><items>{items}</items></problem>"
        )
    }),
    ("XML, elements", 404, "application/xml", |n| {
        let elements: String = (0..n).map(|n| format!("<a{n}>b</a{n}>")).collect();
        format!("<Error><Code>NoSuchKey</Code><Message>m</Message>{elements}</Error>")
    }),
    ("XML, attributes", 404, "application/xml", |n| {
        let attributes: String = (0..n).map(|n| format!(" a{n}='b'")).collect();
        format!("<Error{attributes}><Code>NoSuchKey</Code><Message>m</Message></Error>")
    }),
    ("XML, elements inside elements", 404, "application/xml", |n| "<a>".repeat(n) + "b" + &"</a>".repeat(n)),
    ("a form", 400, "application/x-www-form-urlencoded", |n| {
        let fields: String = (0..n).map(|n| format!("&member_{n}=%20{n}")).collect();
        format!("error=invalid_request&error_description=m{fields}")
    }),
    ("a sequence of JSON", 404, "application/x-ndjson", |n| "{\"code\":\"a_kind\",\"message\":\"m\"}\n".repeat(n)),
    ("events", 404, "text/event-stream", |n| "data: {\"code\":\"a_kind\",\n\n".repeat(n)),
    ("a charset", 404, "application/json; charset=iso-8859-1", |n| {
        format!(r#"{{"code":"a_kind","message":"m",{}}}"#, list(n, |n| format!(r#""member_{n}":{n}"#)))
    }),
    ("JSON inside a text", 404, JSON, |n| {
        format!(r#"{{"message":"{{\"code\":\"a_kind\",{}}}"}}"#, list(n, |n| format!(r#"\"a{n}\":{n}"#)))
    }),
    ("a member that is there again and again", 404, JSON, |n| {
        format!(r#"{{"code":"a_kind","message":"m",{}}}"#, list(n, |n| format!(r#""member":{n}"#)))
    }),
    ("texts", 422, JSON, |n| format!(r#"{{"errors":[{}]}}"#, list(n, |n| format!(r#""text {n}""#)))),
    ("Spring", 422, JSON, |n| {
        let error = |n| format!(r#"{{"field":"f{n}","defaultMessage":"bad"}}"#);
        format!(r#"{{"message":"m","errors":[{}]}}"#, list(n, error))
    }),
    ("JHipster", 422, JSON, |n| {
        let error = |n| format!(r#"{{"field":"f{n}","message":"bad"}}"#);
        format!(r#"{{"message":"m","fieldErrors":[{}]}}"#, list(n, error))
    }),
    ("Rails", 422, JSON, |n| format!(r#"{{"errors":{{{}}}}}"#, list(n, |n| format!(r#""field_{n}":["is bad"]"#)))),
    ("GitLab", 422, JSON, |n| format!(r#"{{"message":{{{}}}}}"#, list(n, |n| format!(r#""field_{n}":["is bad"]"#)))),
    ("Strapi", 400, JSON, |n| {
        let error = |n| format!(r#"{{"path":["f{n}"],"message":"bad"}}"#);
        let errors = list(n, error);
        format!(r#"{{"error":{{"name":"ValidationError","message":"m","details":{{"errors":[{errors}]}}}}}}"#)
    }),
];

/// `n` details of each sort.
pub(crate) const SORTS: [Sort; 9] = [
    ("ErrorInfo", |n| rpc::ErrorInfo { reason: format!("A_B{n}"), domain: "a.b".into(), ..Default::default() }.into()),
    ("DebugInfo", |n| rpc::DebugInfo { detail: n.to_string(), ..Default::default() }.into()),
    ("BadRequest", |n| {
        let violation = rpc::bad_request::FieldViolation { field: n.to_string(), ..Default::default() };
        rpc::BadRequest { field_violations: vec![violation] }.into()
    }),
    ("Help", |n| {
        let link = rpc::help::Link { description: String::new(), url: format!("https://a.example/{n}") };
        rpc::Help { links: vec![link] }.into()
    }),
    ("LocalizedMessage", |n| rpc::LocalizedMessage { locale: format!("de-x-{n}"), message: "m".into() }.into()),
    ("RetryInfo", |n| {
        let seconds = i64::try_from(n).unwrap();
        rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds, nanos: 0 }) }.into()
    }),
    ("RequestInfo", |n| rpc::RequestInfo { request_id: n.to_string(), ..Default::default() }.into()),
    ("HttpResponse", |_| rpc::HttpResponse { status: 404, body: "body".into(), ..Default::default() }.into()),
    ("types of their own", |n| Detail::new(format!("a.example/acme.Type{n}"), &b"\x08\x01"[..])),
];

pub(crate) fn with_details(sort: fn(usize) -> Detail, n: usize) -> Error {
    let status = Status { code: Code::NotFound, message: "m".into(), details: (0..n).map(sort).collect() };
    Translator::default().read_grpc(status)
}

pub(crate) fn translator(budget: usize) -> Translator {
    let mut policy = Policy::default();
    policy.budget = budget;
    Translator::with_policy(Catalog::builtin(), policy)
}

/// With room for all, and with room for nothing, so that both sizes go the same way.
pub(crate) const BUDGETS: [usize; 2] = [usize::MAX, 0];

/// Each wire, audience and dialect.
pub(crate) fn write_everywhere(translator: &Translator, error: &Error) {
    for audience in [Audience::Internal, Audience::Public] {
        let options = WriteGrpcOptions::new(audience).with_accept_language("de, en;q=0.5");
        translator.write_grpc_with(error, &options).0.to_trailers();
        for dialect in [Dialect::KindMessage, Dialect::Problem, Dialect::Google, Dialect::Connect] {
            let options = WriteHttpOptions::new(audience).with_dialect(dialect).with_details();
            translator.write_http_with(error, &options.with_accept_language("de, en;q=0.5"));
        }
    }
}

/// What is long in one place.
pub(crate) const LONG: [(&str, fn(usize) -> Error); 4] = [
    ("a message", |n| Error::new(kinds::TASK_NOT_FOUND).with_message("é and more".repeat(n))),
    ("metadata", |n| {
        let metadata = (0..n).map(|n| (format!("key_{n}"), "value".to_owned())).collect();
        let info = rpc::ErrorInfo { reason: "TASK_NOT_FOUND".into(), domain: "errwire.dev".into(), metadata };
        Error::new(kinds::TASK_NOT_FOUND).with_detail(info)
    }),
    ("violations", |n| {
        let violation = |n: usize| rpc::bad_request::FieldViolation { field: n.to_string(), ..Default::default() };
        let violations = (0..n).map(violation).collect();
        Error::new(kinds::REQUEST_INVALID).with_detail(rpc::BadRequest { field_violations: violations })
    }),
    ("links", |n| {
        let link = |n: usize| rpc::help::Link { description: "d".into(), url: format!("https://a.example/{n}") };
        Error::new(kinds::REQUEST_INVALID).with_detail(rpc::Help { links: (0..n).map(link).collect() })
    }),
];

fn named() -> rpc::ErrorInfo {
    rpc::ErrorInfo { reason: "CONFLICT".into(), domain: "errwire.dev".into(), ..Default::default() }
}

/// What builds an error step by step.
pub(crate) const STEPS: [Steps; 6] = [
    ("with_metadata", || Error::new(kinds::CONFLICT), |error, n| error.with_metadata(n.to_string(), "value")),
    ("with_metadata of one key", || Error::new(kinds::CONFLICT), |error, _| error.with_metadata("key", "value")),
    (
        "with_metadata next to an ErrorInfo",
        || Error::new(kinds::CONFLICT).with_detail(named()),
        |error, n| error.with_metadata(n.to_string(), "value"),
    ),
    (
        "with_field_violation",
        || Error::new(kinds::CONFLICT),
        |error, n| error.with_field_violation(n.to_string(), "bad"),
    ),
    ("with_detail", || Error::new(kinds::CONFLICT), |error, _| error.with_detail(rpc::Help::default())),
    (
        "with_metadata and with_detail",
        || Error::new(kinds::CONFLICT),
        |error, n| error.with_detail(rpc::Help::default()).with_metadata(n.to_string(), "value"),
    ),
];
