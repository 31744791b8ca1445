//! Proto files that do not load. Places are counted by hand in the text of each row.

use super::bad::places;
use crate::catalog::Catalog;

#[track_caller]
fn check(rows: &[(&str, &str, &[&str])]) {
    for (name, text, expected) in rows {
        match Catalog::from_proto("f.proto", text) {
            Ok(_) => panic!("{name} loads"),
            Err(problems) => {
                let places: Vec<_> = places(&problems).iter().map(|place| place.replace("f.proto", "f")).collect();
                assert_eq!(places, *expected, "{name}:\n{problems}");
            }
        }
    }
}

const HEAD: &str = "syntax = \"proto3\";\npackage p;\nimport \"errwire/v1/annotations.proto\";\n";

/// A file with an enum of one value, on line 7; its fields begin at column 40.
fn with(fields: &str) -> String {
    format!(
        "{HEAD}enum E {{\n  option (errwire.v1.catalog).domain = \"d\";\n  NONE = 0;\n  A_KIND = 1 [(errwire.v1.kind) = {{    {fields}}}];\n}}\n"
    )
}

/// A file with these values from line 7 on.
fn values(values: &str) -> String {
    format!("{HEAD}enum E {{\n  option (errwire.v1.catalog).domain = \"d\";\n  NONE = 0;\n{values}}}\n")
}

const FINE: &str = "[(errwire.v1.kind) = {status: 400 code: ABORTED message: \"m\"}]";

#[test]
fn files() {
    let no_import = "syntax = \"proto3\";\nenum E { Z = 0; A_KIND = 1 [(errwire.v1.kind) = {status: 400}]; }\n";
    let missing =
        format!("{HEAD}import \"acme/none.proto\";\nenum E {{ option (errwire.v1.catalog).domain = \"d\"; Z = 0; }}\n");
    check(&[
        ("empty", "", &["f: no-catalog"]),
        ("text", "hello", &["f:1:1: invalid-proto"]),
        ("open brace", "syntax = \"proto3\";\nenum E {", &["f:2:9: invalid-proto"]),
        ("an enum of something else", "syntax = \"proto3\";\nenum E { Z = 0; }\n", &["f: no-catalog"]),
        ("no enum", &format!("{HEAD}message M {{}}\n"), &["f: no-catalog"]),
        (
            "annotations without their import",
            no_import,
            &["f:2:6: missing-key", "f:2:17: missing-key", "f:2:17: missing-key"],
        ),
        ("import that is not there", &missing, &["f:4:1: invalid-proto"]),
    ]);
}

#[test]
fn enums() {
    let no_domain = format!("{HEAD}enum E {{\n  Z = 0;\n  A_KIND = 1 {FINE};\n}}\n");
    let empty = format!("{HEAD}enum E {{\n  option (errwire.v1.catalog) = {{}};\n  Z = 0;\n}}\n");
    let blank = format!("{HEAD}enum E {{\n  option (errwire.v1.catalog) = {{domain: \"\"}};\n  Z = 0;\n}}\n");
    let unknown = format!("{HEAD}enum E {{\n  option (errwire.v1.catalog) = {{domian: \"d\"}};\n  Z = 0;\n}}\n");
    let number = format!("{HEAD}enum E {{\n  option (errwire.v1.catalog) = {{domain: 7}};\n  Z = 0;\n}}\n");
    check(&[
        ("no domain", &no_domain, &["f:4:6: missing-key"]),
        ("no field", &empty, &["f:4:6: missing-key"]),
        ("blank", &blank, &["f:5:42: invalid-domain"]),
        ("unknown field", &unknown, &["f:4:6: missing-key", "f:5:34: unknown-key"]),
        ("a number", &number, &["f:5:42: wrong-type"]),
    ]);
}

