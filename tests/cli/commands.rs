//! The other commands: what they print, and the exit code.

use crate::support::binary::{errwire, file, run};

const CATALOG: &str = "\
domain: api.example.com
kinds:
  quota_used_up:
    status: 429
    code: RESOURCE_EXHAUSTED
    message: \"All {limit} tasks are used up. Try again tomorrow.\"
    description: The quota is used up
    retry: after_delay
    retry_delay: 90s
    owner: tasks-team
";

#[test]
fn help_is_enough() {
    let ended = run(&["--help"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for word in [
        "serve",
        "translate",
        "kinds",
        "explain",
        "check",
        "Examples:",
        "Exit codes:",
        "errwire explain task_not_found",
    ] {
        assert!(ended.stdout.contains(word), "{word}");
    }
    for command in ["serve", "translate", "kinds", "explain", "check"] {
        let ended = run(&[command, "--help"]);
        assert_eq!(ended.code, Some(0), "{command}");
        assert!(!ended.stdout.contains('\u{1b}'), "{command} has colour without a terminal");
    }
    assert_eq!(run(&["--version"]).stdout, concat!("errwire ", env!("CARGO_PKG_VERSION"), "\n"));
    for wrong in
        [&[][..], &["tranlate"], &["explain"], &["check"], &["kinds", "--format", "xml"], &["serve", "--domain", ""]]
    {
        let ended = run(wrong);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!ended.stderr.is_empty(), "{wrong:?}");
    }
}

#[test]
fn kinds_as_a_table() {
    let ended = run(&["kinds"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let mut lines = ended.stdout.lines();
    let heading: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(heading, ["KIND", "STATUS", "CODE", "DOMAIN", "DESCRIPTION"]);
    let rows: Vec<_> = lines.collect();
    assert!(rows.len() >= 48 && rows.is_sorted());
    let row = rows.iter().find(|row| row.starts_with("payment_required ")).unwrap();
    let words: Vec<_> = row.split_whitespace().take(5).collect();
    assert_eq!(words, ["payment_required", "402", "FAILED_PRECONDITION", "errwire.dev", "A"]);
}

#[test]
fn kinds_as_json() {
    let path = file("kinds.yaml", CATALOG);
    let ended = run(&["kinds", "--format", "json", "--catalog", &path]);
    assert_eq!(ended.code, Some(0));
    let list: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let kinds = list["kinds"].as_array().unwrap();
    let ours = kinds.iter().find(|kind| kind["kind"] == "quota_used_up").unwrap();
    assert_eq!(
        *ours,
        serde_json::json!({
            "kind": "quota_used_up",
            "reason": "QUOTA_USED_UP",
            "domain": "api.example.com",
            "status": 429,
            "code": "RESOURCE_EXHAUSTED",
            "message": "All {limit} tasks are used up. Try again tomorrow.",
            "description": "The quota is used up",
            "retry": "RETRY_AFTER_DELAY",
            "retryDelay": "90s",
            "visibility": "VISIBILITY_PUBLIC",
            "owner": "tasks-team",
        })
    );
}

// docs/rules.md: R-CLI-5
#[test]
fn explains_a_kind() {
    let ended = run(&["explain", "task_not_found"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for part in [
        "task_not_found: Task does not exist\n",
        "  HTTP status  404 Not Found\n",
        "  gRPC code    NOT_FOUND (5)\n",
        "  reason       TASK_NOT_FOUND\n",
        "  domain       errwire.dev\n",
        "What a client should do\n",
        "Verify the resource ID.",
        "  HTTP/1.1 404 Not Found\n",
        "  content-type: application/json\n",
        r#"  {"kind":"task_not_found","message":""#,
        "  grpc-status: 5\n",
        "  grpc-message: ",
        "  grpc-status-details-bin: ",
        r#""@type": "type.googleapis.com/google.rpc.ErrorInfo""#,
    ] {
        assert!(ended.stdout.contains(part), "{part:?} is not in\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\u{1b}'));
}

#[test]
fn explains_a_kind_of_ones_own() {
    let path = file("explain.yaml", CATALOG);
    let ended = run(&["explain", "quota_used_up", "--catalog", &path]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for part in [
        "  domain       api.example.com\n",
        "  retry        after 90 s\n",
        "  owner        tasks-team\n",
        "All {limit} tasks are used up.",
        r#""message":"All example-limit tasks are used up."#,
        "  retry-after: 90\n",
    ] {
        assert!(ended.stdout.contains(part), "{part:?} is not in\n{}", ended.stdout);
    }
}

#[test]
fn suggests_what_was_meant() {
    for (typed, meant) in
        [("tsk_not_found", "task_not_found"), ("TASK_NOT_FUOND", "task_not_found"), ("RunNotFound", "run_not_found")]
    {
        let ended = run(&["explain", typed]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{typed}");
        assert_eq!(ended.stderr, format!("error: The catalog has no kind `{typed}`. Did you mean `{meant}`?\n"));
    }
    let ended = run(&["explain", "zzzzzzzzzzzz"]);
    assert_eq!(ended.code, Some(2));
    assert!(!ended.stderr.contains("Did you mean"), "{}", ended.stderr);
}

// docs/rules.md: R-CLI-1, R-CLI-4
#[test]
fn checks_a_catalog() {
    let good = file("good.yaml", CATALOG);
    let ended = run(&["check", &good]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "1 kind, no problems\n", ""));

    let bad =
        file("bad.yaml", &CATALOG.replace("429", "200").replace("RESOURCE_EXHAUSTED", "OK").replace("owner", "owners"));
    let ended = run(&["check", &bad, &good]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    for place in ["4:13: ", "5:11: ", "10:5: "] {
        assert!(ended.stdout.contains(&format!("{bad}:{place}")), "{place} is not in\n{}", ended.stdout);
    }

    let ended = run(&["check", "no-such-file.yaml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("no-such-file.yaml"), "{}", ended.stderr);
}

#[test]
fn a_catalog_with_problems_is_not_used() {
    let bad = file("unused.yaml", &CATALOG.replace("429", "200"));
    for command in ["kinds", "translate"] {
        let ended = run(&[command, "--catalog", &bad]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{command}");
        assert!(ended.stderr.starts_with("error: the catalog cannot be used\n"), "{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("{bad}:4:13: ")), "{}", ended.stderr);
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    for args in [&["kinds"][..], &["kinds", "--format", "json"], &["explain", "gone"]] {
        let mut child = errwire(args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}
