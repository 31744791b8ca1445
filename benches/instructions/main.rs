//! Instructions, as callgrind counts them: what each layer adds to a call, and what a translation takes by errwire and by hand.
//!
//! `cargo bench --bench instructions` needs [valgrind](https://valgrind.org); without it each case runs once, and nothing is
//! counted. A case runs in processes of its own, with few calls and with many: what is between few and many is the calls
//! alone. The counts are those of one build on one kind of processor, and do not depend on how busy it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the inputs are constants")]

#[expect(dead_code, reason = "the other benches use the rest")]
#[path = "../baseline/mod.rs"]
mod baseline;
mod cases;
#[expect(dead_code, reason = "the other benches use the rest")]
#[path = "../pairs/input.rs"]
mod input;
mod translations;

use std::{env, process::Command};

use cases::{CASES, Case};
use translations::{By, READINGS, TRANSLATIONS};

const FEW: u32 = 100;
const MANY: u32 = 600;

fn main() {
    let args: Vec<_> = env::args().skip(1).collect();
    match &args[..] {
        [run, table, case, way, calls] if run == "run" => {
            let number = |text: &str| text.parse::<usize>().expect("a number");
            run_case(table, number(case), number(way), number(calls) as u32);
        }
        args if args.iter().any(|arg| arg == "--bench") && has_valgrind() => count(),
        _ => {
            println!("Nothing is counted: that needs `cargo bench`, and valgrind.");
            for (table, cases) in
                [("layers", CASES.len()), ("translations", TRANSLATIONS.len()), ("readings", READINGS.len())]
            {
                (0..cases).for_each(|case| run_case(table, case, 1, 1));
            }
        }
    }
}

fn run_case(table: &str, case: usize, way: usize, calls: u32) {
    match table {
        "layers" => (CASES[case].run)(way == 1, calls),
        "translations" => TRANSLATIONS[case].run(By::ALL[way], calls),
        "readings" => READINGS[case].run(By::ALL[way], calls),
        other => panic!("there is no table {other}"),
    }
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn count() {
    println!("| layer | of | added by the layer |\n|---|---|--:|");
    for (index, Case { layer, of, .. }) in CASES.iter().enumerate() {
        println!("| `{layer}` | {of} | {} |", per_call("layers", index, 1) - per_call("layers", index, 0));
    }
    println!("\n| from → to | input | by hand | `ErrorRef` | `Error` |\n|---|---|--:|--:|--:|");
    for (index, translation) in TRANSLATIONS.iter().enumerate() {
        let [hand, borrowed, owned] = [0, 1, 2].map(|way| per_call("translations", index, way));
        println!("| {} | {} | {hand} | {borrowed} | {owned} |", translation.from_to, translation.input);
    }
    println!("\n| dialect | `ErrorRef` | `Error` |\n|---|--:|--:|");
    for (index, reading) in READINGS.iter().enumerate() {
        let [borrowed, owned] = [1, 2].map(|way| per_call("readings", index, way));
        println!("| {} | {borrowed} | {owned} |", reading.dialect);
    }
}

/// Instructions of one call.
fn per_call(table: &str, case: usize, way: usize) -> i64 {
    (instructions(table, case, way, MANY) - instructions(table, case, way, FEW)) / i64::from(MANY - FEW)
}

/// Instructions of a whole process.
fn instructions(table: &str, case: usize, way: usize, calls: u32) -> i64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env::current_exe().unwrap());
    let output =
        valgrind.args(["run", table, &case.to_string(), &way.to_string(), &calls.to_string()]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    // `==7== Collected : 123456`
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    collected.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("valgrind failed: {text}"))
}
