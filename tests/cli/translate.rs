//! `errwire translate`: lines in, lines out, and the exit code.

use std::io::{BufRead, BufReader, Write};

use crate::support::binary::{errwire, file, run, run_with};
use serde_json::{Value, json};

const HTTP: &str = r#"{"response":{"status":404,"headers":[{"name":"content-type","value":"application/json"}],"text":"{\"kind\":\"task_not_found\",\"message\":\"Task tsk_1 does not exist.\"}"}}"#;
const GRPC: &str = r#"{"trailers":{"grpcStatus":"5","grpcMessage":"no%20such%20task"}}"#;

#[test]
fn http_becomes_grpc() {
    let ended = run_with(&["translate"], HTTP);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let [answer] = &*ended.json_lines() else { panic!("{}", ended.stdout) };
    assert_eq!(
        answer["status"],
        json!({
            "code": 5,
            "message": "Task tsk_1 does not exist.",
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "TASK_NOT_FOUND",
                "domain": "errwire.dev",
            }],
        })
    );
    assert_eq!(answer["trailers"]["grpcStatus"], "5");
    assert_eq!(answer["trailers"]["grpcMessage"], "Task tsk_1 does not exist.");
    assert_eq!(
        answer["error"],
        json!({
            "kind": "task_not_found",
            "message": "Task tsk_1 does not exist.",
            "code": "NOT_FOUND",
            "status": 404,
        })
    );
    assert_eq!(answer["report"]["dialect"], "DIALECT_KIND_MESSAGE");
}

#[test]
fn grpc_becomes_http() {
    let ended = run_with(&["translate"], GRPC);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let [answer] = &*ended.json_lines() else { panic!("{}", ended.stdout) };
    assert_eq!(answer["response"]["status"], 404);
    assert_eq!(answer["response"]["text"], r#"{"kind":"not_found","message":"no such task"}"#);
    let headers = answer["response"]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!({"name": "content-type", "value": "application/json"})), "{headers:?}");
    assert_eq!(answer["error"]["kind"], "not_found");
}

#[test]
fn there_and_back_is_the_same() {
    let there = run_with(&["translate"], HTTP).json_lines().remove(0);
    let back = run_with(&["translate"], json!({"trailers": there["trailers"]}).to_string()).json_lines().remove(0);
    assert_eq!(back["response"]["status"], 404);
    let text = r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#;
    assert_eq!(back["response"]["text"], text);
    let back = run_with(&["translate"], json!({"status": there["status"]}).to_string()).json_lines().remove(0);
    assert_eq!(back["response"]["text"], text);
}

