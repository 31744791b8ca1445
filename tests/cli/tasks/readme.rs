//! The README of the example is run: each `curl` line with the real `curl`, each call by the client's own code.
#![cfg(unix)]

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

use super::app;
use super::product::Product;

const README: &str = include_str!("../../../examples/tasks/README.md");
const CLIENT: &str = "cargo run --example tasks -- ";

/// A line that a reader types, and what it shows.
struct Typed {
    /// The status and the kind in the heading above it; none above the sections of errors.
    heading: Option<(u16, &'static str)>,
    line: &'static str,
    output: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_the_readme_works() {
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    let product = Product::start().await;
    let typed = typed();
    let (mut called, mut requested) = (BTreeSet::new(), BTreeSet::new());
    for Typed { heading, line, output } in &typed {
        // "so run these three times"
        let times = if heading.is_some_and(|(status, _)| status == 429) { 3 } else { 1 };
        for time in 1..=times {
            if let Some(args) = line.strip_prefix(CLIENT) {
                let shown = run_client(&product, args).await;
                if time == times {
                    assert_eq!(without_delay(&shown), without_delay(output), "{line}");
                    called.extend(*heading);
                }
            } else if has_curl {
                let (status, shown) = run_curl(&product, line);
                if time == times {
                    assert_eq!(shown, output.trim_end(), "{line}");
                    assert_eq!(status, heading.map_or(200, |(status, _)| status), "{line}");
                    requested.extend(*heading);
                }
            }
        }
        if let Some((_, kind)) = heading {
            assert!(output.contains(kind), "{line}");
        }
    }
    let headings: BTreeSet<_> = sections().collect();
    assert_eq!(called, headings);
    assert!(requested == headings || !has_curl, "{requested:?}");
    product.stop().await;
}

/// A delay counts down, so only its presence can be compared.
fn without_delay(shown: &str) -> String {
    shown.lines().map(|line| if line.starts_with("  try again in ") { "  try again" } else { line }).collect()
}

async fn run_client(product: &Product, args: &str) -> String {
    let args = args.split(' ').map(|arg| if arg == "''" { "" } else { arg });
    let (answers, error) = product.call_for_text(args).await;
    let answers = answers.iter().map(|answer| format!("{answer}\n"));
    answers.chain(error.as_ref().map(app::describe)).collect()
}

/// The status, and the body.
fn run_curl(product: &Product, line: &str) -> (u16, String) {
    let line = line.replace("127.0.0.1:8080", &product.http.to_string());
    let line = format!("{line} --no-progress-meter --noproxy '*' --write-out '\n%{{http_code}}'");
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    let (body, status) = std::str::from_utf8(&output.stdout).unwrap().rsplit_once('\n').unwrap();
    let _: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{line}: {body}"));
    (status.parse().unwrap(), body.to_owned())
}

/// The headings that name a status and a kind.
fn sections() -> impl Iterator<Item = (u16, &'static str)> {
    let titles = README.lines().filter_map(|line| line.strip_prefix("### "));
    titles.map(|title| title.split_once(' ').unwrap()).map(|(status, kind)| (status.parse().unwrap(), kind))
}

fn typed() -> Vec<Typed> {
    let (mut typed, mut heading, mut in_block) = (Vec::<Typed>::new(), None, false);
    let mut sections = sections();
    for line in README.lines() {
        if line.starts_with("### ") {
            heading = sections.next();
        } else if line.starts_with("## ") {
            heading = None;
        } else if line.starts_with("```") {
            in_block = line == "```console";
        } else if let Some(line) = line.strip_prefix("$ ").filter(|_| in_block) {
            assert!(line.starts_with("curl http://127.0.0.1:8080/") || line.starts_with(CLIENT), "{line}");
            typed.push(Typed { heading, line, output: String::new() });
        } else if let Some(last) = typed.last_mut().filter(|_| in_block) {
            last.output += line;
            last.output.push('\n');
        }
    }
    typed
}
