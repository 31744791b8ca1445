//! The built-in kinds, codes and statuses: docs/rules.md, R-CODE-1 to R-KIND-6.

use bytes::Bytes;
use errwire::{
    Catalog, Code, Error, HttpStatus, Kind, ReadOptions, StatusTable, Translator, Visibility, wire::grpc::Status,
};
use http::HeaderMap;

use crate::spec::{GENERIC, KIND_OF_CODE, KIND_OF_STATUS, REFERENCE, STATUS_OF_CODE, origin};

// docs/rules.md: R-KIND-1
#[test]
fn the_kinds_of_the_reference_are_a_fixed_contract() {
    let catalog = Catalog::builtin();
    for (name, status, code, description) in REFERENCE {
        let kind = catalog.get(name).unwrap();
        let entry = kind.entry().unwrap();
        assert_eq!(entry.kind, name);
        assert_eq!(entry.status.as_u16(), status, "{name}");
        assert_eq!(entry.code, code, "{name}");
        assert_eq!(entry.description, description, "{name}");
        assert_eq!(entry.domain, "errwire.dev", "{name}");
    }
}

// docs/rules.md: R-KIND-2
#[test]
fn the_generic_kinds_have_their_status_and_code() {
    let catalog = Catalog::builtin();
    for (name, status, code) in GENERIC {
        let kind = catalog.get(name).unwrap();
        let entry = kind.entry().unwrap();
        assert_eq!((entry.status.as_u16(), entry.code, &*entry.domain), (status, code, "errwire.dev"), "{name}");
    }
    assert_eq!(catalog.len(), 11 + 37, "no kind is missing here, and none is too many there");
}

// docs/rules.md: R-KIND-6
#[test]
fn every_listed_kind_makes_an_error_by_its_entry() {
    let rows = REFERENCE.iter().map(|row| (row.0, row.1, row.2)).chain(GENERIC);
    for (name, status, code) in rows {
        let error = Error::new(Kind::new(name).unwrap());
        assert_eq!(error.kind(), name);
        assert_eq!(error.kind().reason(), name.to_uppercase());
        assert_eq!((error.status().as_u16(), error.code()), (status, code), "{name}");
        let visibility = error.kind().entry().unwrap().visibility;
        assert_eq!(visibility == Visibility::Internal, status >= 500, "{name}: 5xx kinds are internal");
        // Guidance: at least what happened and what to do about it, and nothing left to fill in.
        let message = error.message();
        assert!(message.matches(['.', '!']).count() >= 2, "{name}: {message:?} does not say what to do");
        assert!(!message.contains(['{', '}']), "{name}: {message:?}");
    }
    let missing = Error::new(Kind::new("token_missing").unwrap());
    assert_eq!(missing.message(), "No auth token provided. Include an API key in the Authorization header.");
}

// docs/rules.md: R-KIND-3
#[test]
fn every_other_status_has_a_numbered_kind() {
    let catalog = Catalog::builtin();
    for status in 400..=599 {
        let name = format!("http_{status}");
        let found = catalog.get(&name);
        if KIND_OF_STATUS.iter().any(|row| row.0 == status) {
            assert_eq!(found, None, "{status} has a kind of its own");
        } else {
            let kind = found.unwrap();
            let entry = kind.entry().unwrap();
            let code = if status < 500 { Code::FailedPrecondition } else { Code::Internal };
            assert_eq!((entry.status.as_u16(), entry.code), (status, code));
            assert_eq!(kind.reason(), format!("HTTP_{status}"));
        }
    }
    for name in ["http_399", "http_600", "http_200", "http_", "http_4180", "http_0418", "http_+41", "http_4x8"] {
        assert_eq!(catalog.get(name), None, "{name}");
    }
}

// docs/rules.md: R-TERM-1
#[test]
fn kinds_are_spelled_as_aip_193_reasons() {
    let longest = "a".repeat(63);
    for name in ["abc", "a1b", "a_b", "a__b", "http_418", longest.as_str()] {
        assert_eq!(Kind::new(name).unwrap().reason(), name.to_uppercase());
    }
    let too_long = "a".repeat(64);
    for name in ["", "a", "ab", "_ab", "ab_", "1ab", "Abc", "a-b", "a.b", "a b", "größe", "task_NOT", too_long.as_str()]
    {
        assert!(Kind::new(name).is_err(), "{name}");
    }
}

// docs/rules.md: R-KIND-4
#[test]
fn the_fallback_kind_of_each_code() {
    let translator = Translator::default();
    for (code, name) in KIND_OF_CODE {
        let error = translator.read_grpc(Status { code, message: "m".into(), details: Default::default() });
        assert_eq!(error.kind(), name, "{code}");
        assert_eq!(error.code(), code);
    }
}

// docs/rules.md: R-CODE-1
#[test]
fn the_number_name_and_status_of_each_code() {
    assert_eq!(Code::ALL, STATUS_OF_CODE.map(|row| row.0));
    for (code, number, status) in STATUS_OF_CODE {
        assert_eq!((code.number(), code.http_status().as_u16()), (number, status));
        assert_eq!(Code::try_from(number), Ok(code));
    }
}

// docs/rules.md: R-KIND-5
#[test]
fn the_fallback_kind_of_each_status() {
    let translator = Translator::default();
    let forced = ReadOptions::new().with_table(StatusTable::Origin);
    for status in 400..=599_u16 {
        let read = translator.read_http_with(status.into(), &HeaderMap::new(), &Bytes::new(), &forced);
        let (error, _) = read.unwrap();
        let (name, code) = origin(status);
        assert_eq!((error.kind().as_str(), error.code()), (&*name, code), "{status}");
        assert_eq!(error.status(), HttpStatus::new(status).unwrap());
    }
}

// docs/rules.md: R-TERM-3
#[test]
fn statuses_out_of_range_are_not_errors() {
    for status in [0, 99, 100, 200, 204, 304, 399, 600, 999, u16::MAX] {
        assert!(HttpStatus::new(status).is_err(), "{status}");
    }
}
