//! What each layer costs in calls a second, over loopback.
//!
//! `cargo bench --bench layers` prints the throughput of an echo with a layer, divided by that without. Rounds with and
//! without take turns in one run, and the median of the ratios of neighbours is what counts, so that a busy machine slows
//! both. All servers share one thread, and the client has another.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

mod grpc;
mod http;
mod rounds;

use std::{env, thread};

use errwire::layer::{GrpcClientLayer, HttpClientLayer};
use tokio::runtime::{Builder, Runtime};
use tower::Layer as _;

use grpc::Shape;
use rounds::Rounds;

fn main() {
    // `cargo test --benches` wants to see it run, no more.
    let rounds = if env::args().any(|arg| arg == "--bench") { 1001 } else { 1 };
    let only = env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    println!("| layer | calls | without, calls a second | with | ratio | middle half |\n|---|---|--:|--:|--:|--:|");
    let rounds = Rounds { runtime: runtime(), rounds, only };
    over_grpc(&rounds);
    over_http(&rounds);
}

fn over_grpc(rounds: &Rounds) {
    let servers = grpc::start();
    let channel = |address| rounds.runtime.block_on(grpc::connect(address));
    // What the noise is.
    let alike = || grpc::calls(channel(servers.bare), Shape::Unary);
    rounds.compare("none", Shape::Unary.name(), Shape::Unary.calls(), alike(), alike());
    for shape in [Shape::Unary, Shape::Deadline, Shape::Stream, Shape::Fails] {
        let [bare, layered] = [channel(servers.bare), channel(servers.grpc_server)];
        rounds.compare(
            "`GrpcServerLayer`",
            shape.name(),
            shape.calls(),
            grpc::calls(bare, shape),
            grpc::calls(layered, shape),
        );
    }
    for shape in [Shape::Unary, Shape::Stream, Shape::Fails] {
        let [bare, below] = [channel(servers.bare), channel(servers.bare)];
        let layered = GrpcClientLayer::default().layer(below);
        rounds.compare(
            "`GrpcClientLayer`",
            shape.name(),
            shape.calls(),
            grpc::calls(bare, shape),
            grpc::calls(layered, shape),
        );
    }
    let [bare, layered] = [channel(servers.bare), channel(servers.http_server)];
    let shape = Shape::Unary;
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
    for (name, path, calls) in [("HTTP", "/fine", 640), ("failing HTTP", "/fails", 640)] {
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
