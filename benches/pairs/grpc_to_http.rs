//! From the two forms of a gRPC error to the response that a public caller gets.

use bytes::Bytes;
use divan::{Bencher, black_box};
use errwire::{Audience, ReadOptions, StatusExt, Translator, WriteHttpOptions, wire::grpc::Received};
use http::{HeaderMap, Response};

use super::input;
use crate::baseline;

mod status_bytes {
    use super::*;

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, bytes) = (Translator::default(), input::status(case).encode());
        let options = WriteHttpOptions::new(Audience::Public);
        bencher.bench(|| from_bytes(&translator, black_box(&bytes), &options));
    }

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let bytes = input::status(case).encode();
        bencher.bench(|| baseline::grpc_to_http::from_bytes(black_box(&bytes), false));
    }
}

mod trailers {
    use super::*;

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, headers) = (Translator::default(), input::trailers(case));
        let options = WriteHttpOptions::new(Audience::Public);
        bencher.bench(|| from_trailers(&translator, black_box(&headers), &options));
    }

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let headers = input::trailers(case);
        bencher.bench(|| baseline::grpc_to_http::from_trailers(black_box(&headers), false));
    }
}

/// The details stand in the body too.
mod with_details {
    use super::*;

    pub(super) const CASES: [&str; 4] = ["one detail", "metadata", "five details", "serving data"];

    #[divan::bench(args = CASES, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, bytes) = (Translator::default(), input::status(case).encode());
        let options = WriteHttpOptions::new(Audience::Public).with_details();
        bencher.bench(|| from_bytes(&translator, black_box(&bytes), &options));
    }

    #[divan::bench(args = CASES, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let bytes = input::status(case).encode();
        bencher.bench(|| baseline::grpc_to_http::from_bytes(black_box(&bytes), true));
    }
}

/// From what a handler of tonic gives.
mod tonic_status {
    use super::*;

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, status) = (Translator::default(), input::tonic_status(case));
        let options = WriteHttpOptions::new(Audience::Public);
        bencher.bench(|| from_status(&translator, black_box(&status), &options));
    }

    /// By an `Error`, which owns its message and details.
    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn errwire_owned(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, status) = (Translator::default(), input::tonic_status(case));
        let options = WriteHttpOptions::new(Audience::Public);
        bencher.bench(|| translator.write_http_with(&black_box(&status).to_errwire_with(&translator), &options).0);
    }

    #[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let status = input::tonic_status(case);
        bencher.bench(|| baseline::grpc_to_http::from_status(black_box(&status), false));
    }
}

/// The same, and the details stand in the body too.
mod tonic_status_with_details {
    use super::*;

    #[divan::bench(args = with_details::CASES)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, status) = (Translator::default(), input::tonic_status(case));
        let options = WriteHttpOptions::new(Audience::Public).with_details();
        bencher.bench(|| from_status(&translator, black_box(&status), &options));
    }

    #[divan::bench(args = with_details::CASES)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let status = input::tonic_status(case);
        bencher.bench(|| baseline::grpc_to_http::from_status(black_box(&status), true));
    }
}

/// For callers inside: the details stand in a header too, which nobody by hand writes.
#[divan::bench(args = input::GRPC, sample_size = input::SAMPLE)]
fn audience_internal(bencher: Bencher<'_, '_>, case: &str) {
    let (translator, status) = (Translator::default(), input::tonic_status(case));
    let options = WriteHttpOptions::new(Audience::Internal);
    bencher.bench(|| from_status(&translator, black_box(&status), &options));
}

fn from_status(translator: &Translator, status: &tonic::Status, options: &WriteHttpOptions) -> Response<Bytes> {
    translator.write_http_ref(&status.as_errwire(translator), options)
}

fn from_bytes(translator: &Translator, bytes: &Bytes, options: &WriteHttpOptions) -> Response<Bytes> {
    let received = Received::decode(bytes.clone()).unwrap();
    let (error, _) = translator.read_grpc_with(received, &ReadOptions::new()).unwrap();
    translator.write_http_with(&error, options).0
}

fn from_trailers(translator: &Translator, headers: &HeaderMap, options: &WriteHttpOptions) -> Response<Bytes> {
    let received = Received::from_headers(headers);
    let (error, _) = translator.read_grpc_with(received, &ReadOptions::new()).unwrap();
    translator.write_http_with(&error, options).0
}

pub(super) fn agree() {
    let translator = Translator::default();
    for case in input::GRPC {
        let (bytes, headers, status) = (input::status(case).encode(), input::trailers(case), input::tonic_status(case));
        let options = WriteHttpOptions::new(Audience::Public);
        // To a status without any, we add the `ErrorInfo` that names its kind.
        let has_details = case != "no details";
        let all = if has_details { options.clone().with_details() } else { options.clone() };
        let rows = [
            (from_status(&translator, &status, &options), baseline::grpc_to_http::from_status(&status, false)),
            (from_bytes(&translator, &bytes, &options), baseline::grpc_to_http::from_bytes(&bytes, false)),
            (from_trailers(&translator, &headers, &options), baseline::grpc_to_http::from_trailers(&headers, false)),
            (from_bytes(&translator, &bytes, &all), baseline::grpc_to_http::from_bytes(&bytes, has_details)),
            (from_status(&translator, &status, &all), baseline::grpc_to_http::from_status(&status, has_details)),
        ];
        for (ours, theirs) in rows {
            assert_eq!(ours.status(), theirs.status(), "{case}");
            assert_eq!(ours.headers(), theirs.headers(), "{case}");
            // By hand, metadata comes in the order of a hash map.
            let json = |body: &Bytes| serde_json::from_slice::<serde_json::Value>(body).unwrap();
            assert_eq!(json(ours.body()), json(theirs.body()), "{case}");
        }
    }
}