#[test]
fn kinds() {
    let rows: &[(&str, String, &[&str])] = &[
        ("lower case", values(&format!("  a_kind = 1 {FINE};\n")), &["f:7:3: bad-kind"]),
        ("camel case", values(&format!("  AKind = 1 {FINE};\n")), &["f:7:3: bad-kind"]),
        ("too short", values(&format!("  AB = 1 {FINE};\n")), &["f:7:3: bad-kind"]),
        ("ends with _", values(&format!("  ABC_ = 1 {FINE};\n")), &["f:7:3: bad-kind"]),
        ("no option", values("  A_KIND = 1;\n"), &["f:7:3: missing-key"]),
        ("another option", values("  A_KIND = 1 [deprecated = true];\n"), &["f:7:3: missing-key"]),
        ("shadows", values(&format!("  A_KIND = 1 {FINE};\n  NOT_FOUND = 2 {FINE};\n")), &["f:8:3: shadows-built-in"]),
        (
            "zero",
            format!("{HEAD}enum E {{\n  option (errwire.v1.catalog).domain = \"d\";\n  ZERO = 0 {FINE};\n}}\n"),
            &["f:6:3: zero-kind"],
        ),
        (
            "in two enums",
            format!(
                "{HEAD}message A {{ enum E {{ option (errwire.v1.catalog).domain = \"a\"; Z = 0; A_KIND = 1 {FINE}; }} }}\n\
                 message B {{ enum E {{ option (errwire.v1.catalog).domain = \"b\"; Z = 0;\n A_KIND = 1 {FINE}; }} }}\n"
            ),
            &["f:4:71: duplicate-kind", "f:6:2: duplicate-kind"],
        ),
        ("number twice", values(&format!("  A_KIND = 1 {FINE};\n  B_KIND = 1 {FINE};\n")), &["f:8:12: invalid-proto"]),
    ];
    for (name, text, expected) in rows {
        check(&[(name, text, expected)]);
    }
}

#[test]
fn required_fields() {
    check(&[
        ("nothing", &with(""), &["f:7:3: missing-key"; 3]),
        ("status", &with("code: ABORTED message: \"m\""), &["f:7:3: missing-key"]),
        ("code", &with("status: 400 message: \"m\""), &["f:7:3: missing-key"]),
        ("message", &with("status: 400 code: ABORTED"), &["f:7:3: missing-key"]),
    ]);
}

#[test]
fn fields() {
    // What follows begins at column 40 + 39 = 79.
    let rows: &[(&str, &[&str])] = &[
        ("statuss: 1", &["f:7:79: unknown-key"]),
        ("[acme.extra]: 1", &["f:7:79: unknown-key"]),
        ("owner: \"\"", &["f:7:86: empty-text"]),
        ("owner: \"a\" owner: \"b\"", &["f:7:90: duplicate-key"]),
        ("owner: team", &["f:7:86: wrong-type"]),
        ("override: true", &["f:7:89: overrides-nothing"]),
        ("override: \"true\"", &["f:7:89: wrong-type"]),
        ("help_url: 5", &["f:7:89: wrong-type"]),
        ("visibility: PUBLIC", &["f:7:91: unknown-value"]),
        ("visibility: 9", &["f:7:91: unknown-value"]),
        ("retry: RETRY_AFTER_DELY", &["f:7:86: unknown-value"]),
        ("retry: \"never\"", &["f:7:86: wrong-type"]),
        ("retry: RETRY_AFTER_DELAY", &["f:7:86: missing-key"]),
        ("retry_delay: {seconds: 5}", &["f:7:79: missing-key"]),
        ("retry: RETRY_AFTER_DELAY retry_delay {seconds: -5}", &["f:7:116: invalid-delay"]),
        ("retry: RETRY_AFTER_DELAY retry_delay {seconds: 5 nanos: 2000000000}", &["f:7:116: invalid-delay"]),
        ("retry: RETRY_AFTER_DELAY retry_delay {minutes: 5}", &["f:7:117: unknown-key"]),
        ("retry: RETRY_AFTER_DELAY retry_delay: \"5s\"", &["f:7:117: wrong-type"]),
        ("localized: {key: \"de\" value: \"\"}", &["f:7:108: empty-text"]),
        ("localized: {key: \"de_AT\" value: \"m\"}", &["f:7:96: invalid-language"]),
        ("localized: {value: \"m\"}", &["f:7:90: invalid-language"]),
        ("localized: \"de\"", &["f:7:90: wrong-type"]),
        ("localized: [{key: \"de\" value: \"m\"}, {key: \"de\" value: \"n\"}]", &["f:7:121: duplicate-key"]),
        ("localized: {key: \"de\" value: \"m {id}\"}", &["f:7:108: placeholder-mismatch"]),
        ("deprecated: \"2026\"", &["f:7:91: wrong-type"]),
        ("deprecated: {until: \"2026\"}", &["f:7:92: unknown-key"]),
    ];
    for (fields, expected) in rows {
        check(&[(fields, &with(&format!("status: 400 code: ABORTED message: \"m\" {fields}")), expected)]);
    }
}

