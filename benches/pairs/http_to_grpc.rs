//! From a response to the two forms of a gRPC error.

use bytes::Bytes;
use divan::{Bencher, black_box};
use errwire::{Translator, wire::grpc::Received};
use http::{HeaderMap, Response};

use super::input;
use crate::baseline;

mod status_bytes {
    use super::*;

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, response) = (Translator::default(), input::response(case));
        bencher.bench(|| to_bytes(&translator, black_box(&response)));
    }

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let response = input::response(case);
        bencher.bench(|| baseline::http_to_grpc::to_bytes(black_box(&response)));
    }
}

mod trailers {
    use super::*;

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, response) = (Translator::default(), input::response(case));
        bencher.bench(|| to_trailers(&translator, black_box(&response)));
    }

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let response = input::response(case);
        bencher.bench(|| baseline::http_to_grpc::to_trailers(black_box(&response)));
    }
}

/// To what a client of tonic gets.
mod tonic_status {
    use super::*;

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn errwire(bencher: Bencher<'_, '_>, case: &str) {
        let (translator, response) = (Translator::default(), input::response(case));
        bencher.bench(|| to_status(&translator, black_box(&response)));
    }

    #[divan::bench(args = input::HTTP, sample_size = input::SAMPLE)]
    fn by_hand(bencher: Bencher<'_, '_>, case: &str) {
        let response = input::response(case);
        bencher.bench(|| baseline::http_to_grpc::to_status(black_box(&response)));
    }
}

fn to_status(translator: &Translator, response: &Response<Bytes>) -> tonic::Status {
    translator.read_http_ref(response).unwrap().to_status(translator)
}

fn to_bytes(translator: &Translator, response: &Response<Bytes>) -> Bytes {
    translator.write_grpc(&translator.read_http(response).unwrap()).encode()
}

fn to_trailers(translator: &Translator, response: &Response<Bytes>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    translator.write_grpc(&translator.read_http(response).unwrap()).write_to(&mut headers);
    headers
}

pub(super) fn agree() {
    let translator = Translator::default();
    // Of a page nobody by hand keeps the body and the reason.
    for case in input::HTTP.into_iter().filter(|case| !case.contains("HTML")) {
        let response = input::response(case);
        let rows = [(to_bytes(&translator, &response), baseline::http_to_grpc::to_bytes(&response))];
        for (ours, theirs) in rows {
            let (ours, theirs) = (Received::decode(ours).unwrap(), Received::decode(theirs).unwrap());
            assert_eq!((&ours.code, &ours.message), (&theirs.code, &theirs.message), "{case}");
            assert_eq!(ours.details.len(), theirs.details.len(), "{case}");
        }
        let (ours, theirs) = (to_status(&translator, &response), baseline::http_to_grpc::to_status(&response));
        assert_eq!((ours.code(), ours.message()), (theirs.code(), theirs.message()), "{case}");
        let (ours, theirs) = (to_trailers(&translator, &response), baseline::http_to_grpc::to_trailers(&response));
        assert_eq!(ours["grpc-status"], theirs["grpc-status"], "{case}");
        assert_eq!(ours.len(), theirs.len(), "{case}");
    }
}
