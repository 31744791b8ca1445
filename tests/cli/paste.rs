//! `errwire translate` with what a person has in hand. The texts are what these programs print.

use crate::support::binary::{run_with, translated};

const BODY: &str = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;

/// curl 7.88.1.
const HEAD: &str = "HTTP/1.1 404 Not Found\r\nServer: BaseHTTP/0.6 Python/3.11.7\r\ncontent-type: application/json\r\ncontent-length: 64\r\n\r\n";

const VERBOSE: &str = r#"*   Trying 127.0.0.1:18999...
* Connected to 127.0.0.1 (127.0.0.1) port 18999 (#0)
> GET /r HTTP/1.1
> Host: 127.0.0.1:18999
> User-Agent: curl/7.88.1
> Accept: */*
> 
< HTTP/1.1 302 Found
< Server: BaseHTTP/0.6 Python/3.11.7
< location: /x
< content-length: 5
< 
* Ignoring the response-body
{ [5 bytes data]
* Connection #0 to host 127.0.0.1 left intact
* Issue another request to this URL: 'http://127.0.0.1:18999/x'
* Re-using existing connection #0 with host 127.0.0.1
> GET /x HTTP/1.1
> Host: 127.0.0.1:18999
> 
< HTTP/1.1 404 Not Found
< Server: BaseHTTP/0.6 Python/3.11.7
< content-type: application/json
< content-length: 64
< 
{ [64 bytes data]
* Connection #0 to host 127.0.0.1 left intact
{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;

const UPLOAD: &str = r#"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 127.0.0.1:18999...
* Connected to 127.0.0.1 (127.0.0.1) port 18999 (#0)
> POST /x HTTP/1.1
> Expect: 100-continue
> 
< HTTP/1.1 100 Continue
} [65536 bytes data]
* We are completely uploaded and fine
< HTTP/1.1 404 Not Found
< content-type: application/json
< content-length: 64
< 
{ [64 bytes data]
100 1953k  100    64  100 1953k   1429  42.5M --:--:-- --:--:-- --:--:-- 43.3M
* Connection #0 to host 127.0.0.1 left intact
{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;

// docs/rules.md: R-CLI-3
#[test]
fn the_last_response_of_curl_counts() {
    let texts = [
        format!("{HEAD}{BODY}"),
        format!("HTTP/1.1 100 Continue\r\n\r\n{HEAD}{BODY}"),
        format!("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 5\r\n\r\n{HEAD}{BODY}\n"),
        format!("HTTP/1.1 200 Connection established\r\n\r\n{HEAD}{BODY}"),
        format!("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n{HEAD}{BODY}"),
        format!("$ curl -i http://127.0.0.1:18999/x\n{HEAD}{BODY}"),
        format!(":status: 404\ncontent-type: application/json\n\n{BODY}"),
        VERBOSE.to_owned(),
        UPLOAD.to_owned(),
        VERBOSE.replace("* Connection #0 to host 127.0.0.1 left intact\n{\"kind", "{\"kind")
            + "* Connection #0 to host 127.0.0.1 left intact\n",
    ];
    for text in texts {
        let answer = translated(&[], &text);
        assert_eq!(answer["error"]["kind"], "task_not_found", "{text}");
        assert_eq!(answer["trailers"]["grpcMessage"], "Task tsk_1 does not exist.", "{text}");
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn a_body_needs_its_status_only() {
    let pretty = "{\n  \"error\": {\n    \"code\": 404,\n    \"message\": \"No such task.\",\n    \"status\": \"NOT_FOUND\"\n  }\n}\n";
    assert_eq!(translated(&["--status", "404"], pretty)["status"]["message"], "No such task.");
    assert_eq!(translated(&["--status", "404"], BODY)["error"]["kind"], "task_not_found");
    assert_eq!(translated(&["--status", "503"], "upstream is down")["status"]["code"], 14);
    let of_powershell = format!("Invoke-RestMethod: \n{BODY}\n");
    assert_eq!(translated(&["--status", "404"], &of_powershell)["error"]["kind"], "task_not_found");
    let quoting = r#"{"kind":"task_not_found","message":"HTTP/1.1 500 Internal Server Error"}"#;
    assert_eq!(translated(&["--status", "404"], quoting)["error"]["kind"], "task_not_found");
}

// docs/rules.md: R-CLI-3
#[test]
fn errors_of_grpc_clients() {
    let tonic = tonic::Status::not_found("Task tsk_1 does not exist.");
    let rows = [
        // grpcurl: `PrintStatus` and `unknownAny` of its format.go.
        ("ERROR:\n  Code: NotFound\n  Message: Task tsk_1 does not exist.\n", ""),
        (
            "ERROR:\n  Code: NotFound\n  Message: Task tsk_1 does not exist.\n  Details:\n  1)\t{\n    \t  \"@type\": \
             \"type.googleapis.com/google.rpc.ErrorInfo\",\n    \t  \"domain\": \"errwire.dev\",\n    \t  \"reason\": \
             \"TASK_NOT_FOUND\"\n    \t}\n  2)\t{\"@type\":\"type.googleapis.com/acme.Widget\",\"@error\":\"acme.Widget is \
             not recognized; see @value for raw binary message data\",\"@value\":\"CAE=\"}\n",
            "task_not_found",
        ),
        // grpcurl with `-format text`, and with a detail that it could not print.
        (
            "ERROR:\n  Code: NotFound\n  Message: Task tsk_1 does not exist.\n  Details:\n  1)\tError parsing detail message: unknown \
             type\n  2)\t[type.googleapis.com/google.rpc.ErrorInfo]: {\n    \t  reason: \"TASK_NOT_FOUND\"\n    \t  domain: \
             \"errwire.dev\"\n    \t}\n",
            "task_not_found",
        ),
        // grpc-java and grpc-dotnet.
        (
            "Exception in thread \"main\" io.grpc.StatusRuntimeException: NOT_FOUND: Task tsk_1 does not exist.\n\tat \
             io.grpc.stub.ClientCalls.toStatusRuntimeException(ClientCalls.java:268)\n",
            "",
        ),
        (
            "Unhandled exception. Grpc.Core.RpcException: Status(StatusCode=\"NotFound\", Detail=\"Task tsk_1 does not exist.\")\n   \
             at Tasks.Main()\n",
            "",
        ),
        // google.golang.org/grpc.
        ("2026/01/02 03:04:05 could not get: rpc error: code = NotFound desc = Task tsk_1 does not exist.\n", ""),
        // grpcio 1.85.1, the blocking client and the one for asyncio.
        (
            "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.NOT_FOUND\n\tdetails = \"Task tsk_1 does not \
             exist.\"\n\tdebug_error_string = \"NOT_FOUND:Task tsk_1 does not exist.\"\n>\n",
            "",
        ),
        (
            "<AioRpcError of RPC that terminated with:\n\tstatus = StatusCode.NOT_FOUND\n\tdetails = \"Task tsk_1 does not \
             exist.\"\n\tdebug_error_string = \"NOT_FOUND:Task tsk_1 does not exist.\"\n>\n",
            "",
        ),
        // tonic up to 0.14.1, 0.14.2, and 0.14.9, whose two forms come from the crate itself.
        (
            "Error: status: NotFound, message: \"Task tsk_1 does not exist.\", details: [], metadata: MetadataMap { headers: {} }",
            "",
        ),
        ("status: 'Some requested entity was not found', self: \"Task tsk_1 does not exist.\"", ""),
        (&*format!("Error: {tonic}"), ""),
        (&*format!("{tonic:?}"), ""),
        (&*format!("called `Result::unwrap()` on an `Err` value: {tonic:#?}"), ""),
        // @grpc/grpc-js 1.14.7: the message, and what `console.log` and an exception that nobody catches write.
        ("5 NOT_FOUND: Task tsk_1 does not exist.\n", ""),
        (
            "Error: 5 NOT_FOUND: Task tsk_1 does not exist.\n    at callErrorFromStatus (build/src/call.js:32:19)\nfor call at\n    at \
             Client.makeUnaryRequest (build/src/client.js:161:32) {\n  code: 5,\n  details: 'Task tsk_1 does not exist.',\n  metadata: \
             Metadata {\n    internalRepr: Map(1) { 'content-type' => [Array] },\n    options: {}\n  }\n}\n",
            "",
        ),
        ("grpc-status: 5\ngrpc-message: Task tsk_1 does not exist.\n", ""),
        (
            "HTTP/2 200 \r\ncontent-type: application/grpc\r\ngrpc-status: 5\r\ngrpc-message: Task tsk_1 does not exist.\r\n\r\n",
            "",
        ),
        // curl 7.88.1 prints the trailers of a stream behind its messages.
        (
            "HTTP/2 200 \r\ncontent-type: application/grpc\r\nx-a: 1\r\n\r\n\0\0\0\0\u{2}{}grpc-status: 5\r\ngrpc-message: Task tsk_1 \
             does not exist.\r\n",
            "",
        ),
        (
            ":status: 200\ncontent-type: application/grpc\ngrpc-status: 5\ngrpc-message: Task tsk_1 does not exist.\n",
            "",
        ),
        ("{\n  \"code\": 5,\n  \"message\": \"Task tsk_1 does not exist.\"\n}\n", ""),
        ("{\"code\":5,\"message\":\"Task tsk_1 does not exist.\"}", ""),
    ];
    for (text, kind) in rows {
        let answer = translated(&[], text);
        let kind = if kind.is_empty() { "not_found" } else { kind };
        assert_eq!(answer["response"]["status"], 404, "{text}");
        assert_eq!(answer["error"]["kind"], kind, "{text}");
        assert_eq!(answer["error"]["message"], "Task tsk_1 does not exist.", "{text}");
    }
}

/// grpcio does not escape what is between the quotes.
#[test]
fn messages_with_quotes_and_several_lines() {
    let python = "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.NOT_FOUND\n\tdetails = \"Task \"tsk_1\" \
                  does\nnot exist.\"\n\tdebug_error_string = \"NOT_FOUND:Task \"tsk_1\" does\nnot exist.\"\n>\n";
    assert_eq!(translated(&[], python)["error"]["message"], "Task \"tsk_1\" does\nnot exist.");
    let tonic = r#"code: 'Some requested entity was not found', message: "Task \"tsk_1\" does\nnot exist.""#;
    assert_eq!(translated(&[], tonic)["error"]["message"], "Task \"tsk_1\" does\nnot exist.");
    assert_eq!(translated(&[], "rpc error: code = Canceled desc = context canceled")["error"]["code"], "CANCELLED");
}

// docs/rules.md: R-CLI-3
#[test]
fn a_person_sees_the_error_both_wires_and_why() {
    for input in [format!("{HEAD}{BODY}"), "rpc error: code = NotFound desc = Task tsk_1 does not exist.".to_owned()] {
        let ended = run_with(&["translate", "--format", "text"], input);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for part in [
            "not_found: Task tsk_1 does not exist.\n",
            "Over HTTP\n  HTTP/1.1 404 Not Found\n",
            "Over gRPC\n  grpc-status: 5\n",
            "\nWhy\n  ",
        ] {
            assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
        }
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn a_person_sees_what_was_read_and_what_was_not() {
    let body = r#"{"error": {"code": "card_declined", "message": "Your card was declined.", "param": "source"}}"#;
    let ended = run_with(&["translate", "--format", "text"], format!("HTTP/2 402\r\nretry-after: 7\r\n\r\n{body}"));
    for line in [
        "  HTTP status  402 Payment Required",
        "  read as      envelope",
        "  kind         error.code",
        "  code         the table for APIs, by status",
        "  message      error.message",
        "  delay        header retry-after",
        &format!("  not read     some of the body, kept in google.rpc.HttpResponse: {body}"),
    ] {
        assert!(ended.stdout.lines().any(|written| written == line), "{line}: {}", ended.stdout);
    }
    assert!(ended.stdout.lines().all(|line| !line.starts_with("  grpc-status-details-bin") || line.len() < 80));
    assert!(!ended.stdout.contains('\u{1b}'), "no colours without a terminal");
}

// docs/rules.md: R-CLI-2
#[test]
fn unknown_text_is_reported() {
    let ended = run_with(&["translate"], "hello\nworld\n");
    assert_eq!((ended.code, ended.json_lines().len()), (Some(1), 1));
    assert_eq!((&ended.json_lines()[0]["line"], &ended.json_lines()[0]["failure"]["code"]), (&1.into(), &3.into()));
    // JSON lines of which the first is wrong.
    let ended = run_with(&["translate"], "nonsense\n{\"trailers\":{\"grpcStatus\":\"5\"}}\n");
    assert_eq!((ended.code, ended.json_lines().len()), (Some(1), 2));
    assert_eq!(ended.json_lines()[1]["response"]["status"], 404);
}
