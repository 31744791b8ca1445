//! What a server is set to: three sources, one table, and everything that can be wrong with it.

use std::{fs, path::PathBuf, time::Duration};

use errwire::server::config::{AdminListen, Config, Listen, LogFormat, PagesUrl, Resolved, Size, SocketMode, Sources};

fn sources(file: &str, env: &[(&str, &str)], flags: &[(&str, &[&str])]) -> Sources {
    let mut sources = Sources::default();
    // In the wrong order, which does not matter.
    for (name, texts) in flags {
        sources.add_flag(name, texts.iter().map(|text| (*text).to_owned()).collect());
    }
    sources.add_env(env.iter().copied());
    sources.add_file_text("errwire.yaml", file);
    sources
}

fn resolved(file: &str) -> Resolved {
    sources(file, &[], &[]).resolve().unwrap_or_else(|why| panic!("{why}"))
}

#[track_caller]
fn problems(sources: Sources, expected: &[&str]) {
    let found = sources.resolve().err().map(|why| why.to_string()).unwrap_or_default();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn every_setting_has_a_default() {
    let Resolved { config, identity, translator, .. } = resolved("");
    assert_eq!(config, Config::default());
    assert!(identity.is_none());
    assert_eq!(&*translator.policy().domain, "errwire.dev");
    for empty in ["~", "# nothing", "---\n", "listen: null\nmax_connections:\n"] {
        assert_eq!(resolved(empty).config, config, "{empty:?}");
    }
}

/// The values that the documentation promises.
#[test]
fn defaults_are_safe() {
    let config = Config::default();
    assert_eq!(config.listen, Listen::Tcp("127.0.0.1:50051".to_owned()));
    assert_eq!((config.admin_listen, config.allow_plaintext), (AdminListen::Auto, false));
    assert_eq!(config.socket_mode.get(), 0o600);
    assert_eq!((config.max_message_bytes.get(), config.max_header_list_bytes.get()), (4_194_304, 16_384));
    assert_eq!((config.max_concurrent_streams.get(), config.max_connections.get()), (100, 10_000));
    let seconds = |time: Option<Duration>| time.unwrap().as_secs();
    assert_eq!(seconds(config.handshake_timeout), 10);
    assert_eq!(seconds(config.request_timeout), 30);
    assert_eq!(seconds(config.write_timeout), 30);
    assert_eq!((seconds(config.idle_timeout), seconds(config.max_connection_age)), (900, 1800));
    assert_eq!((config.pre_drain, config.drain_timeout), (Duration::ZERO, Duration::from_secs(25)));
    assert_eq!((config.log_format, config.pages_url), (LogFormat::Json, None));
}

#[test]
fn a_flag_beats_the_environment_and_that_beats_the_file() {
    let file = "max_connections: 1\nidle_timeout: 1m\ndomain: file.example\nproto_path: [a, b]\n";
    let env = [("ERRWIRE_MAX_CONNECTIONS", "2"), ("ERRWIRE_IDLE_TIMEOUT", "2m"), ("ERRWIRE_PROTO_PATH", "c, d")];
    let flags: &[(&str, &[&str])] = &[("max_connections", &["3"]), ("proto_path", &["e"])];

    let config = sources(file, &env, flags).resolve().unwrap().config;
    assert_eq!(config.max_connections.get(), 3);
    assert_eq!(config.idle_timeout, Some(Duration::from_secs(120)));
    assert_eq!(config.domain, "file.example");
    assert_eq!(config.proto_path, [PathBuf::from("e")]);

    let config = sources(file, &env, &[]).resolve().unwrap().config;
    assert_eq!(config.proto_path, ["c", "d"].map(PathBuf::from));
    let config = sources(file, &[("ERRWIRE_IDLE_TIMEOUT", ""), ("PATH", "/bin")], &[]).resolve().unwrap().config;
    assert_eq!(config.idle_timeout, Some(Duration::from_secs(60)), "an empty variable is none");
    assert_eq!(config.proto_path, ["a", "b"].map(PathBuf::from));
}

#[test]
fn each_type_of_value_is_read() {
    let file = "listen: unix:/run/errwire.sock\nsocket_mode: 0660\nadmin_listen: off\nallow_plaintext: true\n\
                max_message_bytes: 1MiB\nmax_header_list_bytes: 500\nrequest_timeout: off\ntls_reload_interval: 1.5s\n\
                drain_timeout: 500ms\nmax_concurrent_streams: '7'\nlog_format: text\n\
                pages_url: https://errors.example.com/\n";
    let config = resolved(file).config;
    assert_eq!(config.listen, Listen::Unix("/run/errwire.sock".into()));
    assert_eq!(config.socket_mode, SocketMode::new(0o660));
    assert_eq!((config.admin_listen, config.allow_plaintext), (AdminListen::Off, true));
    assert_eq!((config.max_message_bytes, config.max_header_list_bytes), (Size::mib(1), Size::bytes(500)));
    assert_eq!((config.request_timeout, config.tls_reload_interval), (None, Some(Duration::from_millis(1500))));
    assert_eq!((config.drain_timeout, config.max_concurrent_streams.get()), (Duration::from_millis(500), 7));
    assert_eq!(config.log_format, LogFormat::Text);
    assert_eq!(config.pages_url, PagesUrl::new("https://errors.example.com"));
}

#[test]
fn all_problems_are_found_at_once() {
    let file = "max_conections: 1\nmax_connections: 0\nidle_timeout: 5\nmax-header-list-bytes: 1\nzzz:\n\
                max_connections: 2\n";
    let env = [("ERRWIRE_LISTN", "x"), ("ERRWIRE_ALLOW_PLAINTEXT", "yes"), ("ERRWIRE_QQQ", "")];
    problems(
        sources(file, &env, &[("socket_mode", &["999"]), ("idle_timeout", &["5m"])]),
        &[
            "errwire.yaml:1:1: The key `max_conections` is unknown. Write `max_connections`.",
            "errwire.yaml:2:18: max_connections: `0` is not a number. Write a whole number from 1 to 4294967295.",
            // Found although a flag is stronger.
            "errwire.yaml:3:15: idle_timeout: `5` is not a duration. Write a number and a unit, such as 500ms, 30s, 15m or \
             1h, or off.",
            "errwire.yaml:4:1: The key `max-header-list-bytes` is unknown. Write `max_header_list_bytes`.",
            "errwire.yaml:5:1: The key `zzz` is unknown. Remove it; `errwire serve --print-config` shows the keys.",
            "errwire.yaml:6:1: The key `max_connections` is repeated, after line 2. Keep one of the two.",
            "ERRWIRE_ALLOW_PLAINTEXT: `yes` is neither true nor false. Write true or false.",
            "--socket-mode: `999` is not a mode. Write three octal digits, such as 660.",
        ],
    );
}

/// Kubernetes sets these for a Service that is named `errwire`, and the server must start.
#[test]
fn an_unknown_variable_is_a_warning() {
    let env = [
        ("ERRWIRE_LISTN", "x"),
        ("ERRWIRE_SERVICE_HOST", "10.0.0.1"),
        ("ERRWIRE_PORT_50051_TCP", "tcp://10.0.0.1:50051"),
    ];
    let resolved = sources("", &env, &[]).resolve().unwrap();
    let warnings: Vec<String> = resolved.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "ERRWIRE_LISTN: No setting has this variable. Write ERRWIRE_LISTEN.",
            "ERRWIRE_SERVICE_HOST: No setting has this variable. It is not used.",
            "ERRWIRE_PORT_50051_TCP: No setting has this variable. It is not used.",
        ]
    );
}

