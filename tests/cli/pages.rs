//! What the pages for people say is true: commands print what is shown, tables are those of the catalog, links lead
//! somewhere. Their Rust is compiled as documentation tests, and their Python runs in `tests/foreign/python`.

mod page;

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Command,
    thread,
};

use crate::support::binary::Serving;
use errwire::{Catalog, Kind};
use page::{Example, Page};
use serde_json::Value;

/// The kinds of the public API reference, in its order.
const REFERENCE: [&str; 11] = [
    "token_missing",
    "token_invalid",
    "project_required",
    "request_invalid",
    "url_required",
    "format_unsupported",
    "task_not_found",
    "run_not_found",
    "automation_not_found",
    "payment_required",
    "internal_error",
];

/// Where `errwire serve` listens; a test takes a free port.
const ADDRESS: &str = "127.0.0.1:50051";

/// Somebody's API, which a test stands in for.
const API: &str = "https://api.example.com";

/// The same of its admin listener.
const ADMIN_ADDRESS: &str = "127.0.0.1:50052";

#[test]
fn commands_print_what_is_shown() {
    let mut count = 0;
    for page in Page::all() {
        for Example { command, output } in page.console() {
            if let Some(args) = command.strip_prefix("errwire serve") {
                let server = Serving::start(&args.split_whitespace().collect::<Vec<_>>());
                let shown = output.replace(ADDRESS, &server.address().to_string());
                let shown = shown.replace(ADMIN_ADDRESS, &server.admin_address().to_string());
                let printed = [&*server.first_line, &server.second_line, &server.third_line].concat();
                assert_eq!(printed, shown, "{}: {command}", page.name);
            } else if command.contains(API) {
                let printed = run(&command.replace(API, &format!("http://{}", api())));
                assert_eq!(printed, output, "{}: {command}", page.name);
            } else if command.contains(ADDRESS) {
                let server = Serving::start(&[]);
                let printed = run(&command.replace(ADDRESS, &server.address().to_string()));
                assert_eq!(normal(&printed), normal(&output), "{}: {command}", page.name);
            } else {
                assert_eq!(normal(&run(&command)), normal(&output), "{}: {command}", page.name);
            }
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} examples were found");
}

/// Answers one request as an API does that has no such task.
fn api() -> SocketAddr {
    const BODY: &str = r#"{"kind": "task_not_found", "message": "Task tsk_1 does not exist."}"#;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let lines = BufReader::new(&socket).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        assert_eq!(head[0], "GET /v1/tasks/tsk_1 HTTP/1.1");
        let length = BODY.len();
        write!(
            socket,
            "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{BODY}"
        )
        .unwrap();
    });
    address
}

/// Runs a command line of a page, where the page's reader is: in the root of the package, with `errwire` in the path.
fn run(command: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_errwire")).parent().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([folder.to_owned()].into_iter().chain(env::split_paths(&path))).unwrap();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// JSON is broken into lines on the pages, so there only what is between the blanks counts, order included.
fn normal(output: &str) -> String {
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(output).into_iter().collect();
    match values {
        Ok(values) => values.iter().map(|value| format!("{value}\n")).collect(),
        Err(_) => output.to_owned(),
    }
}

#[test]
fn the_tables_of_kinds_are_those_of_the_catalog() {
    let page = Page::read("docs/catalogs.md");
    let catalog = Catalog::builtin();
    let reference = REFERENCE.map(|name| catalog.get(name).unwrap());
    assert_eq!(page.between("<!-- kinds: reference -->", "<!-- end -->"), table(reference.iter()));
    let generic = catalog.iter().filter(|kind| !REFERENCE.contains(&kind.as_str()));
    assert_eq!(page.between("<!-- kinds: generic -->", "<!-- end -->"), table(generic));
}

fn table<'a>(kinds: impl Iterator<Item = &'a Kind>) -> String {
    let row = |kind: &Kind| {
        let entry = kind.entry().unwrap();
        format!("| `{kind}` | {} | {} | {} |\n", entry.status, entry.code.name(), entry.description)
    };
    format!("| kind | status | code | description |\n|---|---|---|---|\n{}", kinds.map(row).collect::<String>())
}

#[test]
fn examples_of_catalogs_load() {
    let examples: Vec<_> = Page::all().iter().flat_map(|page| page.blocks("yaml")).collect();
    assert!(!examples.is_empty());
    for example in examples.iter().filter(|example| example.starts_with("domain:")) {
        let loaded = Catalog::from_yaml_with_warnings("example.yaml", example);
        assert!(loaded.as_ref().is_ok_and(|(_, warnings)| warnings.is_empty()), "{loaded:?}\n{example}");
    }
}

#[test]
fn every_feature_is_explained() {
    let manifest = include_str!("../../Cargo.toml");
    let (_, features) = manifest.split_once("\n[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let names = features.lines().filter_map(|line| Some(line.split_once(" = ")?.0));
    for (page, row) in [("docs/guide.md", "| `"), ("src/lib.rs", "//! | `")] {
        let page = Page::read(page);
        for name in names.clone().filter(|name| *name != "default" && !name.starts_with('#')) {
            assert!(page.text.contains(&format!("{row}{name}` |")), "{} does not explain {name}", page.name);
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for page in Page::all() {
        let folder = Path::new(&page.name).parent().unwrap();
        for link in page.links().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { page.name.clone().into() } else { folder.join(file) };
            let leads = root.join(&file).exists()
                && (heading.is_empty() || Page::read(&file.to_string_lossy()).headings().any(|known| known == heading));
            if !leads {
                broken.push(format!("{}: {link}", page.name));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_pages_are_all_here() {
    let names: BTreeSet<_> = Page::all().into_iter().map(|page| page.name).collect();
    for name in ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "docs/architecture.md"] {
        assert!(names.contains(name), "{name} is missing among {names:?}");
    }
}

/// What is published: no tests of ours, and all that its README leads to.
#[test]
fn the_packages_hold_what_users_need() {
    for (package, readme) in [("errwire", "README.md"), ("errwire-derive", "derive/README.md")] {
        let list = Command::new(env!("CARGO"))
            .args(["package", "--list", "--allow-dirty", "--offline", "--package", package])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let files: BTreeSet<&str> = list.lines().collect();
        assert!(files.contains("README.md") && files.contains("src/lib.rs"), "{package}: {list}");
        let unneeded = ["tests/", "benches/", "fuzz/", "deploy/", ".ci/", "examples/own_errors/", "examples/adopt/"];
        for file in &files {
            assert!(!unneeded.iter().any(|folder| file.starts_with(folder)), "{package} holds {file}");
        }
        for link in Page::read(readme).links().filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap();
            assert!(files.contains(file), "{package}: the README leads to {file}, which is not published");
        }
    }
}
