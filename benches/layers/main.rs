//! What each layer costs in calls a second, over loopback.
//!
//! `cargo bench --bench layers` prints the throughput of an echo with a layer, divided by that without. Rounds with and
//! without take turns, and each is compared with its neighbour, so that a busy machine slows both. How fast the same code is
//! differs by a hundredth from process to process, with where its memory happens to lie: that is as much as a layer costs, so the
//! rounds are those of many processes. All servers of one share one thread, and the client has another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the inputs are constants")]

mod grpc;
mod http;
mod rounds;
mod table;

use std::{
    env,
    process::{Command, Stdio},
    thread,
};

use errwire::layer::{GrpcClientLayer, HttpClientLayer};
use tokio::runtime::{Builder, Runtime};
use tower::Layer as _;

use grpc::Shape;
use rounds::Rounds;
use table::Table;

const PROCESSES: usize = 60;
/// Of each row in each process.
const ROUNDS: usize = 41;

fn main() {
    let args: Vec<_> = env::args().skip(1).collect();
    match &args[..] {
        [run, order, only] if run == "run" => self::run(ROUNDS, order == "reversed", only),
        args if args.iter().any(|arg| arg == "--bench") => {
            compare(args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str));
        }
        // `cargo test --benches` wants to see it run, no more.
        _ => run(1, false, ""),
    }
}

/// Compares the rows that have `only` in their names.
fn compare(only: &str) {
    let mut table = Table::default();
    for index in 0..PROCESSES {
        let order = if index % 2 == 0 { "in order" } else { "reversed" };
        let mut process = Command::new(env::current_exe().unwrap());
        let output = process.args(["run", order, only]).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success());
        table.add(str::from_utf8(&output.stdout).unwrap());
    }
    table.print();
}

fn run(rounds: usize, is_reversed: bool, only: &str) {
    let rounds = Rounds { runtime: runtime(), rounds, is_reversed, only: only.to_owned() };
    over_grpc(&rounds);
    over_http(&rounds);
}

fn over_grpc(rounds: &Rounds) {
    let servers = grpc::start();
    let channel = |address| rounds.runtime.block_on(grpc::connect(address));
    // What the noise is.
    let (one, other) = rounds.make(|| channel(servers.bare), || channel(servers.bare));
    let shape = Shape::Unary;
    rounds.compare("none", shape.name(), shape.calls(), grpc::calls(one, shape), grpc::calls(other, shape));
    for shape in [Shape::Unary, Shape::Deadline, Shape::Stream, Shape::Fails] {
        let (bare, layered) = rounds.make(|| channel(servers.bare), || channel(servers.grpc_server));
        rounds.compare(
            "`GrpcServerLayer`",
            shape.name(),
            shape.calls(),
            grpc::calls(bare, shape),
            grpc::calls(layered, shape),
        );
    }
    for shape in [Shape::Unary, Shape::Stream, Shape::Fails] {
        let (bare, below) = rounds.make(|| channel(servers.bare), || channel(servers.bare));
        let layered = GrpcClientLayer::default().layer(below);
        rounds.compare(
            "`GrpcClientLayer`",
            shape.name(),
            shape.calls(),
            grpc::calls(bare, shape),
            grpc::calls(layered, shape),
        );
    }
    let (bare, layered) = rounds.make(|| channel(servers.bare), || channel(servers.http_server));
    rounds.compare(
        "`HttpServerLayer`",
        "unary gRPC",
        shape.calls(),
        grpc::calls(bare, shape),
        grpc::calls(layered, shape),
    );
}

fn over_http(rounds: &Rounds) {
    let servers = http::start();
    for (name, path, calls) in [("HTTP", "/fine", 640), ("failing HTTP", http::FAILS, 640)] {
        let [bare, layered] = [http::calls(servers.bare, path), http::calls(servers.http_server, path)];
        rounds.compare("`HttpServerLayer`", name, calls, bare, layered);
        let layered = http::calls_through(&HttpClientLayer::default(), servers.bare, path);
        rounds.compare("`HttpClientLayer`", name, calls, http::calls(servers.bare, path), layered);
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs servers on a thread of their own, for as long as the process lives.
fn host(servers: impl Future<Output = ()> + Send + 'static) {
    thread::spawn(move || runtime().block_on(servers));
}
