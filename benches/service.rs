//! The service over loopback, next to a bare tonic service that answers with messages of the same size.
//!
//! `cargo bench --bench service` prints how many translations a second each does in one run. Server and client each have
//! one thread.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

mod echo;

use std::{net::SocketAddr, sync::mpsc, thread};

use divan::{Bencher, counter::ItemsCount};
use errwire::{
    Translator,
    server::{App, serve},
    service::{
        ErrorMapping,
        pb::{TranslateRequest, error_mapping_service_client, translate_request},
    },
};
use tokio::{net::TcpListener, runtime, task::JoinSet};
use tokio_stream::StreamExt as _;
use tonic::transport::{Channel, Endpoint};

use echo::{
    Echo,
    requests::{to_grpc, to_http},
};

type Client = error_mapping_service_client::ErrorMappingServiceClient<Channel>;

/// How many calls, or items of a stream, one iteration makes, and how many calls are in flight at once.
const CALLS: usize = 640;
const AT_ONCE: usize = 32;

const SERVICES: [&str; 2] = ["echo", "errwire"];

fn main() {
    divan::main();
}

/// `GrpcToHttp`, one call a translation.
#[divan::bench(args = SERVICES)]
fn unary_grpc_to_http(bencher: Bencher<'_, '_>, service: &str) {
    unary(bencher, service, |mut client| async move { drop(client.grpc_to_http(to_http()).await.unwrap()) });
}

/// `HttpToGrpc`, one call a translation.
#[divan::bench(args = SERVICES)]
fn unary_http_to_grpc(bencher: Bencher<'_, '_>, service: &str) {
    unary(bencher, service, |mut client| async move { drop(client.http_to_grpc(to_grpc()).await.unwrap()) });
}

fn unary<F: Future<Output = ()> + Send + 'static>(
    bencher: Bencher<'_, '_>,
    service: &str,
    call: impl Fn(Client) -> F + Clone + Send + 'static,
) {
    let (runtime, client) = start(service);
    bencher.counter(ItemsCount::new(CALLS)).bench_local(|| {
        runtime.block_on(async {
            let mut workers = JoinSet::new();
            for _ in 0..AT_ONCE {
                let (client, call) = (client.clone(), call.clone());
                workers.spawn(async move {
                    for _ in 0..CALLS / AT_ONCE {
                        call(client.clone()).await;
                    }
                });
            }
            workers.join_all().await;
        });
    });
}

/// `Translate`, one call for all, both directions in turn.
#[divan::bench(args = SERVICES)]
fn stream(bencher: Bencher<'_, '_>, service: &str) {
    let (runtime, mut client) = start(service);
    bencher.counter(ItemsCount::new(CALLS)).bench_local(|| {
        runtime.block_on(async {
            let requests = tokio_stream::iter(0..CALLS).map(|at| TranslateRequest {
                id: at.to_string(),
                request: Some(match at % 2 {
                    0 => translate_request::Request::GrpcToHttp(to_http()),
                    _ => translate_request::Request::HttpToGrpc(to_grpc()),
                }),
            });
            let answers = client.translate(requests).await.unwrap().into_inner();
            assert_eq!(answers.fold(0, |count, answer| count + usize::from(answer.is_ok())).await, CALLS);
        });
    });
}

/// A server on a thread of its own, for as long as the process lives, and a connection to it.
fn start(service: &str) -> (runtime::Runtime, Client) {
    let is_echo = service == "echo";
    let (send, address) = mpsc::channel::<SocketAddr>();
    thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(listener.local_addr().unwrap()).unwrap();
            if is_echo {
                echo::serve(listener, Echo::of(&ErrorMapping::new(Translator::default()))).await;
            } else {
                serve(listener, App::new(Translator::default()), std::future::pending()).await.unwrap();
            }
        });
    });
    let runtime = runtime();
    let endpoint = Endpoint::from_shared(format!("http://{}", address.recv().unwrap())).unwrap();
    let channel = runtime.block_on(endpoint.connect()).unwrap();
    (runtime, Client::new(channel))
}

fn runtime() -> runtime::Runtime {
    runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
