//! The laws: docs/rules.md, R-LAW-1 to R-LAW-7.

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Detail, Error, KindEntry, ReadOptions, StatusTable, Translator, WriteGrpcOptions,
    WriteHttpOptions, kinds, rpc,
    wire::grpc::{Received, Status},
};
use http::Response;
use proptest::prelude::*;

fn n(translator: &Translator, error: &Error) -> Error {
    translator.read_grpc(translator.write_grpc(error))
}

fn entries_and_error() -> impl Strategy<Value = (Vec<KindEntry>, Error)> {
    crate::generate::entries()
        .prop_flat_map(|entries| (Just(entries.clone()), crate::generate::error(Catalog::with_entries(entries))))
}

/// Whether `now` is `before` with at most an `ErrorInfo` in front and an `HttpResponse` at the end.
fn only_adds_the_two(now: &[Detail], before: &[Detail]) -> bool {
    let front = now.first().is_some_and(|first| first.is::<rpc::ErrorInfo>());
    let end = now.last().is_some_and(|last| last.is::<rpc::HttpResponse>());
    now == before
        || front && now[1..] == *before
        || end && now[..now.len() - 1] == *before
        || front && end && now.len() == before.len() + 2 && now[1..now.len() - 1] == *before
}

fn same(a: &Response<Bytes>, b: &Response<Bytes>) -> bool {
    a.status() == b.status() && a.headers() == b.headers() && a.body() == b.body()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    // docs/rules.md: R-LAW-1
    #[test]
    fn law_1_a_pass_over_grpc_keeps_everything((entries, e) in entries_and_error()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let once = n(&translator, &e);
        prop_assert_eq!((once.kind(), once.code(), once.status()), (e.kind(), e.code(), e.status()));
        prop_assert_eq!(once.message(), e.message());
        prop_assert_eq!(once.metadata(), e.metadata());
        prop_assert!(only_adds_the_two(once.details(), e.details()), "{:?} of {:?}", once.details(), e.details());
        prop_assert_eq!(n(&translator, &once), once);
    }

    #[test]
    fn law_1_also_over_the_wire((entries, e) in entries_and_error()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let trailers = translator.write_grpc(&e).to_trailers();
        let (read, report) = translator.read_grpc_with(Received::from_trailers(&trailers), &ReadOptions::new()).unwrap();
        prop_assert_eq!(read, n(&translator, &e));
        prop_assert!(!report.mismatch);
    }

    /// An error that borrows what arrived says, and is written as, what the one on the heap is.
    #[cfg(feature = "tonic")]
    #[test]
    fn a_borrowed_error_is_the_same(entries in crate::generate::entries(), s in crate::generate::wire_status()) {
        use errwire::StatusExt as _;

        let translator = Translator::new(Catalog::with_entries(entries));
        let options = WriteHttpOptions::new(Audience::Public).with_details();
        let status = tonic::Status::from(s);
        let (own, borrowed) = (status.to_errwire_with(&translator), status.as_errwire(&translator));
        prop_assert_eq!(&Error::from(borrowed.clone()), &own);
        prop_assert_eq!(borrowed.metadata(), own.metadata());
        let response = translator.write_http_with(&own, &options).0;
        prop_assert!(same(&translator.write_http_ref(&borrowed, &options), &response));
        let (one, other) = (borrowed.to_status(&translator), tonic::Status::from(translator.write_grpc(&own)));
        prop_assert_eq!((one.code(), one.message(), one.details()), (other.code(), other.message(), other.details()));

        let (own, borrowed) = (translator.read_http(&response).unwrap(), translator.read_http_ref(&response).unwrap());
        prop_assert_eq!(&Error::from(borrowed.clone()), &own);
        let (one, other) = (borrowed.to_status(&translator), tonic::Status::from(translator.write_grpc(&own)));
        prop_assert_eq!((one.message(), one.details()), (other.message(), other.details()));
    }

    // docs/rules.md: R-LAW-2
    #[test]
    fn law_2_a_status_is_kept(entries in crate::generate::entries(), s in crate::generate::wire_status()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let again = translator.write_grpc(&translator.read_grpc(s.clone()));
        prop_assert_eq!((again.code, &again.message), (s.code, &s.message));
        prop_assert!(only_adds_the_two(&again.details, &s.details), "{:?} of {:?}", again.details, s.details);
    }

    // docs/rules.md: R-LAW-3
    #[test]
    fn law_3_a_response_of_ours_is_kept(entries in crate::generate::entries(), h in crate::generate::kind_message()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let again = translator.write_http(&n(&translator, &translator.read_http(&h).unwrap()));
        prop_assert_eq!(again.status(), h.status());
        let parsed = |h: &Response<Bytes>| serde_json::from_slice::<serde_json::Value>(h.body()).unwrap();
        prop_assert_eq!(parsed(&again), parsed(&h));
    }

    // docs/rules.md: R-LAW-4
    #[test]
    fn law_4_http_keeps_what_grpc_keeps((entries, e) in entries_and_error()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let normal = n(&translator, &e);
        prop_assert_eq!(translator.read_http(&translator.write_http(&normal)).unwrap(), normal);
    }

    // docs/rules.md: R-LAW-5
    #[test]
    fn law_5_the_public_body_alone_is_enough(entries in crate::generate::entries(), message in crate::generate::message()) {
        let catalog = Catalog::with_entries(entries);
        let translator = Translator::new(catalog.clone());
        for kind in catalog.iter() {
            let entry = kind.entry().unwrap();
            let mut e = Error::new(kind.clone());
            if !message.is_empty() {
                e = e.with_message(&*message);
            }
            let public = translator.write_http_with(&e, &WriteHttpOptions::new(Audience::Public)).0;
            let mut alone = Response::new(public.body().clone());
            *alone.status_mut() = public.status();
            alone.headers_mut().insert("content-type", public.headers()["content-type"].clone());
            let read = translator.read_http(&alone).unwrap();
            prop_assert_eq!((read.kind(), read.code(), read.status()), (kind, entry.code, entry.status));
            if entry.is_public() {
                prop_assert_eq!(read.message(), e.message());
            }
        }
    }

    // docs/rules.md: R-LAW-6
    #[test]
    fn law_6_grpc_is_stable(entries in crate::generate::entries(), s in crate::generate::wire_status()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let f = |s: Status| translator.write_grpc(&translator.read_grpc(s));
        let once = f(s);
        prop_assert_eq!(f(once.clone()), once);
    }

    #[test]
    fn law_6_http_is_stable(entries in crate::generate::entries(), h in crate::generate::response()) {
        let translator = Translator::new(Catalog::with_entries(entries));
        let g = |h: &Response<Bytes>| translator.write_http(&translator.read_http(h).unwrap());
        let once = g(&h);
        let twice = g(&once);
        prop_assert!(same(&twice, &once), "{:?}\n{:?}\n{:?}", h, once, twice);
    }

    #[test]
    fn law_7_no_trailers_panic(trailers in crate::generate::trailers(), headers in crate::generate::header_map()) {
        let translator = Translator::default();
        for received in [Received::from_trailers(&trailers), Received::from_headers(&headers)] {
            if let Ok((error, _)) = translator.read_grpc_with(received, &ReadOptions::new()) {
                all_outputs(&translator, &error)?;
            }
        }
    }

    #[test]
    fn law_7_no_details_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), detail in crate::generate::detail()) {
        let translator = Translator::default();
        let read = Received::decode(bytes.into()).map(|received| translator.read_grpc_with(received, &ReadOptions::new()));
        if let Ok(Ok((error, _))) = read {
            all_outputs(&translator, &error.with_detail(detail.clone()))?;
        }
        all_outputs(&translator, &Error::new(kinds::CONFLICT).with_detail(detail))?;
    }

    // docs/rules.md: R-LAW-7
    #[test]
    fn law_7_no_response_panics(
        status in prop_oneof![300..700_u32, any::<u32>()],
        headers in crate::generate::header_map(),
        body in crate::generate::body_bytes(),
        table in prop::sample::select(vec![StatusTable::Auto, StatusTable::Origin, StatusTable::Intermediary]),
        to_head in any::<bool>(),
    ) {
        let translator = Translator::default();
        let mut options = ReadOptions::new().with_table(table);
        options.to_head = to_head;
        let body = Bytes::from(body);
        for content_type in ["", "application/json", "application/problem+json", "text/html", "application/grpc"] {
            let mut headers = headers.clone();
            if !content_type.is_empty() {
                headers.insert("content-type", content_type.parse().unwrap());
            }
            if let Ok((error, _)) = translator.read_http_with(status, &headers, &body, &options) {
                all_outputs(&translator, &error)?;
            }
        }
    }
}

/// Whatever was read can be written, for everybody.
fn all_outputs(translator: &Translator, error: &Error) -> Result<(), TestCaseError> {
    error.retry_after();
    error.field_violations();
    for audience in [Audience::Internal, Audience::Public] {
        let (status, _) = translator.write_grpc_with(error, &WriteGrpcOptions::new(audience));
        prop_assert_eq!(status.code, error.code());
        let trailers = status.to_trailers();
        prop_assert!(trailers.grpc_message.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
        let options = WriteHttpOptions::new(audience).with_details().with_accept_language("de, *;q=0.1");
        let (response, _) = translator.write_http_with(error, &options);
        prop_assert_eq!(response.status().as_u16(), error.status().as_u16());
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        prop_assert_eq!(body["kind"].as_str(), Some(error.kind().as_str()));
    }
    Ok(())
}