/// As problems of catalogs are.
#[test]
fn a_problem_of_a_file_is_shown_with_its_line() {
    let file = "domain: a.example\nmax_connections: none   # of them\n";
    let problems = sources(file, &[], &[("idle_timeout", &["5"])]).resolve().unwrap_err();
    let shown: Vec<String> = problems.iter().map(|problem| problem.shown().to_string()).collect();
    assert_eq!(
        shown,
        [
            "errwire.yaml:2:18: error[invalid-value]: max_connections: `none` is not a number.\n  |\n\
             2 | max_connections: none   # of them\n  |                  ^\n  = Write a whole number from 1 to 4294967295.",
            "--idle-timeout: error[invalid-value]: `5` is not a duration.\n  = Write a number and a unit, such as 500ms, 30s, 15m or \
             1h, or off.",
        ]
    );
}

#[test]
fn a_file_is_one_flat_mapping() {
    let rows: [(&str, &str); 8] = [
        (
            "- a\n- b\n",
            "errwire.yaml:1:1: The file is a list, not a mapping. Write lines such as `max_connections: 1000`.",
        ),
        ("text", "errwire.yaml:1:1: The file is text, not a mapping. Write lines such as `max_connections: 1000`."),
        (
            "listen: {host: a}\n",
            "errwire.yaml:1:9: The value of `listen` is a mapping, not text or a list of texts. Write it on one line.",
        ),
        (
            "catalog: [[a]]\n",
            "errwire.yaml:1:11: An item of `catalog` is a list, not text. Write each item on one line.",
        ),
        ("? [a]\n: b\n", "errwire.yaml:1:3: A key is a list, not text. Write the name of a setting."),
        (
            "domain: a\n---\ndomain: b\n",
            "errwire.yaml:2:1: A second YAML document begins here. Keep one of the two, or put the second into a file of its own.",
        ),
        ("domain: [a, b]\n", "errwire.yaml:1:9: domain: 2 values are given here. Write one."),
        (
            "domain: *a\n",
            "errwire.yaml:1:9: This is not YAML: while parsing node, found unknown anchor. Fix it here or just above; \
             nothing else in the file was checked.",
        ),
    ];
    for (file, expected) in rows {
        problems(sources(file, &[], &[]), &[expected]);
    }
}

