//! What HTTP tools print around a response: curl with TLS, HTTPie, wget, the archive of a browser. And the output on a terminal.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::binary::{file, run_with, translated};

const BODY: &str = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;

/// curl 8.5.0 with TLS and HTTP/2.
const TLS: &str = "* Host api.example.com:443 was resolved.
* IPv6: (none)
* IPv4: 93.184.216.34
*   Trying 93.184.216.34:443...
* Connected to api.example.com (93.184.216.34) port 443
* ALPN: curl offers h2,http/1.1
} [5 bytes data]
* TLSv1.3 (OUT), TLS handshake, Client hello (1):
} [512 bytes data]
*  CAfile: /etc/ssl/certs/ca-certificates.crt
* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS
* Server certificate:
*  subject: CN=api.example.com
* using HTTP/2
* [HTTP/2] [1] OPENED stream for https://api.example.com/v1/tasks/tsk_1
* [HTTP/2] [1] [:method: GET]
> GET /v1/tasks/tsk_1 HTTP/2
> Host: api.example.com
> Accept: */*
> 
* Request completely sent off
{ [5 bytes data]
< HTTP/2 404 
< content-type: application/json
< content-length: 64
< 
";

// docs/rules.md: R-CLI-3
#[test]
fn responses_of_http_tools() {
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(BODY).unwrap()).unwrap();
    let archive = json!({"log": {"version": "1.2", "entries": [
        {"response": {"status": 200, "headers": [], "content": {"text": "{}"}}},
        {"response": {
            "status": 404,
            "headers": [{"name": ":status", "value": "404"}, {"name": "Content-Type", "value": "application/json"}],
            "content": {"size": 64, "mimeType": "application/json", "text": BODY},
        }},
        {"response": {"status": 304, "headers": [], "content": {}}},
    ]}});
    let texts = [
        format!("{TLS}{BODY}\n* Connection #0 to host api.example.com left intact\n"),
        format!("{TLS}{{ [64 bytes data]\n* Connection #0 to host api.example.com left intact\n{BODY}"),
        format!(
            "{TLS}{pretty}\n* Closing connection\n}} [5 bytes data]\n* TLSv1.2 (OUT), TLS alert, close notify (256):\n"
        ),
        // HTTPie 3.2.2, and with `-v` the request in front.
        format!("HTTP/1.1 404 Not Found\nContent-Encoding: br\nContent-Type: application/json\n\n{pretty}\n\n\n"),
        format!(
            "POST /v1/tasks HTTP/1.1\nAccept: application/json\nHost: api.example.com\n\n{{\n    \"a\": \"b\"\n}}\n\n\nHTTP/1.1 404 Not \
             Found\nContent-Type: application/json\n\n{pretty}\n\n"
        ),
        // A redirect whose body is printed too.
        format!(
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://x/\r\n\r\n<html>moved</html>\r\nHTTP/2 404 \r\ncontent-type: \
             application/json\r\n\r\n{BODY}"
        ),
        // GNU Wget 1.21 with `-S --content-on-error -O -`.
        format!(
            "--2026-01-02 03:04:05--  http://api.example.com/v1/tasks/tsk_1\nHTTP request sent, awaiting response... \n  HTTP/1.1 302 \
             Found\n  Location: /v2\nLocation: /v2 [following]\nHTTP request sent, awaiting response... \n  HTTP/1.1 404 Not Found\n  \
             Content-Type: application/json\nLength: 64 [application/json]\n\n     0K       100% 9.99M=0s{BODY}\n2026-01-02 03:04:05 \
             (9.99 MB/s) - written to stdout [64/64]\n"
        ),
        format!("404 Not Found\ncontent-type: application/json\n\n{BODY}"),
        serde_json::to_string_pretty(&archive).unwrap(),
    ];
    for text in texts {
        let answer = translated(&[], &text);
        assert_eq!(answer["error"]["kind"], "task_not_found", "{text}");
        assert_eq!(answer["trailers"]["grpcMessage"], "Task tsk_1 does not exist.", "{text}");
    }
    let wget = "HTTP request sent, awaiting response... \n  HTTP/1.1 429 Too Many Requests\n  Retry-After: 30\n2026-01-02 03:04:05 ERROR \
                429: Too Many Requests.\n";
    let answer = translated(&[], wget);
    assert_eq!(
        (&answer["error"]["code"], &answer["report"]["delayFrom"]),
        (&"UNAVAILABLE".into(), &"header retry-after".into())
    );
}

/// A terminal, which `script` makes, gets the text in colours; nothing else does.
// docs/rules.md: R-CLI-3
#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_the_answer_is_for_a_person() {
    let input = file("pasted.txt", &format!("HTTP/1.1 404 Not Found\n\n{BODY}"));
    let on_terminal = |before: &str, options: &str| {
        let command = format!("{before} {} translate {options} {input}", env!("CARGO_BIN_EXE_errwire"));
        let output = Command::new("script").args(["-qec", &command, "/dev/null"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let coloured = on_terminal("env -u NO_COLOR TERM=xterm", "");
    assert!(coloured.contains("task_not_found\u{1b}[0m: Task tsk_1 does not exist."), "{coloured:?}");
    assert!(coloured.contains("Why\u{1b}[0m\r\n  read as      kind_message"), "{coloured:?}");
    let plain = on_terminal("env NO_COLOR=1", "");
    assert!(plain.starts_with("task_not_found: Task tsk_1 does not exist.\r\n"), "{plain:?}");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let json = on_terminal("env -u NO_COLOR TERM=xterm", "--format json");
    let json: Value = serde_json::from_str(&json).unwrap();
    let piped = run_with(&["translate", &input], "").json_lines();
    assert_eq!((&json, 1), (&piped[0], piped.len()));
}
