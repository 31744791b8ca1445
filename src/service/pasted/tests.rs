use proptest::{prelude::*, sample::select};

use super::*;

fn http(text: &str) -> pb::HttpResponse {
    match read(text, None).map(|pasted| pasted.request) {
        Ok(Request::HttpToGrpc(pb::HttpToGrpcRequest {
            source: Some(pb::http_to_grpc_request::Source::Response(response)),
            ..
        })) => response,
        other => panic!("{other:?} is not an HTTP response"),
    }
}

#[test]
fn reads_a_response_as_curl_prints_it() {
    let response = http("HTTP/2 404 \r\nContent-Type: application/json\r\nx-a: b: c\r\n\r\n{\"kind\":\"x\"}\n\nmore");
    assert_eq!(response.status, 404);
    let fields: Vec<_> = response.headers.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    assert_eq!(fields, [("content-type", "application/json"), ("x-a", "b: c")]);
    assert_eq!(response.body, Some(Body::Text("{\"kind\":\"x\"}\n\nmore".into())));
    assert_eq!(http("  HTTP/1.1 503 Service Unavailable").body, None);
}

#[test]
fn reads_the_fields_of_a_call() {
    let text = "grpc-message: no%20such%20task\nGrpc-Status: 5\nother: x\ngrpc-status-details-bin: CAU";
    let Ok(Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(Source::Trailers(trailers)), .. })) =
        read(text, None).map(|pasted| pasted.request)
    else {
        panic!("these are fields of gRPC")
    };
    assert_eq!(trailers.grpc_status, "5");
    assert_eq!(trailers.grpc_message, "no%20such%20task");
    assert_eq!(trailers.grpc_status_details_bin, "CAU");
}

#[test]
fn reads_json() {
    let rows = [
        (r#"{"code":5,"message":"m","details":[]}"#, false),
        (r#"{"status":{"code":5}}"#, false),
        (r#"{"trailers":{"grpcStatus":"5"}}"#, false),
        (r#"{"response":{"status":404}}"#, true),
    ];
    for (text, is_http) in rows {
        let request = read(text, None).unwrap().request;
        assert_eq!(matches!(request, Request::HttpToGrpc(_)), is_http, "{text}");
    }
}

/// Beginnings of all forms, without their ends and into one another.
const PIECES: [&str; 58] = [
    "404 ",
    "(404) Not Found",
    "status code 404",
    "grpc-status=[",
    "grpc-message=\"",
    "{\"error\": \"404 ",
    "{\"a\": 1}",
    "<= Recv header, 9 bytes (0x9)\n0000: ",
    "<= Recv data, 9 bytes (0x9)\n0000: 48 54\n",
    "transfer-encoding: chunked\n\n",
    "4\n",
    "ffffffffffffffff\n",
    "HTTP/1.1 404 Not Found\n",
    "  HTTP/1.1 404 x\n",
    "404 Not Found\n",
    "< HTTP/2 404\n",
    "< ",
    "* ",
    "\n\n",
    "\n",
    " ",
    "é",
    "a: b\n",
    "grpc-status: 5\n",
    "grpc-status:",
    "rpc error: code = NotFound desc = ",
    "\"",
    "\\\"",
    "'",
    "\\",
    "\\x",
    "\\u{",
    "\\8",
    "5 NOT_FOUND:",
    "StatusCode.NOT_FOUND",
    "details = \"",
    ")",
    ">",
    " (GRPC::NotFound)",
    "Status(StatusCode=",
    "Detail=\"",
    "Status{code=",
    "gRPC Error (",
    "%GRPC.RPCError{status: ",
    "NOT_FOUND: ",
    " [type.googleapis.com/a='",
    "']",
    "ERROR:\n  Code: NotFound\n  Message: m\n  Details:\n",
    "  1)\t",
    "code: 5 ",
    "message: ",
    "details ",
    "{",
    "}",
    "[a]: {",
    "type_url: ",
    ", number = ",
    "{\"code\": 5, \"details\": \"",
];

proptest! {
    #[test]
    fn pieces_of_all_forms_never_panic(pieces in prop::collection::vec(select(&PIECES[..]), 0..24), status in prop::option::of(400_u32..600)) {
        let _ = read(&pieces.concat(), status);
    }
}

#[test]
fn the_cost_grows_with_the_text_alone() {
    // Each beginning stands in a literal that never ends. Were each read to the end of the text, this would take minutes.
    for piece in PIECES {
        let text = format!("\\\"{piece}").repeat(20_000);
        let _ = read(&text, None);
    }
}

#[test]
fn a_payload_that_is_cut_off_costs_no_more_than_itself() {
    let notes = |text: &str| read(text, None).map(|pasted| (pasted.notes.len(), pasted.request));
    for end in ["='\\x0a", "='", "=", "='\\x0a'", ""] {
        let (_, request) = notes(&format!("NOT_FOUND: No task. [type.googleapis.com/a.B{end}")).unwrap();
        let Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(Source::Status(status)), .. }) = request else {
            panic!("{end}")
        };
        assert_eq!((status.code, status.message.as_str()), (5, "No task."), "{end}");
    }
}

#[test]
fn reports_the_problem() {
    let rows = [
        ("", "nothing to translate"),
        ("HTTP/1.1", "is not a field"),
        ("HTTP/1.1 4o4", "is not a field"),
        ("HTTP/1.1 404\nnonsense", "`nonsense` is not a field"),
        ("hello", "`hello` is not a field"),
        ("a: b", "neither"),
        ("{", "not a JSON object"),
        (r#"{"kind":"task_not_found"}"#, "without its response"),
        (r#"{"code":"NOT_FOUND"}"#, "without its response"),
        (r#"{"code":5,"nope":1}"#, "nope"),
    ];
    for (text, expected) in rows {
        let why = read(text, None).unwrap_err();
        assert!(why.contains(expected), "{text:?}: {why}");
    }
}
