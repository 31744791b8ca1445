use super::*;

fn header(name: &str, value: &str) -> pb::Header {
    pb::Header { name: name.into(), value: value.into() }
}

fn field<T>(result: Result<T, Error>) -> Option<String> {
    result.err().map(|error| error.field_violations()[0].field.clone())
}

#[test]
fn names_the_malformed_field() {
    let of = |status, headers| field(response(pb::HttpResponse { status, headers, body: None }));
    let good = || header("content-type", "text/plain");
    assert_eq!(of(0, vec![]).as_deref(), Some("response.status"));
    assert_eq!(of(99, vec![]).as_deref(), Some("response.status"));
    assert_eq!(of(100, vec![]), None);
    assert_eq!(of(u32::MAX, vec![]), None);
    assert_eq!(of(404, vec![good(), good(), header("", "")]).as_deref(), Some("response.headers[2].name"));
    assert_eq!(of(404, vec![header("a b", "")]).as_deref(), Some("response.headers[0].name"));
    assert_eq!(of(404, vec![good(), header("x", "a\r\nb: c")]).as_deref(), Some("response.headers[1].value"));
    assert_eq!(of(404, vec![header("X-Ä", "")]).as_deref(), Some("response.headers[0].name"));
    assert_eq!(of(404, vec![header("x", "größer")]), None);
    assert_eq!(of(404, vec![good(); 8_193]).as_deref(), Some("response.headers"));

    let options = |audience, dialect| pb::RenderOptions { audience, dialect, ..Default::default() };
    assert_eq!(field(render_options(Some(options(7, 0)))).as_deref(), Some("options.audience"));
    assert_eq!(field(render_options(Some(options(-1, 0)))).as_deref(), Some("options.audience"));
    assert_eq!(field(render_options(Some(options(2, 99)))).as_deref(), Some("options.dialect"));
    assert_eq!(field(render_options(Some(options(2, 12)))).as_deref(), Some("options.dialect"));
    let table = |table| pb::ParseOptions { table, ..Default::default() };
    assert_eq!(field(parse_options(Some(table(4)))).as_deref(), Some("options.table"));
    assert_eq!(field(received(None)).as_deref(), Some("source"));
}

#[test]
fn keeps_every_valid_header() {
    let headers = (0..8_192).map(|n| header(&format!("x-{n}"), "1")).collect();
    assert_eq!(header_map(headers).unwrap().len(), 8_192);
    let map = header_map(vec![header("Allow", "GET"), header("allow", "PUT")]).unwrap();
    assert_eq!(map.get_all("allow").iter().collect::<Vec<_>>(), ["GET", "PUT"]);
}

#[test]
fn defaults() {
    assert_eq!(render_options(None).unwrap(), WriteHttpOptions::default());
    assert_eq!(parse_options(None).unwrap(), ReadOptions::default());
}

fn record(kind: &str, code: i32, status: u32) -> pb::ErrorRecord {
    pb::ErrorRecord { kind: kind.into(), code, status, ..Default::default() }
}

#[test]
fn fills_missing_fields() {
    let rows = [
        // As given, then as read.
        (("task_not_found", 0, 0), ("task_not_found", 5, 404)),
        (("task_not_found", 9, 0), ("task_not_found", 9, 404)),
        (("task_not_found", 0, 410), ("task_not_found", 5, 410)),
        (("task_not_found", 16, 500), ("task_not_found", 16, 500)),
        (("http_418", 0, 0), ("http_418", 9, 418)),
        (("of_nobody", 0, 0), ("of_nobody", 2, 500)),
        (("of_nobody", 0, 404), ("of_nobody", 5, 404)),
        (("of_nobody", 8, 0), ("of_nobody", 8, 429)),
        (("", 5, 0), ("not_found", 5, 404)),
        (("", 0, 402), ("payment_required", 9, 402)),
        (("", 5, 410), ("gone", 5, 410)),
        (("", 13, 410), ("internal_error", 13, 410)),
    ];
    for ((kind, code, status), expected) in rows {
        let (error, _) = read(&Catalog::builtin(), record(kind, code, status)).unwrap();
        let read = (error.kind().as_str(), error.code().number(), error.status().as_u16());
        assert_eq!(read, expected, "{kind:?} {code} {status}");
    }
}

#[test]
fn names_the_malformed_field_of_a_record() {
    let rows = [
        (record("", 0, 0), "error.kind", "is missing: send a kind, a code or a status"),
        (
            record("Task.NotFound", 0, 0),
            "error.kind",
            "`Task.NotFound` is not spelled as a kind: write `task_not_found`",
        ),
        (record("task_not_found", 17, 0), "error.code", "17 is not a gRPC error code: use 1 to 16"),
        (record("task_not_found", -1, 0), "error.code", "-1 is not a gRPC error code: use 1 to 16"),
        (record("task_not_found", 0, 399), "error.status", "399 is not an HTTP error status: use 400 to 599"),
        (record("task_not_found", 0, 65_936), "error.status", "65936 is not an HTTP error status: use 400 to 599"),
    ];
    for (record, field, why) in rows {
        let error = read(&Catalog::builtin(), record).unwrap_err();
        let violation = error.field_violations().remove(0);
        assert_eq!((violation.field.as_str(), violation.description.as_str()), (field, why));
    }
    let error = read(&Catalog::builtin(), record(&"x".repeat(1_000_000), 0, 0)).unwrap_err();
    assert!(error.message().len() < 300);
}

#[test]
fn each_dialect_has_a_value_of_its_own() {
    for dialect in Dialect::ALL {
        let name = format!("DIALECT_{}", dialect.name().to_ascii_uppercase());
        assert_eq!(pb::Dialect::from(*dialect).as_str_name(), name);
    }
    let values = (1..).map_while(|number| pb::Dialect::try_from(number).ok());
    assert_eq!(values.count(), Dialect::ALL.len());
}
