//! Every code × every status × every shape of response, against a reference that is written from docs/rules.md alone.

use bytes::Bytes;
use errwire::{Code, ReadOptions, Translator};
use http::{HeaderMap, HeaderValue};

use crate::spec::{GENERIC, REFERENCE, STATUS_OF_CODE, code_kind, intermediary, origin};

/// What a response states: nothing, OK, or an error.
#[derive(Clone, Copy, Debug)]
enum Stated {
    Nothing,
    Ok,
    Error(Code),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    KindMessage,
    Google,
    Connect,
    Html,
    Empty,
    GrpcFields,
}

const TEXT: &str = "Text of the body.";

/// Kind, code and status; `None` where there is no error to read.
type Expected = Option<(String, Code, u16)>;

/// R-READ-HTTP-1 to R-READ-HTTP-5 of docs/rules.md, as a function.
fn expected(stated: Stated, status: u16, shape: Shape) -> Expected {
    // 0. A response with a `grpc-status` that says an error is read by section 3, with the status of the status line if that
    // is one of an error. One that says OK there says nothing.
    if let (Shape::GrpcFields, Stated::Error(code)) = (shape, stated) {
        let of_code = STATUS_OF_CODE.iter().find(|row| row.0 == code).unwrap().2;
        let status = if (400..=599).contains(&status) { status } else { of_code };
        return Some((code_kind(code).to_owned(), code, status));
    }
    let named = named(stated, shape);
    if status < 400 {
        return None;
    }
    if status > 599 {
        let kind = named.unwrap_or_else(|| "unknown_error".to_owned());
        return Some((kind, Code::Unknown, 500));
    }
    // 1. The dialect's own code; else the catalog's, for a named kind whose status agrees; else the table's.
    let catalog = named.as_deref().and_then(entry).filter(|entry| entry.0 == status);
    let table = match shape {
        Shape::KindMessage => origin(status).1,
        // Without its code, a body of either is a bare `{"message"}`: weak evidence.
        Shape::Connect | Shape::Google if [502, 503, 504].contains(&status) => intermediary(status).1,
        Shape::Connect | Shape::Google => origin(status).1,
        Shape::Html | Shape::Empty | Shape::GrpcFields => intermediary(status).1,
    };
    let code = match (stated, shape) {
        (Stated::Error(code), Shape::Google | Shape::Connect) => code,
        _ => catalog.map_or(table, |entry| entry.1),
    };
    // 2. The kind that is named; else the status's, if its code is the chosen code; else the code's.
    let (of_status, code_of_status) = origin(status);
    let fallback = if code_of_status == code { of_status } else { code_kind(code).to_owned() };
    Some((named.unwrap_or(fallback), code, status))
}

fn named(stated: Stated, shape: Shape) -> Option<String> {
    match (stated, shape) {
        (Stated::Error(code), Shape::KindMessage) => Some(code_kind(code).to_owned()),
        (Stated::Ok, Shape::KindMessage) => Some("widget_jammed".to_owned()),
        _ => None,
    }
}

fn entry(kind: &str) -> Option<(u16, Code)> {
    let rows = REFERENCE.iter().map(|row| (row.0, row.1, row.2)).chain(GENERIC);
    rows.into_iter().find(|row| row.0 == kind).map(|row| (row.1, row.2))
}

fn response(stated: Stated, status: u16, shape: Shape) -> (HeaderMap, Bytes) {
    let mut headers = HeaderMap::new();
    let (content_type, body) = match (shape, stated) {
        (Shape::KindMessage, _) => {
            let kind = named(stated, shape).unwrap_or_else(|| "--".to_owned());
            ("application/json", format!(r#"{{"kind":"{kind}","message":"{TEXT}"}}"#))
        }
        (Shape::Google, Stated::Error(code)) => (
            "application/json",
            format!(r#"{{"error":{{"code":{status},"message":"{TEXT}","status":"{}"}}}}"#, code.name()),
        ),
        (Shape::Google, Stated::Ok) => {
            ("application/json", format!(r#"{{"error":{{"code":{status},"message":"{TEXT}","status":"OK"}}}}"#))
        }
        (Shape::Google, Stated::Nothing) => {
            ("application/json", format!(r#"{{"error":{{"code":{status},"message":"{TEXT}"}}}}"#))
        }
        (Shape::Connect, Stated::Error(code)) => {
            ("application/json", format!(r#"{{"code":"{}","message":"{TEXT}"}}"#, code.connect_name()))
        }
        (Shape::Connect, _) => ("application/json", format!(r#"{{"message":"{TEXT}"}}"#)),
        (Shape::Html, _) => ("text/html", format!("<html><body>{TEXT}</body></html>")),
        (Shape::Empty | Shape::GrpcFields, _) => ("text/plain", String::new()),
    };
    headers.insert("content-type", HeaderValue::from_static(content_type));
    if shape == Shape::GrpcFields {
        match stated {
            Stated::Nothing => {}
            Stated::Ok => drop(headers.insert("grpc-status", HeaderValue::from_static("0"))),
            Stated::Error(code) => drop(headers.insert("grpc-status", code.number().into())),
        }
    }
    (headers, body.into())
}

#[test]
fn every_code_status_and_shape() {
    use Shape::{Connect, Empty, Google, GrpcFields, Html, KindMessage};
    let translator = Translator::default();
    let options = ReadOptions::new();
    let stated = [Stated::Nothing, Stated::Ok].into_iter().chain(Code::ALL.map(Stated::Error));
    let mut wrong = Vec::new();
    let mut seen = 0_u32;
    for stated in stated {
        for status in 100..=999 {
            for shape in [KindMessage, Google, Connect, Html, Empty, GrpcFields] {
                let (headers, body) = response(stated, status, shape);
                let read = translator.read_http_with(status.into(), &headers, &body, &options);
                let read = read.ok().map(|(error, _)| error);
                let facts =
                    read.as_ref().map(|error| (error.kind().to_string(), error.code(), error.status().as_u16()));
                let expected = expected(stated, status, shape);
                if facts != expected {
                    wrong.push(format!("{stated:?} {status} {shape:?}: expected {expected:?}, is {facts:?}"));
                }
                if let Some(error) = read {
                    let own = matches!(shape, KindMessage | Google | Connect);
                    if (&*error.message() == TEXT) != own {
                        wrong.push(format!("{stated:?} {status} {shape:?}: the message is {:?}", error.message()));
                    }
                }
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 18 * 900 * 6);
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
