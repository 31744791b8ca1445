//! The service of `main.rs` without errwire: a code and a text over gRPC, a status and a text over HTTP. `.ci/adopt --time`
//! compares how long the two take to compile.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response as HttpResponse},
    routing::get,
};
use tokio::net::TcpListener;
use tonic::{
    Code, Request, Response, Status,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_client::HealthClient,
    health_server::{Health, HealthServer},
};
use tower::ServiceBuilder;

#[derive(Debug, thiserror::Error)]
enum TaskError {
    #[error("Task {task_id} does not exist. Verify the task ID.")]
    TaskNotFound { task_id: u32 },
    #[error("the disk failed")]
    Disk(#[from] std::io::Error),
}

impl From<TaskError> for Status {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::TaskNotFound { .. } => Self::not_found(error.to_string()),
            TaskError::Disk(_) => Self::internal("Try again later."),
        }
    }
}

struct Failed(Status);

impl IntoResponse for Failed {
    fn into_response(self) -> HttpResponse {
        let status = match self.0.code() {
            Code::NotFound => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, self.0.message().to_owned()).into_response()
    }
}

struct Tasks;

#[tonic::async_trait]
impl Health for Tasks {
    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        Err(match &*request.get_ref().service {
            "task_not_found" => TaskError::TaskNotFound { task_id: 7 },
            _ => std::io::Error::other("/dev/sda is on fire").into(),
        })?
    }

    type WatchStream = tokio_stream::Empty<Result<HealthCheckResponse, Status>>;

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Err(Status::unimplemented(""))
    }
}

async fn task(State(mut backend): State<HealthClient<Channel>>, Path(kind): Path<String>) -> Result<String, Failed> {
    let answer = backend.check(HealthCheckRequest { service: kind }).await.map_err(Failed)?;
    Ok(answer.into_inner().status.to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grpc = TcpListener::bind("127.0.0.1:0").await?;
    let address = grpc.local_addr()?;
    let server = Server::builder().add_service(HealthServer::new(Tasks));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(grpc)));

    let channel = Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let backend = HealthClient::new(ServiceBuilder::new().service(channel));
    let http = TcpListener::bind("127.0.0.1:0").await?;
    let facade = format!("http://{}/tasks", http.local_addr()?);
    let router = Router::new().route("/tasks/{kind}", get(task)).with_state(backend);
    tokio::spawn(async move { axum::serve(http, router).await });

    let client = reqwest::Client::builder().no_proxy().build()?;
    let response = client.get(format!("{facade}/task_not_found")).send().await?;
    assert_eq!(response.status(), 404);
    println!("{}", response.text().await?);
    Ok(())
}
