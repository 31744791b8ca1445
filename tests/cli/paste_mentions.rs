//! What people find in logs, traces and browsers: a status in a sentence, the bytes that curl saw, a call in a line of JSON.

use serde_json::json;

use crate::support::binary::{run_with, translated};

const BODY: &str = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;

/// `--trace` of curl 8.5.0: 16 bytes a line.
fn dump(text: &str) -> String {
    printed(text, |at, hex, text| format!("{at:04x}: {hex:48}{text}\n"))
}

/// Each 16 bytes with their offset, in hexadecimal digits and as text.
fn printed(text: &str, line: impl Fn(usize, &str, &str) -> String) -> String {
    let lines = text.as_bytes().chunks(16).enumerate().map(|(at, bytes)| {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
        let text: String =
            bytes.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect();
        line(at * 16, &hex, &text)
    });
    lines.collect()
}

// docs/rules.md: R-CLI-3
#[test]
fn responses_that_a_program_mentions() {
    let escaped = json!(BODY).to_string();
    let (start, end) = BODY.split_at(30);
    let chunked = format!(
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{start}\r\n{:x};a=1\r\n{end}\r\n0\r\n\r\n",
        start.len(),
        end.len()
    );
    let response = format!("HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\n\r\n{BODY}");
    let paired =
        |hex: &str| hex.split(' ').collect::<Vec<_>>().chunks(2).map(<[&str]>::concat).collect::<Vec<_>>().join(" ");
    let texts = [
        // curl 8.5.0 with `--trace-ascii -` and `--trace-time`: a line end of the bytes is a gap in the offsets.
        format!(
            "== Info: Connected to api.example.com (127.0.0.1) port 80\n=> Send header, 88 bytes (0x58)\n0000: GET /v1/tasks/tsk_1 \
             HTTP/1.1\n0021: Host: api.example.com\n<= Recv header, 24 bytes (0x18)\n0000: HTTP/1.1 404 Not Found\n<= Recv header, 32 \
             bytes (0x20)\n0000: content-type: application/json\n<= Recv header, 2 bytes (0x2)\n0000: \n<= Recv data, 64 bytes \
             (0x40)\n0000: {start}\n001e: {end}\n== Info: Connection #0 to host api.example.com left intact\n"
        ),
        format!(
            "13:01:02.323456 <= Recv header, 13 bytes (0xd)\n0000: HTTP/2 404 \n13:01:02.323456 <= Recv header, 2 bytes (0x2)\n0000:\n\
             13:01:02.323456 <= Recv data, 64 bytes (0x40)\n0000: {BODY}\n"
        ),
        format!(
            "<= Recv header, 24 bytes (0x18)\n{}<= Recv header, 2 bytes (0x2)\n{}<= Recv data, 64 bytes (0x40)\n{}",
            dump("HTTP/1.1 404 Not Found\r\n"),
            dump("\r\n"),
            dump(BODY)
        ),
        // Wireshark, `hexdump -C`, and `tcpdump -X` and `xxd`, which write two bytes together; a packet has its headers in front.
        printed(&response, |at, hex, text| format!("{at:04x}   {hex:48}  {text}\n")),
        printed(&response, |at, hex, text| format!("{at:08x}  {hex:24.24} {:24}|{text}|\n", hex.get(24..).unwrap_or_default()))
            + &format!("{:08x}\n", response.len()),
        printed(&format!("E..4....{response}"), |at, hex, text| format!("\t0x{at:04x}:  {}  {text}\n", paired(hex))),
        printed(&response, |at, hex, text| format!("{at:08x}: {}  {text}\n", paired(hex))),
        chunked.clone(),
        // Decoded already, though the head says otherwise.
        format!("HTTP/1.1 404 Not Found\ntransfer-encoding: chunked\n\n{BODY}"),
        // What people leave out.
        format!("HTTP/1.1 404 Not Found\ncontent-type: application/json\n{BODY}"),
        format!("404 Not Found\n{BODY}"),
        format!("404\n{BODY}"),
        format!("404 {BODY}"),
        format!("HTTP 404: {BODY}"),
        format!("the server answered with a status code of 404 and {BODY}"),
        // Chrome, Firefox and Postman.
        format!(
            "Request URL\nhttps://api.example.com/v1/tasks/tsk_1\nStatus Code\n404 Not Found\ncontent-type\napplication/json\n\n{BODY}"
        ),
        format!(":status:\n404\ncontent-type:\napplication/json\n\n{BODY}"),
        format!(
            "GET\n\t\nhttps://api.example.com/v1/tasks/tsk_1\nStatus\n404\nVersionHTTP/2\nTransferred612 B (70 B size)\n\n{BODY}"
        ),
        format!("Status: 404 Not Found\nTime: 120 ms\nSize: 300 B\n\n{BODY}"),
        format!("404Not Found\n120 ms\n300 B\n{BODY}"),
        // kubectl -v8.
        format!(
            "I0101 00:00:00.010000    1234 round_trippers.go:574] Response Status: 404 Not Found in 10 milliseconds\nI0101 \
             00:00:00.010000    1234 round_trippers.go:577] Response Headers:\nI0101 00:00:00.010000    1234 round_trippers.go:580]     \
             Content-Type: application/json\nI0101 00:00:00.010000    1234 request.go:1154] Response Body: {BODY}\n"
        ),
        format!("I0101 00:00:00.010000    1234 helpers.go:246] server response object: [{}]\n", BODY.replace('}', ",\"code\":404}")),
        // RestTemplate, Feign, Guzzle.
        format!("org.springframework.web.client.HttpClientErrorException$NotFound: 404 Not Found: \"{BODY}\""),
        format!(
            "feign.FeignException$NotFound: [404 Not Found] during [GET] to [https://x/v1/tasks/tsk_1] [X#get(String)]: [{BODY}]"
        ),
        format!(
            "GuzzleHttp\\Exception\\ClientException: Client error: `GET https://x` resulted in a `404 Not Found` response:\n{BODY}\n in x.php:1"
        ),
        // The SDKs of Python, and axios as Node prints it.
        "Error code: 404 - {'kind': 'task_not_found', 'message': 'Task tsk_1 does not exist.', 'param': None}".to_owned(),
        "AxiosError: Request failed with status code 404\n    at settle (settle.js:19:12) {\n  code: 'ERR_BAD_REQUEST',\n  config: { \
         adapter: [ 'xhr', 'http' ], transformRequest: [ [Function: x] ] },\n  request: <ref *1> ClientRequest { a: [Getter] },\n  \
         response: {\n    status: 404,\n    headers: Object [AxiosHeaders] { 'content-type': 'application/json' },\n    data: { kind: \
         'task_not_found', message: 'Task tsk_1 does not exist.', details: [Array] }\n  }\n}"
            .to_owned(),
        // PowerShell, in the colors of a terminal.
        format!("\u{1b}[31;1mStatus: 404\u{1b}[0m\n{}", BODY.replace('{', "\u{1b}[36m{")),
        format!("StatusCode        : 404\nStatusDescription : Not Found\nContent           : {BODY}\n"),
        // AWS Lambda, axios, an entry of an archive, and a logger.
        format!(r#"{{"statusCode":404,"headers":{{"content-type":"application/json"}},"body":{escaped}}}"#),
        format!(
            r#"{{"message":"Request failed with status code 404","response":{{"status":404,"headers":{{}},"data":{BODY}}}}}"#
        ),
        format!(r#"{{"response":{{"status":404,"headers":[],"content":{{"text":{escaped}}}}}}}"#),
        json!({"level": "error", "msg": format!("unexpected status code 404: {BODY}")}).to_string(),
    ];
    for text in texts {
        let answer = translated(&[], &text);
        assert_eq!(answer["error"]["kind"], "task_not_found", "{text}");
        assert_eq!(answer["trailers"]["grpcMessage"], "Task tsk_1 does not exist.", "{text}");
    }
    let cut = chunked.split_at(chunked.find("0\r\n\r\n").unwrap()).0;
    assert_eq!(translated(&[], cut)["error"]["kind"], "task_not_found");
}

// docs/rules.md: R-CLI-3
#[test]
fn a_status_without_a_body() {
    for text in [
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.example.com/v1/tasks",
        "httpx.HTTPStatusError: Server error '503 Service Unavailable' for url 'https://api.example.com/v1/tasks'",
        "urllib.error.HTTPError: HTTP Error 503: Service Unavailable",
        "aiohttp.client_exceptions.ClientResponseError: 503, message='Service Unavailable', url=URL('https://x/')",
        "Error: Request failed with status code 503\n    at createError (createError.js:16:15)",
        "Invoke-WebRequest : The remote server returned an error: (503) Server Unavailable.\nAt line:1 char:1\n+ Invoke-WebRequest https://x\n",
        "Invoke-WebRequest: Response status code does not indicate success: 503 (Service Unavailable).\n",
        "curl: (22) The requested URL returned error: 503",
        "HTTP request sent, awaiting response... 503 Service Temporarily Unavailable\n2026-01-01 00:00:00 ERROR 503: Service Temporarily \
         Unavailable.\n",
        "reqwest::Error { kind: Status(503), url: \"https://x/v1/tasks\" }",
        "127.0.0.1 - - [01/Jan/2024:00:00:00 +0000] \"GET /v1/tasks HTTP/1.1\" 503 70 \"-\" \"curl/8.5.0\"",
    ] {
        let answer = translated(&[], text);
        assert_eq!(
            (&answer["error"]["status"], &answer["error"]["code"]),
            (&503.into(), &"UNAVAILABLE".into()),
            "{text}"
        );
        assert!(answer["report"]["notes"][0].as_str().unwrap().contains("without the body"), "{text}");
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn bodies_that_repeat_their_status() {
    let rows = [
        json!({"timestamp": "2024-01-01T00:00:00Z", "status": 404, "error": "Not Found", "message": "No such task."}),
        json!({"error": {"code": 404, "message": "No such task.", "status": "NOT_FOUND"}}),
        json!({"statusCode": 404, "message": "No such task.", "error": "Not Found"}),
        json!({"kind": "Status", "status": "Failure", "message": "No such task.", "reason": "NotFound", "code": 404}),
    ];
    for body in rows {
        for text in [body.to_string(), serde_json::to_string_pretty(&body).unwrap()] {
            let answer = translated(&[], &text);
            assert_eq!(
                (&answer["error"]["code"], &answer["error"]["message"]),
                (&"NOT_FOUND".into(), &"No such task.".into()),
                "{text}"
            );
        }
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn errors_of_kubectl() {
    let rows = [
        ("Error from server (NotFound): pods \"x\" not found\n", "NOT_FOUND", 404, "pods \"x\" not found"),
        (
            "$ kubectl apply -f x.yaml\nError from server (Conflict): error when applying patch:\n{}\n",
            "ABORTED",
            409,
            "error when applying patch:",
        ),
        (
            "Error from server (Forbidden): pods is forbidden: User \"a\" cannot list resource \"pods\"",
            "PERMISSION_DENIED",
            403,
            "pods is forbidden: User \"a\" cannot list resource \"pods\"",
        ),
    ];
    for (text, code, status, message) in rows {
        let error = &translated(&[], text)["error"];
        assert_eq!(
            (&error["code"], &error["status"], &error["message"]),
            (&code.into(), &status.into(), &message.into())
        );
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn errors_of_google_apis_in_go() {
    let details = r#"[
  {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "domain": "example.com",
    "reason": "TASK_NOT_FOUND"
  }
]"#;
    for (text, kind) in [
        ("Error: googleapi: Error 404: No task, no list., taskNotFound\n".to_owned(), "task_not_found"),
        (format!("googleapi: Error 404: No task, no list.\nDetails:\n{details}\n"), "task_not_found"),
        (format!("googleapi: Error 404: No task, no list.\nDetails:\n{details}\n, notFound"), "task_not_found"),
        (
            "googleapi: Error 404: No task, no list.\nMore details:\nReason: taskNotFound, Message: No list.\n"
                .to_owned(),
            "task_not_found",
        ),
        ("googleapi: Error 404: No task, no list.".to_owned(), "not_found"),
    ] {
        let error = &translated(&[], &text)["error"];
        let expected = ("NOT_FOUND".into(), 404.into(), "No task, no list.".into(), kind.into());
        assert_eq!(
            (&error["code"], &error["status"], &error["message"], &error["kind"]),
            (&expected.0, &expected.1, &expected.2, &expected.3),
            "{text}"
        );
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn calls_that_a_program_mentions() {
    let python = "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.NOT_FOUND\n\tdetails = \"No such task.\"\n>";
    let go = "rpc error: code = NotFound desc = No such task.";
    let rows = [
        "grpc-status=5\ngrpc-message=No%20such%20task.".to_owned(),
        "grpc-status=5 grpc-message=\"No such task.\"".to_owned(),
        "trailers: {grpc-status=[5], grpc-message=[No such task.]}".to_owned(),
        "Metadata(content-type=application/grpc,grpc-status=5,grpc-message=No such task.)".to_owned(),
        "map[content-type:[application/grpc] grpc-message:[No such task.] grpc-status:[5] x-a:[1]]".to_owned(),
        json!({"grpc-status": "5", "grpc-message": "No such task."}).to_string(),
        json!({"grpc-status": ["5"], "grpc-message": ["No such task."]}).to_string(),
        json!({"grpcStatus": 5, "grpcMessage": "No such task."}).to_string(),
        json!({"code": "NOT_FOUND", "details": "No such task.", "metadata": {}}).to_string(),
        json!({"status": "NOT_FOUND", "code": 5, "message": "No such task."}).to_string(),
        // zap, zerolog, slog, go-grpc-middleware, bunyan, structlog, tracing, logstash.
        json!({"level": "error", "ts": 1.5, "caller": "x.go:1", "msg": "call failed", "error": go}).to_string(),
        json!({"level": "error", "error": go, "time": 1, "message": "call failed"}).to_string(),
        json!({"time": "2024-01-01T00:00:00Z", "level": "ERROR", "msg": "call failed", "err": go}).to_string(),
        json!({"grpc.code": "NotFound", "error": "No such task.", "msg": "finished unary call"}).to_string(),
        json!({"v": 0, "err": {"message": "5 NOT_FOUND: No such task.", "code": 5}, "msg": "failed"}).to_string(),
        json!({"event": "call failed", "exception": python}).to_string(),
        json!({"level": "ERROR", "fields": {"message": "failed", "error": "status: NotFound, message: \"No such task.\""}}).to_string(),
        json!({"stack_trace": "io.grpc.StatusRuntimeException: NOT_FOUND: No such task.\n\tat io.grpc.stub.X(X.java:1)"}).to_string(),
    ];
    for text in &rows {
        let answer = translated(&[], text);
        assert_eq!(
            (&answer["response"]["status"], &answer["error"]["message"]),
            (&404.into(), &"No such task.".into()),
            "{text}"
        );
    }
    // Each line of a log is read for itself.
    let lines = format!("{}\n{{\"level\":\"info\",\"msg\":\"ready\"}}\n{}\n", rows[10], rows[12]);
    let ended = run_with(&["translate"], lines);
    let statuses: Vec<_> = ended.json_lines().iter().map(|line| line["response"]["status"].clone()).collect();
    assert_eq!((ended.code, statuses), (Some(1), vec![404.into(), serde_json::Value::Null, 404.into()]));
}

// docs/rules.md: R-CLI-3
#[test]
fn a_message_of_the_service_stays_one() {
    // Its fields are checked, whatever its texts say.
    for line in [
        r#"{"error":{"kind":"task_not_found","massage":"rpc error: code = NotFound desc = x"}}"#,
        r#"{"status":{"code":5,"massage":"status code 404"}}"#,
        r#"{"response":{"status":404,"bodie":"status code 404"}}"#,
    ] {
        let ended = run_with(&["translate"], line);
        assert_eq!((ended.code, &ended.json_lines()[0]["failure"]["code"]), (Some(1), &3.into()), "{line}");
    }
}

// docs/rules.md: R-CLI-3
#[test]
fn numbers_that_are_not_a_status() {
    for text in
        ["I have 404 apples and 500 oranges", "Requests/sec: 404.12", "id 5a404b: Not Found", "Everything is fine."]
    {
        assert_eq!(run_with(&["translate"], text).code, Some(1), "{text}");
    }
    let ended = run_with(&["translate"], format!("Invoke-RestMethod: {BODY}"));
    assert!(ended.stdout.contains("--status 404"), "{}", ended.stdout);
}
