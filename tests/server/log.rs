//! The log of `errwire serve`: one line for each event in both formats, whatever peers send.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::support::binary::Serving;
use serde_json::{Value, json};

/// No test waits longer for anything.
const HANG: Duration = Duration::from_secs(60);

/// What ends lines, closes objects, colours terminals and turns text around.
const HOSTILE: &str = "\r\n{\"level\":\"FATAL\"}\u{1b}[31m\u{9b}31m\u{85}\u{2028}\u{2029}\u{202e}\u{2066}\u{200f}\u{7f}\0\",\"level\":\"FATAL code=OK ";

/// What a header field may hold of that: everything but ASCII control characters.
fn hostile_field() -> String {
    HOSTILE.chars().filter(|c| !c.is_ascii_control()).collect()
}

/// Sends a request over HTTP/1.1, and reads the response to its end.
fn send(address: SocketAddr, path: &str, fields: &[(&str, &str)], body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(HANG)).unwrap();
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n").into_bytes();
    for (name, value) in fields.iter().chain(&[("content-length", &*body.len().to_string())]) {
        request.extend(format!("{name}: {value}\r\n").bytes());
    }
    request.extend(b"\r\n");
    request.extend(body);
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    // A request that is refused before it is read may end with a reset.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Mistakes, each of which is one line.
fn attack(address: SocketAddr) -> usize {
    const TO_GRPC: &str = "/errwire.v1.ErrorMappingService/HttpToGrpc";
    const GET_KIND: &str = "/errwire.v1.CatalogService/GetKind";
    let json = ("content-type", "application/json");
    let field = hostile_field();
    let header = |name: &str, value: &str| {
        json!({ "response": { "status": 404, "headers": [{ "name": name, "value": value }] } }).to_string()
    };
    let large = "k".repeat(1_000_000);
    let requests: Vec<(&str, Vec<(&str, &str)>, String)> = vec![
        (GET_KIND, vec![json], json!({ "kind": HOSTILE }).to_string()),
        (GET_KIND, vec![json], json!({ "kind": large }).to_string()),
        (TO_GRPC, vec![json], json!({ HOSTILE: 1 }).to_string()),
        (TO_GRPC, vec![json], json!({ &*large: 1 }).to_string()),
        (TO_GRPC, vec![json], format!("{{\"response\": {HOSTILE}")),
        (TO_GRPC, vec![json], header(HOSTILE, "x")),
        (TO_GRPC, vec![json], header("x", HOSTILE)),
        (TO_GRPC, vec![json, ("x-request-id", &field), ("traceparent", &field)], "{}".to_owned()),
        (TO_GRPC, vec![json, ("x-request-id", "\",\"level\":\"FATAL\"}"), ("user-agent", &field)], "{}".to_owned()),
        (TO_GRPC, vec![("content-type", &field)], "{}".to_owned()),
        (TO_GRPC, vec![json, ("content-encoding", &field)], "{}".to_owned()),
        ("/%0A%1B%5B31m%E2%80%A8", vec![json], "{}".to_owned()),
        ("/a\"level\"/b", vec![json], "{}".to_owned()),
        ("/errwire.v1.CatalogService/GetKind?connect=v1&encoding=%0A%E2%80%AE&message=", vec![json], "{}".to_owned()),
    ];
    for (path, fields, body) in &requests {
        let answer = send(address, path, fields, body.as_bytes());
        let is_mistake = ["HTTP/1.1 400 ", "HTTP/1.1 404 ", "HTTP/1.1 415 ", "HTTP/1.1 501 "];
        assert!(is_mistake.iter().any(|start| answer.starts_with(start)), "{path} {fields:?}: {answer}");
    }
    requests.len()
}

/// The lines of the log after an attack.
fn log(args: &[&str]) -> (usize, Vec<String>) {
    let mut serving = Serving::start(args);
    let mut log = serving.child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        log.read_to_end(&mut text).map(|_| text)
    });
    let count = attack(serving.address());
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let text = String::from_utf8(reader.join().unwrap().unwrap()).unwrap();
    assert!(text.ends_with('\n'), "{text}");
    let all: Vec<String> = text.split_terminator('\n').map(str::to_owned).collect();
    for line in &all {
        let is_safe = |c: char| !c.is_control() && !"\u{2028}\u{2029}\u{202e}\u{2066}\u{200f}".contains(c);
        assert!(line.chars().all(is_safe), "{line:?}");
        assert!(line.len() < 4_000, "{line:?}");
    }
    // Besides the lines of calls there are those of the stop.
    (count, all.into_iter().filter(|line| line.contains("errwire::call")).collect())
}

#[test]
fn each_event_is_one_object() {
    for args in [&[][..], &["--log-format", "json"]] {
        let (count, lines) = log(args);
        assert_eq!(lines.len(), count, "{lines:#?}");
        for line in &lines {
            let event: Value = serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
            let members: Vec<&str> = event.as_object().unwrap().keys().map(String::as_str).collect();
            let expected = "code level message method request_id seconds system target timestamp trace_id"
                .split(' ')
                .collect::<Vec<_>>();
            let mut sorted = members.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, expected);
            assert_eq!((&event["level"], &event["target"]), (&json!("INFO"), &json!("errwire::call")), "{line}");
            assert!(line.matches("\"level\":").count() == 1, "{line}");
        }
    }
}

#[test]
fn each_event_is_one_line_of_text() {
    let (count, lines) = log(&["--log-format", "text"]);
    assert_eq!(lines.len(), count, "{lines:#?}");
    for line in &lines {
        let (time, rest) = line.split_once(' ').unwrap();
        assert!(time.len() == 27 && time.ends_with('Z'), "{line}");
        let event = rest.trim_start().strip_prefix("INFO errwire::call: system=\"connectrpc\" method=\"");
        let event = event.unwrap_or_else(|| panic!("{line}"));
        // What stands outside of quotes is ours.
        let ours: Vec<&str> = outside(event.split_once('"').unwrap().1).collect();
        assert_eq!(ours[..3], [" code=", " request_id=", " trace_id="], "{line}");
        let seconds = ours[3].trim().strip_prefix("seconds=").unwrap_or_else(|| panic!("{line}"));
        assert!(seconds.parse::<f64>().is_ok(), "{line}");
        assert_eq!(ours[4..], [""], "{line}");
    }
}

/// The parts of a text that are not in quotes.
fn outside(text: &str) -> impl Iterator<Item = &str> {
    let (mut quotes, mut is_escaped) = (Vec::new(), false);
    for (at, c) in text.char_indices() {
        if c == '"' && !is_escaped {
            quotes.push(at);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    let ends = quotes.clone().into_iter().step_by(2).chain([text.len()]);
    let starts = [0].into_iter().chain(quotes.into_iter().skip(1).step_by(2).map(|at| at + 1));
    starts.zip(ends).map(|(start, end)| &text[start..end]).collect::<Vec<_>>().into_iter()
}

#[test]
fn an_unknown_format_is_refused() {
    let ended = crate::support::binary::run(&["serve", "--log-format", "xml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended
            .stderr
            .contains("--log-format: error[invalid-value]: `xml` is not a log format.\n  = Write json or text."),
        "{}",
        ended.stderr
    );
}
