//! The domain that defines a kind, in listings and responses (docs/rules.md, R-SERVICE-3).

use crate::support::binary::{file, run, run_with};
use serde_json::json;

const CATALOG: &str = "domain: api.example.com\nkinds:\n  quota_used_up:\n    status: 429\n    code: RESOURCE_EXHAUSTED\n    message: Try again tomorrow.\n";

#[test]
fn the_listings_name_the_domain_that_goes_over_the_wire() {
    let path = file("domain.yaml", CATALOG);
    let with = |args: &[&str]| run(&[args, &["--domain", "my.example.com", "--catalog", &path]].concat()).stdout;

    let explained = with(&["explain", "task_not_found"]);
    assert!(explained.contains("  domain       my.example.com\n"), "{explained}");
    assert!(explained.contains(r#""domain": "my.example.com""#), "{explained}");
    let explained = with(&["explain", "quota_used_up"]);
    assert!(explained.contains("  domain       api.example.com\n"), "{explained}");

    let table = with(&["kinds"]);
    let domain = |kind: &str| {
        let line = table.lines().find(|line| line.split_whitespace().next() == Some(kind)).unwrap();
        line.split_whitespace().nth(3).unwrap().to_owned()
    };
    assert_eq!(domain("task_not_found"), "my.example.com");
    assert_eq!(domain("quota_used_up"), "api.example.com");

    let listed: serde_json::Value = serde_json::from_str(&with(&["kinds", "--format", "json"])).unwrap();
    let kinds = listed["kinds"].as_array().unwrap();
    let domain = |name: &str| kinds.iter().find(|kind| kind["kind"] == name).unwrap()["domain"].clone();
    assert_eq!((domain("gone"), domain("quota_used_up")), (json!("my.example.com"), json!("api.example.com")));
}

#[test]
fn the_domain_of_a_request_is_that_of_its_response() {
    let line = |kind: &str, domain: &str| {
        let text = json!({"kind": kind, "message": "m"}).to_string();
        json!({"response": {"status": 404, "text": text}, "options": {"domain": domain}}).to_string()
    };
    let rows = [
        ("of_nobody", "my.example.com", "my.example.com"),
        ("task_not_found", "my.example.com", "my.example.com"),
        ("of_nobody", "", "errwire.dev"),
    ];
    let lines: Vec<_> = rows.iter().map(|(kind, given, _)| line(kind, given)).collect();
    let answers = run_with(&["translate"], lines.join("\n")).json_lines();
    for ((kind, given, expected), answer) in rows.iter().zip(&answers) {
        assert_eq!(answer["status"]["details"][0]["domain"], *expected, "{kind} {given}");
    }
}

#[test]
fn an_error_info_of_the_domain_of_the_request_stays_alone() {
    let info = |reason: &str, domain: &str| json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": domain});
    let details = [info("FIRST_REASON", "a.example.com"), info("SECOND_REASON", "b.example.com")];
    let text = json!({"error": {"code": 404, "message": "m", "status": "NOT_FOUND", "details": details}}).to_string();
    let line = json!({"response": {"status": 404, "text": text}, "options": {"domain": "b.example.com"}});
    let answer = run_with(&["translate"], line.to_string()).json_lines().remove(0);
    assert_eq!(answer["error"]["kind"], "second_reason");
    assert_eq!(answer["status"]["details"], json!(details));
}
