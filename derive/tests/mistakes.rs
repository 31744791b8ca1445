//! Mistakes are compile errors at the attribute, in the words of `errwire check`.

use std::{fs, path::Path};

use errwire::{Catalog, Code};

#[test]
fn are_reported_where_they_are() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
}

/// What the compiler says, and what a check of the same in YAML says, with `key = value` for `key: value`.
#[test]
fn are_called_what_the_check_calls_them() {
    let rows = [
        ("status.rs", "status: 200, code: NOT_FOUND, message: M."),
        ("code_ok.rs", "status: 404, code: OK, message: M."),
        ("code_unknown.rs", "status: 404, code: NOT_FOUNT, message: M."),
        ("key_unknown.rs", "status: 404, code: NOT_FOUND, mesage: M., message: M."),
        ("message_empty.rs", "status: 404, code: NOT_FOUND, message: ' '"),
        ("visibility.rs", "status: 404, code: NOT_FOUND, message: M., visibility: pubic"),
        ("delay.rs", "status: 503, code: UNAVAILABLE, message: M., retry: after_delay, retry_delay: soon"),
        ("missing.rs", "description: D."),
        ("languages.rs", "status: 404, code: NOT_FOUND, message: 'See {id_a}.', localized: {de: 'Siehe {id_b}.'}"),
        ("help_url.rs", "status: 404, code: NOT_FOUND, message: M., help_url: 'javascript:alert(1)'"),
    ];
    for (file, entry) in rows {
        let text = format!("domain: api.example.com\nkinds:\n  gone_away: {{{entry}}}\n");
        let problems = Catalog::from_yaml("errors.yaml", &text).unwrap_err().to_string();
        let path = Path::new("tests/mistakes").join(file).with_extension("stderr");
        let compiler = fs::read_to_string(&path).unwrap();
        for problem in problems.lines() {
            let (_, words) = problem.split_once(' ').unwrap();
            // The two forms differ in how a value is written, and in how few units a delay has here.
            let words = words.replace("`status: ", "`status = ").replace("`code: ", "`code = ");
            let words = words.replace("`message: ", "`message = ").replace("30s, 1.5s, 500ms", "30s, 500ms");
            assert!(compiler.contains(&words), "{}\n{words}\n{compiler}", path.display());
        }
    }
}

/// Each code is accepted by its name, and is that code; a `macro_rules` writes the enums.
#[test]
fn codes_are_those_of_the_crate() {
    macro_rules! codes {
        ($($name:ident)+) => {
            [$({
                #[derive(errwire::Kinds)]
                #[errwire(domain = "api.example.com")]
                enum One {
                    #[kind(status = 418, code = $name, message = "M.")]
                    OneKind,
                }
                (stringify!($name), One::ONE_KIND.entry().unwrap().code)
            }),+]
        };
    }
    let codes = codes![
        CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
        RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS
        UNAUTHENTICATED
    ];
    assert_eq!(codes.map(|(_, code)| code), Code::ALL);
    assert_eq!(codes.map(|(name, _)| name), Code::ALL.map(Code::name));
}