#[test]
fn files_of_settings_must_exist() {
    problems(
        sources("catalog: no-such-catalog.yaml\ntls_certificate: no.crt\ntls_key: no.key\n", &[], &[]),
        &[
            "no-such-catalog.yaml: The file cannot be read: No such file or directory (os error 2). Check its name and \
             its permissions.",
            "errwire.yaml:2:18: tls_certificate: no.crt: the file cannot be read: No such file or directory (os error \
             2). Check its name and its permissions.",
        ],
    );
    let mut missing = Sources::default();
    missing.add_file("no-such-file.yaml".as_ref());
    problems(
        missing,
        &[
            "no-such-file.yaml: The file cannot be read: No such file or directory (os error 2). Check its name and its \
             permissions.",
        ],
    );
}

#[test]
fn settings_have_to_fit_each_other() {
    let plain = "is not loopback, so that others could read the traffic without TLS";
    let rows = [
        (
            "tls_key: a",
            "errwire.yaml:1:10: tls_key: `tls_key` is set, and `tls_certificate` is not. Set both for TLS, or none."
                .to_owned(),
        ),
        (
            "tls_client_ca: a",
            "errwire.yaml:1:16: tls_client_ca: Clients show certificates only to a server that has one. Set \
             `tls_certificate` and `tls_key` too."
                .to_owned(),
        ),
        (
            "listen: 0.0.0.0:1",
            format!(
                "errwire.yaml:1:9: listen: 0.0.0.0:1 {plain}. Set `tls_certificate` and `tls_key`, or set \
                 `allow_plaintext`."
            ),
        ),
        (
            "listen: '[::]:1'",
            format!(
                "errwire.yaml:1:9: listen: [::]:1 {plain}. Set `tls_certificate` and `tls_key`, or set `allow_plaintext`."
            ),
        ),
        (
            "admin_listen: 192.0.2.1:1",
            format!("errwire.yaml:1:15: admin_listen: 192.0.2.1:1 {plain}. To have that, set `allow_plaintext`."),
        ),
        (
            "listen: '50051'",
            "errwire.yaml:1:9: listen: Cannot listen on 50051. Write HOST:PORT, such as 127.0.0.1:50051, with a host \
             that has an address."
                .to_owned(),
        ),
    ];
    for (file, expected) in rows {
        problems(sources(file, &[], &[]), &[&expected]);
    }
    for fine in ["listen: '[::1]:0'", "listen: '[::ffff:127.0.0.1]:0'", "listen: 0.0.0.0:0\nallow_plaintext: true"] {
        resolved(fine);
    }
}

#[test]
fn what_is_printed_is_the_same_configuration() {
    let file = "listen: unix:/tmp/a b.sock\ncatalog: []\nproto_path: ['a\"b', c]\nrequest_timeout: off\n";
    let env = [("ERRWIRE_DRAIN_TIMEOUT", "2s")];
    let first = sources(file, &env, &[("max_connections", &["12"])]).resolve().unwrap();
    let printed = first.to_string();
    assert_eq!(resolved(&printed).config, first.config, "{printed}");
    for line in [
        "listen: \"unix:/tmp/a b.sock\"  # errwire.yaml:1:9\n",
        "proto_path: [\"a\\\"b\", \"c\"]  # errwire.yaml:3:13\n",
        "request_timeout: off  # errwire.yaml:4:18\n",
        "drain_timeout: 2s  # ERRWIRE_DRAIN_TIMEOUT\n",
        "max_connections: 12  # --max-connections\n",
        "idle_timeout: 15m  # default\n",
        "tls_key: null  # default\n",
    ] {
        assert!(printed.contains(line), "{line}{printed}");
    }
    let settings = printed.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(settings, Config::SETTINGS.len());
}

#[test]
fn the_documentation_has_every_setting() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md")).unwrap();
    let (_, rest) = page.split_once("<!-- settings: as the server knows them -->\n").unwrap();
    let (table, _) = rest.split_once("<!-- /settings -->\n").unwrap();
    let expected = Config::documentation();
    assert!(table.trim() == expected.trim(), "docs/configuration.md is old; this is the table now:\n\n{expected}");
}

/// A pipe in the place of a certificate would be waited for without end, and rotation would stop in silence.
#[cfg(unix)]
#[test]
fn a_certificate_is_a_file() {
    let folder = crate::support::catalogs::Folder::new("pipe-certificate");
    let pipe = folder.arg("tls.crt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let told = sources("", &[], &[("tls_certificate", &[&pipe]), ("tls_key", &["/dev/zero"])]).resolve().unwrap_err();
    let expected = format!(
        "--tls-certificate: {pipe}: the file cannot be read: it is a pipe, a socket or a device, and not a file."
    );
    assert!(told.to_string().starts_with(&expected), "{told}");
}
