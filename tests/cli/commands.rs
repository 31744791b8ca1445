//! The other commands: what they print, and the exit code.

use crate::support::binary::{errwire, file, run, run_with};

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
            "language": "en",
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
fn a_closed_pipe_is_not_an_error() {
    for args in [&["kinds"][..], &["kinds", "--format", "json"], &["explain", "gone"]] {
        let mut child = errwire(args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

#[test]
fn wrong_flags_lead_to_what_was_meant() {
    let rows = [
        (&["serve", "--port", "8080"][..], Some("--listen")),
        (&["serve", "--host", "::1"], Some("--listen")),
        (&["serve", "--bind=[::1]:80"], Some("--listen")),
        (&["serve", "--max-conections", "8"], Some("--max-connections")),
        (&["translate", "--port", "1"], None),
        (&["translate", "--formt", "json"], Some("--format")),
        (&["check", "--qqqqqq", "a.yaml"], None),
    ];
    for (typed, meant) in rows {
        let ended = run(typed);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{typed:?}");
        let tip = ended.stderr.lines().find_map(|line| line.trim().strip_prefix("tip: a similar argument exists: "));
        assert_eq!(tip, meant.map(|flag| format!("'{flag}'")).as_deref(), "{typed:?}\n{}", ended.stderr);
    }
    assert!(run(&["tranlate"]).stderr.contains("tip: a similar subcommand exists: 'translate'"));
    assert!(!run(&["zzzzzz"]).stderr.contains("similar"));
    // A switch takes no word that follows it.
    let ended = run(&["serve", "--allow-plaintext", "true"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("`--allow-plaintext=true`, or `--allow-plaintext` alone"), "{}", ended.stderr);
}

// docs/rules.md: R-CLI-4
#[test]
fn standard_input_is_a_file() {
    const PROTO: &str = include_str!("../../examples/catalogs/tasks.proto");
    for (input, kinds) in [(CATALOG, "1 kind, no problems\n"), (PROTO, "6 kinds, no problems\n")] {
        let ended = run_with(&["check", "-"], input);
        assert_eq!((ended.code, &*ended.stdout), (Some(0), kinds), "{}", ended.stderr);
    }
    let ended = run_with(&["check", "-"], CATALOG.replace("429", "200"));
    assert!(ended.stdout.contains("/dev/stdin:4:13: "), "{}", ended.stdout);
    assert_eq!(ended.code, Some(1));
    let new = file("new.yaml", &CATALOG.replace("429", "503"));
    let ended = run_with(&["diff", "-", &new], CATALOG);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.contains("quota_used_up"), "{}", ended.stdout);
    let ended = run_with(&["explain", "quota_used_up", "--catalog", "-"], CATALOG);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn our_own_examples_have_no_warnings() {
    let examples = [
        "examples/catalogs/tasks.yaml",
        "examples/catalogs/tasks.proto",
        "examples/tasks/proto/tasks/v1/tasks.proto",
        "examples/own_errors/proto/acme/tasks/v1/errors.proto",
    ];
    for example in examples {
        let ended = errwire(&["check", example]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        let printed = String::from_utf8(ended.stdout).unwrap();
        assert!(printed.ends_with(", no problems\n") && printed.lines().count() == 1, "{example}\n{printed}");
    }
}

/// <https://man7.org/linux/man-pages/man7/groff_man.7.html>
#[test]
fn man_pages_have_the_commands_and_their_flags() {
    let page = run(&["man"]);
    assert_eq!((page.code, page.stderr.as_str()), (Some(0), ""));
    let title = page.stdout.lines().find(|line| line.starts_with(".TH ")).unwrap();
    assert!(title.starts_with(".TH errwire 1 "), "{title}");
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SUBCOMMANDS"] {
        assert!(page.stdout.contains(&format!(".SH {section}\n")), "{section} is missing");
    }
    for command in ["serve", "translate", "check", "diff", "docs", "generate", "completions", "man"] {
        assert!(page.stdout.contains(&format!("errwire\\-{command}(1)")), "{command} is missing\n{}", page.stdout);
    }
    let page = run(&["man", "diff"]);
    assert!(page.stdout.contains("\\-\\-exhaustive"), "{}", page.stdout);
    let ended = run(&["man", "dif"]);
    assert_eq!((ended.code, &*ended.stderr), (Some(2), "error: errwire has no command `dif`. Did you mean `diff`?\n"));
}

#[test]
fn bash_completes_commands_and_flags() {
    const ASK: &str = r#"
        eval "$(cat)"
        ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _errwire errwire "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"; echo "${COMPREPLY[@]}"; }
        ask errwire tran
        ask errwire diff --exh
        ask errwire serve --max-conn
        complete -p errwire"#;
    let script = run(&["completions", "bash"]);
    assert_eq!((script.code, script.stderr.as_str()), (Some(0), ""));
    let mut bash = std::process::Command::new("bash");
    let bash =
        bash.args(["--norc", "-c", ASK]).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut bash = bash.spawn().unwrap();
    std::io::Write::write_all(&mut bash.stdin.take().unwrap(), script.stdout.as_bytes()).unwrap();
    let said = String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap();
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[..2], ["translate", "--exhaustive"]);
    assert!(lines[2].split(' ').any(|flag| flag == "--max-connections"), "{said}");
    assert!(lines[3].contains("-F _errwire"), "{said}");
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(run(&["completions", shell]).stdout.contains("exhaustive"), "{shell}");
    }
}

/// The file that a derive's catalog is written to (`derive/tests/kinds.rs` keeps it fresh) is a catalog like any other.
#[test]
fn the_file_of_an_enum_is_a_catalog() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/derive/tests/errors.yaml");
    let check = run(&["check", path]);
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    assert!(check.stdout.contains("3 kinds, no problems"), "{}", check.stdout);
    let text = std::fs::read_to_string(path).unwrap();
    let narrowed = file("narrowed.yaml", &text.replace("  lost_job:", "  gone_job:"));
    let diff = run(&["diff", path, &narrowed]);
    assert_eq!(diff.code, Some(1), "{}", diff.stdout);
    assert!(diff.stdout.contains("lost_job"), "{}", diff.stdout);
    assert!(run(&["docs", "--format", "markdown", "--catalog", path]).stdout.contains("quota_exhausted"));
    assert!(run(&["generate", "--lang", "proto", path]).stdout.contains("TASK_NOT_FOUND"));
    assert!(run(&["generate", "--lang", "rust", path]).stdout.contains("pub fn task_not_found("));
}

/// A caller cannot correct what is wrong on the other side.
#[test]
fn the_advice_fits_the_kind() {
    for (kind, is_callers) in
        [("data_loss", false), ("unknown_error", false), ("task_not_found", true), ("request_invalid", true)]
    {
        let advice = run(&["explain", kind]).stdout;
        assert!(advice.contains("Do not retry automatically."), "{kind}\n{advice}");
        assert_eq!(advice.contains("send the corrected request"), is_callers, "{kind}\n{advice}");
    }
}
