//! What `errwire explain` takes: a kind, a reason, a status, a code, a method.

use crate::support::binary::{file, run};

const METHODS: &str = "domain: api.example.com\nmethods:\n  tasks.v1.TaskService: [token_missing]\n  \
                       tasks.v1.TaskService/GetTask: [task_not_found, http_418]\n  tasks.v1.TaskService/Ping: []\n";

#[test]
fn explains_a_kind_a_status_a_code_or_a_reason() {
    let path = file("explain-methods.yaml", METHODS);
    let rows: [(&str, &[&str], &[&str]); 8] = [
        ("task_not_found", &["task_not_found: Task does not exist\n", "  tasks.v1.TaskService/GetTask\n"], &[]),
        ("TASK_NOT_FOUND", &["task_not_found: Task does not exist\n", "  reason       TASK_NOT_FOUND\n"], &[]),
        (
            "404",
            &["404 Not Found\n", "Verify the resource ID.", "  task_not_found ", "  run_not_found "],
            &["  gone ", "token_missing"],
        ),
        ("418", &["418 I'm a teapot\n", "  http_418  418  FAILED_PRECONDITION  "], &["404"]),
        // The code, whose kind of the same name is among its kinds.
        ("NOT_FOUND", &["  number       5\n", "  not_found ", "  gone ", "  task_not_found "], &["grpc-status"]),
        (
            "tasks.v1.TaskService/GetTask",
            &["  task_not_found  404", "  token_missing   401", "  http_418        418", "deadline_exceeded"],
            &["run_not_found", "Ping"],
        ),
        ("/tasks.v1.TaskService/Ping", &["tasks.v1.TaskService/Ping\n", "  token_missing  401"], &["task_not_found"]),
        ("tasks.v1.TaskService", &["tasks.v1.TaskService/GetTask\n", "tasks.v1.TaskService/Ping\n"], &[]),
    ];
    for (name, has, lacks) in rows {
        let ended = run(&["explain", name, "--catalog", &path]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{name}");
        for part in has {
            assert!(ended.stdout.contains(part), "{name}: {part:?} is not in\n{}", ended.stdout);
        }
        for part in lacks {
            assert!(!ended.stdout.contains(part), "{name}: {part:?} is in\n{}", ended.stdout);
        }
    }
}

#[test]
fn reports_an_unknown_name() {
    let path = file("explain-no-method.yaml", METHODS);
    let rows = [
        ("200", "200 is not the HTTP status of an error. Use a number from 400 to 599."),
        ("600", "600 is not the HTTP status of an error. Use a number from 400 to 599."),
        ("99999999999", "99999999999 is not the HTTP status of an error. Use a number from 400 to 599."),
        (
            "tasks.v1.TaskServce/GetTask",
            "The catalog has no method `tasks.v1.TaskServce/GetTask`. Did you mean `tasks.v1.TaskService/GetTask`?",
        ),
        ("other.Service/Get", "The catalog has no method `other.Service/Get`. Look at the `methods` of the catalog."),
    ];
    for (name, message) in rows {
        let ended = run(&["explain", name, "--catalog", &path]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}");
        assert_eq!(ended.stderr, format!("error: {message}\n"));
    }
    let ended = run(&["explain", "a.B/C"]);
    assert_eq!(
        ended.stderr,
        "error: The catalog has no method `a.B/C`. Give a file that declares methods with --catalog.\n"
    );
}

#[test]
fn says_the_language_of_a_message_that_is_not_in_english() {
    let path = file(
        "explain-language.yaml",
        "domain: d\nlanguage: de\nkinds:\n  weg_damit:\n    status: 404\n    code: NOT_FOUND\n    message: Weg.\n    localized: {en: Gone.}\n",
    );
    let ended = run(&["explain", "weg_damit", "--catalog", &path]);
    assert!(ended.stdout.contains("Default message\n  de: Weg.\n  en: Gone.\n"), "{}", ended.stdout);
    let html = run(&["docs", "--format", "html", "--catalog", &path]);
    assert!(html.stdout.contains(r#"<p class="message" dir="auto" lang="de">Weg.</p>"#), "{}", html.stdout);
    let markdown = run(&["docs", "--format", "markdown", "--catalog", &path]);
    assert!(markdown.stdout.contains("\nThe default message, in `de`:\n\n> Weg.\n"), "{}", markdown.stdout);
}
