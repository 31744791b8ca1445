//! What other implementations send, as their public bug reports have it: each line of `peers/*.jsonl` is one, with its source.
//!
//! A request is one of `errwire translate`, and what is expected are the facts that must survive.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use errwire::{
    Audience, Detail, Error, ReadOptions, Translator, WriteHttpOptions, rpc,
    wire::grpc::{Received, Registry, Trailers},
};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use serde_json::{Map, Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What arrived, and what it is on the other wire.
struct Outcome {
    error: Error,
    grpc: Trailers,
    http: Response<Bytes>,
}

fn translate(case: &Value) -> Outcome {
    let translator = Translator::default();
    let request = &case["request"];
    let (error, _) = match (&request["trailers"], &request["response"]) {
        (Value::Object(fields), _) => {
            let trailers = Trailers {
                grpc_status: text(&fields["grpcStatus"]).into(),
                grpc_message: text(&fields["grpcMessage"]),
                grpc_status_details_bin: fields.get("grpcStatusDetailsBin").map(text).unwrap_or_default(),
            };
            translator.read_grpc_with(Received::from_trailers(&trailers), &ReadOptions::new()).unwrap()
        }
        (_, response) => {
            let headers = response["headers"].as_array().into_iter().flatten();
            let field = |field: &Value| -> (HeaderName, HeaderValue) {
                (text(&field["name"]).parse().unwrap(), text(&field["value"]).parse().unwrap())
            };
            let headers: HeaderMap = headers.map(field).collect();
            let body = match &response["raw"] {
                Value::String(raw) => STANDARD.decode(raw).unwrap(),
                _ => text(&response["text"]).into_bytes(),
            };
            let status = u32::try_from(response["status"].as_u64().unwrap()).unwrap();
            translator.read_http_with(status, &headers, &body.into(), &ReadOptions::new()).unwrap()
        }
    };
    let options = &request["options"];
    let audience = if options["audience"] == "AUDIENCE_PUBLIC" { Audience::Public } else { Audience::Internal };
    let mut write = WriteHttpOptions::new(audience);
    write.include_details = options["includeDetails"] == true;
    write.accept_language = options["acceptLanguage"].as_str().map(str::to_owned);
    Outcome {
        grpc: translator.write_grpc(&error).to_trailers(),
        http: translator.write_http_with(&error, &write).0,
        error,
    }
}

/// Why a fact does not hold.
fn check(outcome: &Outcome, fact: &str, expected: &Value) -> Result<(), String> {
    let Outcome { error, grpc, http } = outcome;
    let header = |name: &str| http.headers().get(name).map_or(Value::Null, |value| json!(value.to_str().unwrap()));
    let body = String::from_utf8_lossy(http.body());
    let details =
        || -> Vec<Value> { error.details().iter().map(|detail| Registry::default().detail_to_json(detail)).collect() };
    let same =
        |found: Value| if found == *expected { Ok(()) } else { Err(format!("{fact} is {found}, not {expected}")) };
    let all = |what: &str, is_wanted: bool, found: &dyn Fn(&str) -> bool| {
        let texts = expected.as_array().cloned().unwrap_or_else(|| vec![expected.clone()]);
        let wrong = texts.iter().map(text).find(|text| found(text) != is_wanted);
        wrong.map_or(Ok(()), |text| Err(format!("{fact}: {text} in {what}")))
    };
    match fact {
        "code" => same(json!(error.code().name())),
        "kind" => same(json!(error.kind().as_str())),
        "status" => same(json!(error.status().as_u16())),
        "message" => same(json!(error.message())),
        "domain" => same(json!(error.domain())),
        "grpc_message" => same(json!(grpc.grpc_message)),
        "retry_after" => same(header("retry-after")),
        "content_language" => same(header("content-language")),
        "body_message" => same(serde_json::from_str::<Value>(&body).unwrap()["message"].clone()),
        "detail_count" => same(json!(error.details().len())),
        "retry_delay" => {
            let info = details().into_iter().find(|detail| text(&detail["@type"]).ends_with("/google.rpc.RetryInfo"));
            same(info.map_or(Value::Null, |info| info["retryDelay"].clone()))
        }
        "retry_delay_max" => {
            let delay = error.detail::<rpc::RetryInfo>().and_then(|info| info.retry_delay);
            let is_fine = delay.is_none_or(|delay| delay.seconds <= expected.as_i64().unwrap());
            if is_fine { Ok(()) } else { Err(format!("{fact}: {delay:?}")) }
        }
        "retry_after_max" => {
            let seconds = header("retry-after").as_str().map(|seconds| seconds.parse::<i64>().unwrap());
            let is_fine = seconds.is_none_or(|seconds| seconds <= expected.as_i64().unwrap());
            if is_fine { Ok(()) } else { Err(format!("{fact}: {seconds:?}")) }
        }
        "details_kept" => {
            all("the details", true, &|name| error.details().iter().any(|detail| detail.type_name() == name))
        }
        "contains" => {
            let shown = details().iter().map(Value::to_string).collect::<String>();
            all(&shown, true, &|text| shown.contains(text))
        }
        "in_body" => all(&body, true, &|text| body.contains(text)),
        "not_in_body" => all(&body, false, &|text| body.contains(text)),
        "not_in_message" => all(&error.message(), false, &|text| error.message().contains(text)),
        _ => Err(format!("{fact} is not a fact that is checked")),
    }
}

fn run(lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let case: Map<String, Value> = serde_json::from_str(line).unwrap();
        let case = Value::Object(case);
        let outcome = translate(&case);
        for (fact, expected) in case["expect"].as_object().unwrap() {
            if let Err(why) = check(&outcome, fact, expected) {
                wrong.push(format!("{} ({}): {why}", text(&case["id"]), text(&case["source"])));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn grpc() {
    run(include_str!("peers/grpc.jsonl"));
}

/// <https://github.com/temporalio/temporal/pull/10136>, <https://github.com/eng-floe/floecat/pull/332>: a dump as the message.
#[test]
fn a_dump_arrives_in_one_block() {
    let error = Error::new(errwire::kinds::REQUEST_INVALID).with_message("x".repeat(20_000));
    let local = rpc::LocalizedMessage { locale: "en".into(), message: "y".repeat(20_000) };
    for error in [error.clone(), error.with_detail(local)] {
        let trailers = Translator::default().write_grpc(&error).to_trailers();
        assert!(trailers.size() <= 7_168);
        let (read, _) =
            Translator::default().read_grpc_with(Received::from_trailers(&trailers), &ReadOptions::new()).unwrap();
        assert_eq!((read.kind().as_str(), read.code().name()), ("request_invalid", "INVALID_ARGUMENT"));
        assert!(!read.details().iter().any(Detail::is::<rpc::LocalizedMessage>));
    }
}
