#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    catalog::Catalog,
    model::{Code, HttpStatus, KindEntry, MessageTemplate},
};

fn translator() -> Translator {
    let message = MessageTemplate::from("<b>Fix</b> {field_name} & \"more\".".to_owned());
    let status = HttpStatus::try_from(409).unwrap();
    let mut odd = KindEntry::new("odd_one".into(), "d.example".into(), status, Code::Aborted, message);
    odd.description = "</code><script>alert(1)</script>".into();
    odd.help_url = Some("javascript:alert(1)".into());
    Translator::new(Catalog::with_entries([odd]))
}

fn get(path: &str) -> (u16, String) {
    let response = respond(&translator(), &Method::GET, &path.parse().unwrap(), b"").unwrap();
    (response.status().as_u16(), String::from_utf8(response.into_body().to_vec()).unwrap())
}

fn translate(input: &str, more: &str) -> String {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("input", input).finish() + more;
    let response = respond(&translator(), &Method::POST, &Uri::from_static("/translate"), form.as_bytes()).unwrap();
    assert_eq!(response.status(), 200);
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

#[test]
fn the_reference_lists_and_filters() {
    let count = |path: &str| get(path).1.matches("<th scope=\"row\"").count();
    let all = Catalog::builtin().len() + 1;
    assert_eq!(count("/errors"), all);
    assert_eq!(count("/errors?q=&status=&code=&retry="), all);
    // docs/rules.md, R-KIND-1 and R-KIND-2: these four have NOT_FOUND and 404; `gone` has NOT_FOUND and 410.
    assert_eq!(count("/errors?code=NOT_FOUND"), 5);
    assert_eq!(count("/errors?code=NOT_FOUND&status=404"), 4);
    assert_eq!(count("/errors?q=TASK+not+exist"), 1);
    assert_eq!(count("/errors?q=no+such+word"), 0);
    assert!(get("/errors?q=no+such+word").1.contains("No kind matches"));
    assert!(get("/errors?retry=after_backoff").1.contains("rate_limited"));
}

#[test]
fn a_large_catalog_comes_in_pages() {
    let message = || MessageTemplate::from("Fix it.".to_owned());
    let status = HttpStatus::try_from(409).unwrap();
    let entries = (0..250).map(|n| KindEntry::new(format!("zz_{n:03}"), "d".into(), status, Code::Aborted, message()));
    let translator = Translator::new(Catalog::with_entries(entries));
    let get = |path: &'static str| {
        let response = respond(&translator, &Method::GET, &Uri::from_static(path), b"").unwrap();
        String::from_utf8(response.into_body().to_vec()).unwrap()
    };
    let third = get("/errors?q=zz_&page=3");
    assert_eq!(third.matches("<th scope=\"row\"").count(), 50);
    assert!(third.contains("250 of "), "{third}");
    assert!(third.contains("/errors?q=zz_&amp;page=2"));
    assert!(!third.contains("page=4"));
    assert!(get("/errors?q=zz_&page=9999").contains("zz_249"));
    assert!(get("/errors?q=zz_&page=x").contains("zz_000"));
}

#[test]
fn a_kind_has_its_page() {
    let (status, page) = get("/errors/task_not_found");
    assert_eq!(status, 200);
    for expected in ["404 Not Found", "NOT_FOUND (5)", "TASK_NOT_FOUND", "Verify the task ID.", "grpc-status: 5"] {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(page.contains("{&quot;kind&quot;:&quot;task_not_found&quot;,"), "{page}");
    assert_eq!(get("/errors/http_418").0, 200);
    let (status, page) = get("/errors/task_notfound");
    assert_eq!(status, 404);
    assert!(page.contains("href=\"/errors/task_not_found\""));
}

#[test]
fn nothing_in_a_catalog_or_a_request_becomes_markup() {
    for path in ["/errors", "/errors/odd_one", "/errors?q=%3Cscript%3E&page=%22%3E", "/errors/%3Cscript%3E"] {
        let (_, page) = get(path);
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("href=\"javascript"), "{path}");
    }
    let page = translate("HTTP/1.1 404 Not Found\ncontent-type: text/html\n\n</textarea><script>", "");
    assert!(!page.contains("<script"), "{page}");
}

// docs/rules.md: R-CLI-3
#[test]
fn translates_what_is_pasted() {
    let http = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\n\r\n\
                {\"kind\":\"task_not_found\",\"message\":\"Task tsk_1 does not exist.\"}";
    let page = translate(http, "");
    for expected in ["grpc-status: 5", "grpc-message: Task tsk_1 does not exist.", "TASK_NOT_FOUND", "kind_message"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }

    // An upload as `curl -i` prints it.
    let page = translate(&format!("HTTP/1.1 100 Continue\r\n\r\n{http}"), "");
    for expected in ["grpc-status: 5", "<dt>Kind</dt><dd>kind</dd>", "<dt>Message</dt><dd>message</dd>"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }

    let grpc = "grpc-status: 13\ngrpc-message: at 10.0.0.1";
    assert!(translate(grpc, "&audience=internal").contains("{&quot;kind&quot;:&quot;internal_error&quot;"));
    let public = translate(grpc, "&audience=public&dialect=problem");
    assert!(public.contains("application/problem+json"));
    assert!(public.contains("Withheld"));

    assert!(translate("nonsense", "").contains("role=\"alert\""));
    assert!(translate("HTTP/1.1 200 OK", "").contains("role=\"alert\""));
}

#[test]
fn every_response_forbids_scripts() {
    for (method, path, status) in [
        ("GET", "/", 303),
        ("GET", "/errors", 200),
        ("HEAD", "/errors", 200),
        ("GET", "/style.css", 200),
        ("POST", "/errors", 405),
        ("PUT", "/translate", 405),
        ("DELETE", "/errors/gone", 405),
        ("GET", "/errors/", 404),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let response = respond(&translator(), &method, &Uri::from_static(path), b"").unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        assert!(response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(response.headers().contains_key("allow"), status == 405);
    }
    assert!(respond(&translator(), &Method::GET, &Uri::from_static("/metrics"), b"").is_none());
}
