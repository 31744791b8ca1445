//! A team's service by the README alone: an error enum, a tonic server that returns it, an axum facade in front, and a
//! client with reqwest. `.ci/adopt` makes a crate of it, and every kind has to arrive typed.

use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use errwire::{
    Audience, Error, Kinds, RequestExt, StatusExt, Translator, kinds,
    layer::{GrpcClient, GrpcClientLayer, GrpcServerLayer, HttpServerLayer},
};
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_client::HealthClient,
    health_server::{Health, HealthServer},
};
use tower::ServiceBuilder;

/// What the service fails with; its clients have the same enum.
#[derive(Debug, thiserror::Error, Kinds)]
#[errwire(domain = "api.example.com")]
enum TaskError {
    #[error("no task {task_id} in the database")]
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} does not exist. Verify the task ID.")]
    TaskNotFound { task_id: u32 },
    #[error("{owner} has the lock")]
    #[kind(status = 423, code = FAILED_PRECONDITION, message = "{owner} edits this task. Try again later.")]
    TaskLocked { owner: String },
    #[error("quota of {limit} is used up")]
    #[kind(
        status = 429,
        code = RESOURCE_EXHAUSTED,
        message = "All {limit} tasks of today are used. Wait for tomorrow.",
        retry = after_backoff
    )]
    QuotaExhausted { limit: u32 },
    #[error("not paid")]
    #[kind(kinds::PAYMENT_REQUIRED)]
    NotPaid,
    #[error("the disk failed")]
    #[kind(kinds::INTERNAL_ERROR)]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    #[kind(transparent)]
    Other(Error),
}

/// Fails with the kind of this name.
fn fail(kind: &str) -> Result<HealthCheckResponse, TaskError> {
    Err(match kind {
        "task_not_found" => TaskError::TaskNotFound { task_id: 7 },
        "task_locked" => TaskError::TaskLocked { owner: "Ann".into() },
        "quota_exhausted" => TaskError::QuotaExhausted { limit: 10 },
        "payment_required" => TaskError::NotPaid,
        "internal_error" => std::io::Error::other("/dev/sda is on fire").into(),
        other => match TaskError::catalog().get(other) {
            Some(kind) => TaskError::Other(Error::new(kind.clone())),
            None => return Ok(HealthCheckResponse::default()),
        },
    })
}

/// A client of this service has the variant back, with its fields.
fn check(error: &Error, expected: &str) {
    assert_eq!(error.kind().as_str(), expected, "{error:?}");
    let entry =
        TaskError::catalog().get(expected).and_then(|kind| kind.entry().cloned()).expect("a kind of the catalog");
    assert_eq!((error.status(), error.code()), (entry.status, entry.code), "{error:?}");
    let typed = TaskError::try_from(error);
    let is_same = match &typed {
        Ok(TaskError::TaskNotFound { task_id }) => expected == "task_not_found" && *task_id == 7,
        Ok(TaskError::TaskLocked { owner }) => expected == "task_locked" && owner == "Ann",
        Ok(TaskError::QuotaExhausted { limit }) => expected == "quota_exhausted" && *limit == 10,
        Ok(TaskError::NotPaid) => expected == "payment_required",
        Ok(TaskError::Other(error)) => error.kind().as_str() == expected,
        // A cause stays in the process where it was.
        Ok(TaskError::Disk(_)) | Err(_) => false,
    };
    assert!(is_same, "{expected} came back as {typed:?}");
}

struct Tasks;

#[tonic::async_trait]
impl Health for Tasks {
    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        Ok(Response::new(fail(&request.get_ref().service)?))
    }

    type WatchStream = tokio_stream::Empty<Result<HealthCheckResponse, Status>>;

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        panic!("the layer answers")
    }
}

type Backend = HealthClient<GrpcClient<Channel>>;

async fn task(State(mut backend): State<Backend>, Path(kind): Path<String>) -> errwire::Result<String> {
    let answer = backend.check(HealthCheckRequest { service: kind }).await?;
    Ok(answer.into_inner().status.to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let translator = Translator::new(TaskError::catalog());

    let grpc = TcpListener::bind("127.0.0.1:0").await?;
    let address = grpc.local_addr()?;
    let layer = GrpcServerLayer::new(translator.clone());
    let server = Server::builder().layer(layer).add_service(HealthServer::new(Tasks));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(grpc)));

    let channel = Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let layer = GrpcClientLayer::new(translator.clone());
    let mut backend = Backend::new(ServiceBuilder::new().layer(layer).service(channel));

    let http = TcpListener::bind("127.0.0.1:0").await?;
    let facade = format!("http://{}/tasks", http.local_addr()?);
    let layer = HttpServerLayer::new(translator.clone()).with_audience(Audience::Public);
    let router = Router::new().route("/tasks/{kind}", get(task)).with_state(backend.clone()).layer(layer);
    tokio::spawn(async move { axum::serve(http, router).await });

    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut count = 0;
    for kind in TaskError::catalog().iter().map(|kind| kind.as_str()) {
        let status = backend.check(HealthCheckRequest { service: kind.into() }).await.expect_err(kind);
        check(&status.to_errwire_with(&translator), kind);

        let response = client.get(format!("{facade}/{kind}")).send_for_kind_with(&translator).await;
        let error = response.expect_err(kind);
        check(&error, kind);
        assert!(!format!("{error:?}").contains("/dev/sda"), "{error:?}");
        count += 1;
    }
    let fine = client.get(format!("{facade}/none")).send_for_kind().await?;
    assert_eq!(fine.text().await?, "0");
    println!("{count} kinds arrived typed, over gRPC and over HTTP");
    Ok(())
}
