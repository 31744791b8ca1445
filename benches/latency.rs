//! How long a call takes next to a bare tonic service with messages of the same size, and how much memory the server has.
//!
//! `cargo bench --bench latency` prints percentiles in turns of both, each server in a process of its own with its metrics and
//! its log. `-- --soak MINUTES` goes on with full load for so long, `-- --kinds NUMBER` with a catalog of so many kinds.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

mod echo;
mod processes;

use std::{
    env,
    fmt::Write as _,
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use errwire::service::pb::error_mapping_service_client::ErrorMappingServiceClient;
use tokio::{runtime, task::JoinSet, time};
use tonic::transport::{Channel, Endpoint};

use echo::requests::{to_grpc, to_http};
use processes::Process;

type Client = ErrorMappingServiceClient<Channel>;

/// How many calls are in flight at once.
const AT_ONCE: usize = 32;
/// How many turns each server has, and how long each is.
const TURNS: u32 = 12;
const TURN: Duration = Duration::from_secs(2);
/// Calls a second where the load is given and not as much as there can be.
const RATES: [u32; 2] = [1_000, 4_000];

fn main() {
    if processes::is_echo() {
        return;
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // `cargo test --benches` wants to see it run, no more.
        let is_measured = env::args().any(|argument| argument == "--bench");
        side_by_side(if is_measured { TURNS } else { 1 }).await;
        if let Some(minutes) = argument("--soak") {
            soak(minutes).await;
        }
        if let Some(kinds) = argument("--kinds") {
            many_kinds(kinds).await;
        }
    });
}

fn argument(name: &str) -> Option<u64> {
    env::args().skip_while(|argument| argument != name).nth(1).map(|value| value.parse().unwrap())
}

/// Turns of both, so that what else the machine does falls on both.
async fn side_by_side(turns: u32) {
    let servers = [Process::echo(), Process::errwire(None)];
    let mut clients = Vec::new();
    for server in &servers {
        let client = connect(server).await;
        closed(&client, TURN / 4).await;
        clients.push(client);
    }
    println!(
        "{:32} {:>9} {:>9} {:>8} {:>9} {:>9} {:>8} {:>9} {:>9}",
        "", "echo p50", "errwire", "ratio", "echo p99", "errwire", "ratio", "echo busy", "errwire"
    );
    for load in [None, Some(RATES[0]), Some(RATES[1])] {
        let mut took = [Took::default(), Took::default()];
        for turn in 0..turns {
            // Each is first as often as the other.
            for at in 0..2 {
                let at = (at + turn as usize) % 2;
                let busy = servers[at].busy();
                took[at].add(match load {
                    None => closed(&clients[at], TURN).await,
                    Some(rate) => open(&clients[at], rate, TURN).await,
                });
                took[at].1 += servers[at].busy() - busy;
            }
        }
        let name = load.map(|rate| format!("{rate} a second"));
        row(&name.unwrap_or_else(|| format!("{AT_ONCE} at once, one after the other")), &mut took);
    }
}

/// As many calls as the server answers, for so long.
async fn soak(minutes: u64) {
    let server = Process::errwire(None);
    let before = server.memory();
    let client = connect(&server).await;
    let mut calls = 0;
    print!("memory in MiB: {before:.1} at the start");
    for minute in 1..=minutes {
        calls += closed(&client, Duration::from_secs(60)).await.len();
        print!(", {:.1} after {minute} min", server.memory());
    }
    println!("; {calls} calls, {:.0} a second", calls as f64 / (minutes * 60) as f64);
}

async fn many_kinds(kinds: u64) {
    let mut catalog = String::from("domain: bench.example\nkinds:\n");
    for kind in 0..kinds {
        let message = format!("Thing {{thing_id}} of sort {kind} does not exist. Verify the ID.");
        writeln!(catalog, "  thing_{kind}_not_found: {{ status: 404, code: NOT_FOUND, message: \"{message}\" }}")
            .unwrap();
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latency.yaml");
    fs::write(&path, catalog).unwrap();
    let began = Instant::now();
    let server = Process::errwire(Some(&path));
    let (started, before) = (began.elapsed(), server.memory());
    let client = connect(&server).await;
    let mut took = Took::default();
    took.add(closed(&client, TURN * TURNS).await);
    println!(
        "{kinds} kinds: serves after {:.1} s, memory {before:.1} MiB at the start, {:.1} MiB after {} calls; p50 {:.2} ms, p99 {:.2} ms",
        started.as_secs_f64(),
        server.memory(),
        took.0.len(),
        took.percentile(50),
        took.percentile(99),
    );
}

async fn connect(server: &Process) -> Client {
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).unwrap();
    Client::new(endpoint.tcp_nodelay(true).connect().await.unwrap())
}

/// Both directions in turn.
async fn call(client: &mut Client, number: usize) {
    match number % 2 {
        0 => drop(client.grpc_to_http(to_http()).await.unwrap()),
        _ => drop(client.http_to_grpc(to_grpc()).await.unwrap()),
    }
}

/// Each caller waits for its response before its next call.
async fn closed(client: &Client, during: Duration) -> Vec<Duration> {
    let until = Instant::now() + during;
    let mut callers = JoinSet::new();
    for first in 0..AT_ONCE {
        let mut client = client.clone();
        callers.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < until {
                let began = Instant::now();
                call(&mut client, first + took.len()).await;
                took.push(began.elapsed());
            }
            took
        });
    }
    callers.join_all().await.concat()
}

/// So many calls a second, whether or not earlier ones have their responses. A call begins when it should, so that one which
/// has to wait for its turn is late.
async fn open(client: &Client, rate: u32, during: Duration) -> Vec<Duration> {
    let took = Arc::new(Mutex::new(Vec::new()));
    let (began, each) = (time::Instant::now(), Duration::from_secs(1) / rate);
    let mut calls = JoinSet::new();
    let mut tick = time::interval(Duration::from_millis(1));
    let mut number = 0;
    while began.elapsed() < during {
        tick.tick().await;
        while each * number <= began.elapsed() {
            let (mut client, took, due) = (client.clone(), took.clone(), began + each * number);
            calls.spawn(async move {
                call(&mut client, number as usize).await;
                took.lock().unwrap().push(due.elapsed());
            });
            number += 1;
        }
    }
    calls.join_all().await;
    Arc::into_inner(took).unwrap().into_inner().unwrap()
}

/// What calls took, and how long the server was on a processor for all of them.
#[derive(Default)]
struct Took(Vec<Duration>, Duration);

impl Took {
    fn add(&mut self, more: Vec<Duration>) {
        self.0.extend(more);
    }

    /// In milliseconds.
    fn percentile(&mut self, percent: usize) -> f64 {
        self.0.sort_unstable();
        let at = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[at].as_secs_f64() * 1000.0
    }
}

fn row(name: &str, [echo, errwire]: &mut [Took; 2]) {
    print!("{name:32}");
    for percent in [50, 99] {
        let (echo, errwire) = (echo.percentile(percent), errwire.percentile(percent));
        print!(" {echo:6.3} ms {errwire:6.3} ms {:8.2}", errwire / echo);
    }
    let busy = [echo, errwire].map(|took| took.1.as_secs_f64() * 1e6 / took.0.len() as f64);
    println!(" {:6.1} us {:6.1} us", busy[0], busy[1]);
}