#[test]
fn statuses_and_codes() {
    // The status is at column 48, and the code at column 58.
    let rows: &[(&str, &str, &[&str])] = &[
        ("399", "ABORTED", &["f:7:48: status-out-of-range"]),
        ("600", "ABORTED", &["f:7:48: status-out-of-range"]),
        ("000", "ABORTED", &["f:7:48: status-out-of-range"]),
        ("0xC8", "5", &["f:7:48: status-out-of-range"]),
        ("\"4\"", "ABORTED", &["f:7:48: wrong-type"]),
        ("4.4", "ABORTED", &["f:7:48: wrong-type"]),
        ("400", "OK", &["f:7:58: code-ok"]),
        ("400", "0", &["f:7:58: code-ok"]),
        ("400", "17", &["f:7:58: unknown-code"]),
        ("400", "NOTFOUND", &["f:7:58: unknown-code"]),
        ("400", "\"NOT_FOUND\"", &["f:7:58: wrong-type"]),
    ];
    for (status, code, expected) in rows {
        check(&[(status, &with(&format!("status: {status} code: {code} message: \"m\"")), expected)]);
    }
}

/// Options in parts, comments, bytes that are more than characters, and what the remedies say.
#[test]
fn many_at_once() {
    let text = "\
syntax = \"proto3\";
package acme;
import \"errwire/v1/annotations.proto\";
import \"acme/none.proto\";
enum TaskErrors {
  option (errwire.v1.catalog) = {domain: \"api.example.com\"};
  UNSPECIFIED = 0;
  /* größer */ TASK_LOST = 1 [
    (errwire.v1.kind).status = 200,
    (.errwire.v1.kind).code = UNAVAILBLE, // none
    deprecated = true,
    (errwire.v1.kind).deprecated.replaced_by = 'run_not_fond'
  ];
  TaskGone = 2 [(errwire.v1.kind) = {
    message: \"Größe {size}\\n\" 'is /* too */ much.' statuss: 410
    localized { key: \"de\" value: \"Zu groß.\" }
    retry: RETRY_AFTER_DELAY
  }];
}
";
    let problems = Catalog::from_proto("acme/errors.proto", text).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "\
acme/errors.proto:4:1: This is not a valid proto file: import 'acme/none.proto' not found. Check its name, or say which folder it is in with --proto-path.
acme/errors.proto:8:16: `task_lost` has no `message`. Add `message: \"...\"`, which tells the user what to do.
acme/errors.proto:9:32: `200` is not the HTTP status of an error. Use a number from 400 to 599.
acme/errors.proto:10:31: `UNAVAILBLE` is not a gRPC code. Write UNAVAILABLE.
acme/errors.proto:12:48: `task_lost` is replaced by `run_not_fond`, which is not another kind of this catalog. Write `run_not_found`.
acme/errors.proto:14:3: `TaskGone` is not a reason. Write `TASK_GONE`.
acme/errors.proto:14:3: `taskgone` has no `status`. Add `status: 404`, or another number from 400 to 599.
acme/errors.proto:14:3: `taskgone` has no `code`. Add `code: NOT_FOUND`, or another name of google.rpc.Code.
acme/errors.proto:15:52: The key `statuss` is unknown. Write `status`.
acme/errors.proto:16:34: The message in `de` lacks {size}. Use the placeholders of `message` in every language.
acme/errors.proto:17:12: `retry: RETRY_AFTER_DELAY` has no `retry_delay`. Add `retry_delay: {seconds: 30}`, or another delay."
    );
}