#[test]
fn both_spellings_go_in() {
    let snake = GRPC.replace("grpcStatus", "grpc_status").replace("grpcMessage", "grpc_message");
    let ended = run_with(&["translate"], format!("{GRPC}\n{snake}\n"));
    let lines = ended.json_lines();
    assert_eq!(lines[0], lines[1]);
    let item = format!(r#"{{"id":"a","grpc_to_http":{snake}}}"#);
    assert_eq!(run_with(&["translate"], item).json_lines()[0]["grpcToHttp"], lines[0]);
}

// docs/rules.md: R-CLI-1, R-CLI-2, R-SERVICE-2
#[test]
fn bad_lines_fail_alone() {
    let input = [
        "",
        GRPC,
        "  \t",
        "nonsense",
        "[]",
        r#"{"response":{"status":200}}"#,
        r#"{"options":{}}"#,
        r#"{"response":{"status":404},"unknown":1}"#,
        r#"{"id":"seven","httpToGrpc":{"response":{"status":99}}}"#,
        r#"{"id":"eight","httpToGrpc":{"nothing":1}}"#,
        r#"{"id":"nine"}"#,
        r#"{"id":"ten","grpcToHttp":{"trailers":{"grpcStatus":"5"}}}"#,
        HTTP,
    ];
    let ended = run_with(&["translate"], input.join("\n"));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let lines = ended.json_lines();
    let failed = |line: &Value| {
        (line["line"].as_u64(), line["id"].as_str().map(str::to_owned), line["failure"]["code"].as_u64())
    };
    let expected = [
        (None, None, None),
        (Some(4), None, Some(3)),
        (Some(5), None, Some(3)),
        (Some(6), None, Some(3)),
        (Some(7), None, Some(3)),
        (Some(8), None, Some(3)),
        (Some(9), Some("seven".to_owned()), Some(3)),
        (Some(10), Some("eight".to_owned()), Some(3)),
        (Some(11), Some("nine".to_owned()), Some(3)),
        (None, Some("ten".to_owned()), None),
        (None, None, None),
    ];
    assert_eq!(lines.iter().map(failed).collect::<Vec<_>>(), expected, "{}", ended.stdout);
    assert_eq!(lines[9]["grpcToHttp"]["response"]["status"], 404);

    let violation = &lines[6]["failure"]["details"][1];
    assert_eq!(violation["@type"], "type.googleapis.com/google.rpc.BadRequest");
    assert_eq!(violation["fieldViolations"][0]["field"], "response.status");
}

#[test]
fn what_json_gets_wrong_names_its_field() {
    let rows = [
        (r#"{"response":{"status":404},"fo":1}"#, "fo", "unknown field; "),
        (r#"{"response":{"status":404,"headers":[{"nme":"x"}]}}"#, "response.headers[0].nme", "unknown field; "),
        (r#"{"id":7}"#, "id", "expected a string, not a number"),
    ];
    for (line, field, why) in rows {
        let failure = run_with(&["translate"], line).json_lines().remove(0)["failure"].clone();
        let message = failure["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("Field `{field}`: {why}")), "{message}");
        assert_eq!(failure["details"][0]["metadata"]["field"], field);
        let violation = &failure["details"][1]["fieldViolations"][0];
        assert_eq!(violation["field"], field);
        assert!(violation["description"].as_str().unwrap().starts_with(why), "{violation}");
    }
    let long = format!(r#"{{"error":{{"{}\n":1}}}}"#, "k".repeat(1_000_000));
    assert!(run_with(&["translate"], long).stdout.len() < 2_000);
}

#[test]
fn malformed_json_is_reported_with_its_place() {
    let rows = [
        (r#"{"status":{"code":5},"status":{"code":4}}"#, "the member \"status\" is given twice at line 1 column 29"),
        (r#"{"status":{"message":"\ud800"}}"#, "at line 1 column"),
    ];
    for (line, why) in rows {
        let failure = run_with(&["translate"], line).json_lines().remove(0)["failure"].clone();
        let message = failure["message"].as_str().unwrap();
        assert!(message.contains(why) && !message.contains("malformed"), "{message}");
    }
}

#[test]
fn hostile_lines_fail_alone() {
    let bomb = format!(r#"{{"error":{}}}"#, r#"{"details":["#.repeat(100_000));
    let nested = format!(r#"{{"response":{{"status":404,"text":{}}}}}"#, "[".repeat(100_000) + &"]".repeat(100_000));
    let body = format!(r#"{{"response":{{"status":502,"text":"{}"}}}}"#, "[".repeat(1_000_000));
    let kind = format!(r#"{{"error":{{"kind":"{}"}}}}"#, "k".repeat(1_000_000));
    let long = format!(r#"{{"response":{{"status":404,"text":"{}"}}}}"#, "x".repeat(9_000_000));
    let lines: [&[u8]; 7] = [
        bomb.as_bytes(),
        nested.as_bytes(),
        b"{\"trailers\":{\"grpcMessage\":\"\xff\xfe\"}}",
        kind.as_bytes(),
        long.as_bytes(),
        body.as_bytes(),
        GRPC.as_bytes(),
    ];
    let ended = run_with(&["translate"], lines.join(&b"\n"[..]));
    assert_eq!(ended.code, Some(1));
    let codes: Vec<_> = ended.json_lines().iter().map(|line| line["failure"]["code"].as_u64()).collect();
    assert_eq!(codes, [Some(3), Some(3), Some(3), Some(3), Some(8), None, None]);
    assert!(ended.stdout.len() < 100_000, "{}", ended.stdout.len());
}

// docs/rules.md: R-CLI-2
#[test]
fn the_direction_can_be_forced() {
    assert_eq!(run_with(&["translate", "--to", "grpc"], HTTP).stdout, run_with(&["translate"], HTTP).stdout);
    assert_eq!(run_with(&["translate", "--to", "http"], GRPC).stdout, run_with(&["translate"], GRPC).stdout);
    let ended = run_with(&["translate", "--to", "http"], HTTP);
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.json_lines()[0]["line"], 1);
    assert_eq!(run_with(&["translate", "--to", "udp"], HTTP).code, Some(2));

    // A line that says its direction itself.
    let item = format!(r#"{{"id":"a","httpToGrpc":{}}}"#, HTTP.trim());
    let forced = run_with(&["translate", "--to", "grpc"], &item);
    assert_eq!((forced.code, &forced.stdout), (Some(0), &run_with(&["translate"], &item).stdout));
    let contrary = run_with(&["translate", "--to", "http"], &item);
    assert_eq!(contrary.code, Some(1));
    assert!(contrary.stdout.starts_with(r#"{"line":1,"id":"a","failure":{"code":3,"#), "{}", contrary.stdout);
}

#[test]
fn reads_a_file() {
    let path = file("lines.jsonl", &format!("\u{feff}{HTTP}\r\n\r\n{GRPC}\r\n"));
    let ended = run(&["translate", &path]);
    assert_eq!((ended.code, ended.json_lines().len()), (Some(0), 2), "{}", ended.stdout);
    let ended = run(&["translate", "no-such-file"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.starts_with("error: cannot open no-such-file\n"), "{}", ended.stderr);
}

#[test]
fn each_response_comes_before_the_next_line() {
    let mut child = errwire(&["translate", "-"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{GRPC}").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.ends_with("}\n"), "{answer:?}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_closed_output_is_not_an_error() {
    let mut child = errwire(&["translate"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // It ends as soon as it notices, so that the rest has nowhere to go.
    let _ = stdin.write_all(format!("{GRPC}\n").repeat(1_000).as_bytes());
    drop(stdin);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

/// What a person writes before reading the proto.
// docs/rules.md: R-SERVICE-5
#[test]
fn requests_are_read_as_people_spell_them() {
    let rows = [
        (r#"{"status": {"code": "NOT_FOUND"}}"#, r#"{"status": {"code": 5}}"#),
        (r#"{"status": {"code": "not_found", "message": "m"}}"#, r#"{"status": {"code": 5, "message": "m"}}"#),
        (
            r#"{"status": {"code": 13, "message": "m"}, "options": {"audience": "public", "dialect": "problem"}}"#,
            r#"{"status": {"code": 13, "message": "m"}, "options": {"audience": "AUDIENCE_PUBLIC", "dialect": "DIALECT_PROBLEM"}}"#,
        ),
        (
            r#"{"status": {"code": 13, "message": "m"}, "audience": "Public"}"#,
            r#"{"status": {"code": 13, "message": "m"}, "options": {"audience": "AUDIENCE_PUBLIC"}}"#,
        ),
        (
            r#"{"trailers": {"grpc-status": 5, "grpc-message": "no%20task"}}"#,
            r#"{"trailers": {"grpcStatus": "5", "grpcMessage": "no%20task"}}"#,
        ),
        (
            r#"{"response": {"status": 429, "headers": {"retry-after": "7", "link": ["<https://a.example>; rel=help", "x"]}}}"#,
            r#"{"response": {"status": 429, "headers": [{"name": "retry-after", "value": "7"},
               {"name": "link", "value": "<https://a.example>; rel=help"}, {"name": "link", "value": "x"}]}}"#,
        ),
        (
            r#"{"id": "1", "grpcToHttp": {"status": {"code": "DATA_LOSS"}, "options": {"audience": "public"}}}"#,
            r#"{"id": "1", "grpcToHttp": {"status": {"code": 15}, "options": {"audience": "AUDIENCE_PUBLIC"}}}"#,
        ),
    ];
    for (spelled, right) in rows {
        let answer = run_with(&["translate"], format!("{spelled}\n{}\n", right.replace('\n', "")));
        assert_eq!(answer.code, Some(0), "{spelled}: {}", answer.stdout);
        let lines = answer.json_lines();
        assert_eq!(lines[0], lines[1], "{spelled}");
    }
    // What is still wrong is said, and a member that is given twice is not read by chance.
    let rows = [
        (r#"{"status": {"code": "NOT_FOUDN"}}"#, "Field `status.code`: expected the number or the name of a gRPC code"),
        (r#"{"status": {"code": "NOT_FOUND"}, "options": {"audience": "everybody"}}"#, "AUDIENCE_PUBLIC"),
        (
            r#"{"status": {"code": "NOT_FOUND"}, "audience": 1, "options": {"audience": 1}}"#,
            "Field `audience`: unknown field",
        ),
        (r#"{"status": {"code": "NOT_FOUND", "code": 7}}"#, "is given twice"),
    ];
    for (wrong, message) in rows {
        let answer = run_with(&["translate"], wrong);
        assert_eq!(answer.code, Some(1), "{wrong}: {}", answer.stdout);
        let said = answer.json_lines()[0]["failure"]["message"].as_str().unwrap().to_owned();
        assert!(said.contains(message), "{wrong}: {said}");
    }
}
