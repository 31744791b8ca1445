use super::*;

#[test]
fn sentences() {
    for (text, expected) in [
        ("Gone.", true),
        ("Gone", false),
        ("Is it gone?", true),
        ("(Gone.)", true),
        ("なくなりました。", true),
        ("Gone:", false),
    ] {
        assert_eq!(ends_as_sentence(text), expected, "{text}");
    }
}

#[test]
fn guidance() {
    for (text, expected) in [
        ("The task is gone.", false),
        ("The task is gone. Another may do.", true),
        ("Wait a day.", true),
        ("Version 1.5 is gone.", false),
    ] {
        assert_eq!(guides(text), expected, "{text}");
    }
}

#[test]
fn internal_keys() {
    let rows = [
        ("host", Some("host")),
        ("upstreamHost", Some("host")),
        ("pod-name", Some("host")),
        ("ip", Some("host")),
        ("file_path", Some("path")),
        ("sqlState", Some("query")),
        ("task_id", None),
        ("ghost", None),
        ("recipe", None),
    ];
    for (key, expected) in rows {
        assert_eq!(internal_key(key), expected, "{key}");
    }
}

#[test]
fn placeholders() {
    for (text, expected) in
        [("{TaskId} is gone", Some("TaskId")), ("{id} {a b}", Some("a b")), ("{id}", None), ("{} { {{id}}", None)]
    {
        assert_eq!(mistaken_placeholder(text, &["id"]), expected, "{text}");
    }
}
