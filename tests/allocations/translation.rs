//! How many allocations a translation takes: docs/performance.md.
//!
//! Only those of this thread are counted, and one that grows counts again.

use allocation_counter::measure;
use bytes::Bytes;
use errwire::{
    Audience, Error, Kind, ReadOptions, Translator, WriteGrpcOptions, WriteHttpOptions, kinds, rpc,
    wire::grpc::Received,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

const MESSAGE: &str = "Task tsk_1 does not exist. Verify the task ID.";

/// Bytes as a server has them: a part of what it read. The first clone of any other `Bytes` allocates its counter.
fn shared(bytes: impl Into<Bytes>) -> Bytes {
    let bytes = bytes.into();
    let _ = bytes.clone();
    bytes
}

fn response(body: String) -> Response<Bytes> {
    let mut response = Response::new(shared(body));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The allocations of the second of two runs, since the first one fills what is made once.
fn allocations(mut run: impl FnMut()) -> u64 {
    run();
    measure(run).count_total
}

#[test]
fn from_a_status_to_a_response() {
    let translator = Translator::default();
    let options = WriteHttpOptions::new(Audience::Public);
    // The error, the body, and the two of a header map that is not empty. A kind that nobody knows keeps its name, which
    // takes no allocation unless it is long.
    let rows = [("task_not_found", 4), ("codec_not_licensed", 4), ("codec_is_not_licensed_in_this_country", 5)];
    for (kind, most) in rows {
        let error = Error::new(Kind::new(kind).unwrap()).with_code(errwire::Code::NotFound).with_message(MESSAGE);
        let error = error.with_status(StatusCode::NOT_FOUND);
        let status = translator.write_grpc(&error);
        let mut trailers = HeaderMap::new();
        status.write_to(&mut trailers);
        let status = shared(status.encode());
        let count = allocations(|| {
            let received = Received::decode(status.clone()).unwrap();
            let (error, _) = translator.read_grpc_with(received, &ReadOptions::new()).unwrap();
            assert_eq!(translator.write_http_with(&error, &options).0.status(), 404);
        });
        assert!(count <= most, "{kind}: {count}");

        // The base64 too, decoded, and the reference count of what is shared.
        let count = allocations(|| {
            let received = Received::from_headers(&trailers);
            let (error, _) = translator.read_grpc_with(received, &ReadOptions::new()).unwrap();
            assert_eq!(translator.write_http_with(&error, &options).0.status(), 404);
        });
        assert!(count <= most + 2, "{kind} from trailers: {count}");
    }
}

#[test]
fn from_a_response_to_a_status() {
    let translator = Translator::default();
    // The error, its `ErrorInfo`, and the status. A kind that nobody knows keeps its name.
    let rows = [("task_not_found", 3), ("codec_not_licensed", 3), ("codec_is_not_licensed_in_this_country", 4)];
    for (kind, most) in rows {
        let response = response(format!(r#"{{"kind":"{kind}","message":"{MESSAGE}"}}"#));
        let count = allocations(|| {
            let error = translator.read_http(&response).unwrap();
            assert!(!translator.write_grpc(&error).encode().is_empty());
        });
        assert!(count <= most, "{kind}: {count}");
        // The three of tonic's status: a place of its own, the message and the details.
        #[cfg(feature = "tonic")]
        assert_eq!(to_tonic(&translator, &response), most, "{kind} to tonic");

        // The base64 in place of the status, and the two of a header map. The message is a part of the body.
        let count = allocations(|| {
            let error = translator.read_http(&response).unwrap();
            let mut trailers = HeaderMap::new();
            translator.write_grpc(&error).write_to(&mut trailers);
            assert_eq!(trailers.len(), 3);
        });
        assert!(count <= most + 2, "{kind} to trailers: {count}");
    }
}

#[test]
fn from_a_page_to_a_status() {
    let translator = Translator::default();
    let mut response = response(format!("<html>{}</html>", "<p>nginx</p>".repeat(1_000)));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    // The error, its `HttpResponse`, the reference count of what is shared, two details, the `ErrorInfo`, and the status.
    let count = allocations(|| {
        let error = translator.read_http(&response).unwrap();
        assert!(!translator.write_grpc(&error).encode().is_empty());
    });
    assert!(count <= 6, "{count}");
    // The `HttpResponse`; and of tonic's status the place of its own, the message and the details.
    #[cfg(feature = "tonic")]
    assert_eq!(to_tonic(&translator, &response), 4);
}

/// To a status of tonic, by an error that borrows the response.
#[cfg(feature = "tonic")]
fn to_tonic(translator: &Translator, response: &Response<Bytes>) -> u64 {
    allocations(|| {
        let error = translator.read_http_ref(response).unwrap();
        assert!(!error.to_status(translator).details().is_empty());
    })
}

#[test]
fn with_details() {
    let translator = Translator::default();
    let link = rpc::help::Link { description: "Formats".into(), url: "https://api.example.com/formats".into() };
    let error = Error::new(kinds::REQUEST_INVALID)
        .with_message(MESSAGE)
        .with_field_violation("tasks[0].url", "must be an https URL")
        .with_detail(rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() })
        .with_detail(rpc::ResourceInfo { resource_type: "Task".into(), ..Default::default() })
        .with_detail(rpc::Help { links: vec![link] });
    let options = WriteHttpOptions::new(Audience::Public).with_details();
    let status = shared(translator.write_grpc_with(&error, &WriteGrpcOptions::new(Audience::Public)).0.encode());
    // The error, its details, the body and the reference count of what is shared, the two of a header map, the request id, and the
    // link with its counter.
    let mut body = None;
    let count = allocations(|| {
        let received = Received::decode(status.clone()).unwrap();
        let (error, _) = translator.read_grpc_with(received, &ReadOptions::new()).unwrap();
        body = Some(translator.write_http_with(&error, &options).0.into_body());
    });
    assert!(count <= 9, "{count}");

    // The error, its details, all their bytes and the reference count of what is shared, the details once more, and the
    // status.
    let response = response(String::from_utf8(body.unwrap().to_vec()).unwrap());
    let count = allocations(|| {
        let error = translator.read_http(&response).unwrap();
        assert_eq!(error.details().len(), 5);
        assert!(!translator.write_grpc(&error).encode().is_empty());
    });
    assert!(count <= 6, "{count}");
}

#[test]
fn from_an_error_made_here() {
    let translator = Translator::default();
    let error = Error::new(kinds::TASK_NOT_FOUND);
    let options = WriteHttpOptions::new(Audience::Public);
    // The body, the message that it came from, and the two of a header map.
    let count = allocations(|| drop(translator.write_http_with(&error, &options)));
    assert!(count <= 4, "{count}");
    let options = WriteGrpcOptions::new(Audience::Public);
    // The `ErrorInfo`, the message, and the status.
    let count = allocations(|| drop(translator.write_grpc_with(&error, &options).0.encode()));
    assert!(count <= 3, "{count}");
}

#[cfg(feature = "tonic")]
#[test]
fn from_a_tonic_status() {
    use errwire::StatusExt as _;

    let translator = Translator::default();
    let info = |metadata: &[(&str, &str)]| rpc::ErrorInfo {
        reason: "TASK_NOT_FOUND".into(),
        domain: "errwire.dev".into(),
        metadata: metadata.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    };
    // Metadata in another order than that of its names.
    let value = [
        info(&[("task_id", "tsk_1")]),
        rpc::ErrorInfo { reason: "".into(), domain: "".into(), ..info(&[("id", "1")]) },
    ];
    let value = value.iter().flat_map(prost::Message::encode_to_vec).collect::<Vec<_>>();
    let any = prost_types::Any { type_url: "type.googleapis.com/google.rpc.ErrorInfo".into(), value };
    let details = rpc::Status { code: 5, message: MESSAGE.into(), details: vec![any] };
    let details = prost::Message::encode_to_vec(&details);
    let one = tonic::Status::with_details(tonic::Code::NotFound, MESSAGE, details.into());
    let bare = tonic::Status::new(tonic::Code::NotFound, MESSAGE);

    let public = || WriteHttpOptions::new(Audience::Public);
    // The error, the body, the two of a header map, and the copy of what the status holds: the details, in which the
    // message stands too, or the message alone. Details in the body add the reference count of the body, and for callers
    // inside the base64 of a header.
    let rows = [
        ("one detail", &one, public(), 5),
        ("no details", &bare, public(), 5),
        ("one detail in the body", &one, public().with_details(), 6),
        ("one detail in a header", &one, WriteHttpOptions::new(Audience::Internal), 6),
    ];
    for (name, status, options, most) in rows {
        // An error that borrows what arrived is in no place of its own, and copies nothing.
        let count = allocations(|| {
            let error = status.as_errwire(&translator);
            assert_eq!(translator.write_http_ref(&error, &options).status(), 404);
        });
        assert!(count <= most - 2, "{name}, borrowed: {count}");
        let count = allocations(|| {
            let error = status.to_errwire_with(&translator);
            assert_eq!(translator.write_http_with(&error, &options).0.status(), 404);
        });
        assert!(count <= most, "{name}: {count}");
    }
}
