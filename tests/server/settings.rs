//! `errwire serve` with settings from everywhere, as a process.

use std::{net::TcpListener, process::Output};

use crate::support::binary::{Serving, errwire, file};

fn with_env(args: &[&str], env: &[(&str, &str)]) -> Output {
    errwire(args).envs(env.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn prints_what_it_would_serve_with() {
    let path = file("print.yaml", "domain: file.example\nmax_connections: 5\nidle_timeout: 1m\n");
    let args = ["serve", "--print-config", "--config", &path, "--idle-timeout", "3m", "--idle-timeout", "4m"];
    let printed = with_env(&args, &[("ERRWIRE_MAX_CONNECTIONS", "6")]);
    assert_eq!((printed.status.code(), text(&printed.stderr)), (Some(0), ""));
    let printed = text(&printed.stdout);
    for line in [
        &format!("domain: file.example  # {path}:1:9\n"),
        "max_connections: 6  # ERRWIRE_MAX_CONNECTIONS\n",
        "idle_timeout: 4m  # --idle-timeout\n",
        "listen: \"127.0.0.1:50051\"  # default\n",
    ] {
        assert!(printed.contains(line), "{line}{printed}");
    }

    // What was printed is a file, which the environment can name.
    let again = file("printed.yaml", printed);
    let second = with_env(&["serve", "--print-config"], &[("ERRWIRE_CONFIG", &again)]);
    let values = |printed: &str| printed.lines().map(|line| line.split("  #").next().unwrap().to_owned()).collect();
    let (first, second): (Vec<_>, Vec<_>) = (values(printed), values(text(&second.stdout)));
    assert_eq!(first, second);
}

#[test]
fn all_problems_are_reported_before_anything_is_bound() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let path = file("wrong.yaml", "max_conections: 5\n");
    let catalog = file("wrong-catalog.yaml", "domain: api.example.com\nkinds: { a: {} }\n");
    let args = ["serve", "--listen", &address, "--config", &path, "--catalog", &catalog, "--drain-timeout", "soon"];
    let ended = with_env(&args, &[("ERRWIRE_LISTEN_ON", "x")]);
    assert_eq!((ended.status.code(), text(&ended.stdout)), (Some(2), ""));
    let told: Vec<&str> = text(&ended.stderr).lines().collect();
    assert_eq!(told[0], "error: the configuration cannot be used");
    let begins: Vec<&&str> = told.iter().filter(|line| line.contains(": error[")).collect();
    let expected = [
        &*format!("{path}:1:1: error[unknown-key]: The key `max_conections` is unknown."),
        "--drain-timeout: error[invalid-value]: `soon` is not a duration.",
        &format!("{catalog}:2:10: error["),
    ];
    for (line, beginning) in begins.iter().zip(expected) {
        assert!(line.starts_with(beginning), "{beginning}\n{told:#?}");
    }
    // Each of a file is shown with its line.
    assert_eq!(told[3..6], ["  |", "1 | max_conections: 5", "  | ^"], "{told:#?}");
    assert!(!told.iter().any(|line| line.contains("another process")), "{told:#?}");
}

/// One that Kubernetes sets does not stop the start, and is told.
#[test]
fn an_unknown_variable_is_reported_and_the_server_starts() {
    let mut command = errwire(&["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
    command.envs([("ERRWIRE_SERVICE_HOST", "10.0.0.1"), ("ERRWIRE_LISTN", "x")]);
    let mut serving = Serving::spawn(command);
    serving.address();
    serving.signal("TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let log = serving.errors();
    for told in ["ERRWIRE_SERVICE_HOST: No setting has this variable. It is not used.", "Write ERRWIRE_LISTEN."] {
        assert!(log.contains(told), "{log}");
    }
}

/// The other commands have no settings, and nothing in the environment stops them.
#[test]
fn the_environment_is_for_the_server() {
    let ended = with_env(&["kinds"], &[("ERRWIRE_NOTHING", "x")]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
}

#[test]
fn listens_where_the_environment_says() {
    let mut command = errwire(&["serve"]);
    command.envs([("ERRWIRE_LISTEN", "localhost:0"), ("ERRWIRE_ADMIN_LISTEN", "127.0.0.1:0")]);
    let serving = Serving::spawn(command);
    assert!(serving.address().ip().is_loopback());
    assert!(serving.admin_address().ip().is_loopback());
}
