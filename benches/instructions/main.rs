//! The instructions that each layer adds to a call, as callgrind counts them.
//!
//! `cargo bench --bench instructions` needs [valgrind](https://valgrind.org); without it each case runs once, and nothing is
//! counted. A case runs in processes of its own, with and without the layer, with few calls and with many: what is between few
//! and many is the calls alone. The counts are those of one build on one kind of processor, and do not depend on how busy it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the inputs are constants")]

mod cases;

use std::{env, process::Command};

use cases::{CASES, Case};

const FEW: u32 = 100;
const MANY: u32 = 600;

fn main() {
    let args: Vec<_> = env::args().skip(1).collect();
    match &args[..] {
        [run, case, layer, calls] if run == "run" => {
            let case = &CASES[case.parse::<usize>().expect("a number")];
            (case.run)(layer == "with", calls.parse().expect("a number"));
        }
        args if args.iter().any(|arg| arg == "--bench") && has_valgrind() => count(),
        _ => {
            println!("Nothing is counted: that needs `cargo bench`, and valgrind.");
            CASES.iter().for_each(|case| (case.run)(true, 1));
        }
    }
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn count() {
    println!("| layer | of | added by the layer |\n|---|---|--:|");
    for (index, Case { layer, of, .. }) in CASES.iter().enumerate() {
        println!("| `{layer}` | {of} | {} |", per_call(index, "with") - per_call(index, "without"));
    }
}

/// Instructions of one call.
fn per_call(case: usize, layer: &str) -> i64 {
    (instructions(case, layer, MANY) - instructions(case, layer, FEW)) / i64::from(MANY - FEW)
}

/// Instructions of a whole process.
fn instructions(case: usize, layer: &str, calls: u32) -> i64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env::current_exe().unwrap());
    let output = valgrind.args(["run", &case.to_string(), layer, &calls.to_string()]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    // `==7== Collected : 123456`
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    collected.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("valgrind failed: {text}"))
}
