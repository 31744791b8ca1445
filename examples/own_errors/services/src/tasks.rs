//! The service that runs tasks.

use errwire::{Error, Kind, Translator, layer::GrpcServerLayer};
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    transport::{self, Server, server::TcpIncoming},
};

use crate::pb::{
    StartTaskRequest, StartTaskResponse,
    tasks_service_server::{TasksService, TasksServiceServer},
};

/// Runs tasks, or says why not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tasks;

impl Tasks {
    fn start(&self, task_id: &str) -> errwire::Result<String> {
        match task_id {
            "tsk_1" => Ok("run_1".to_owned()),
            "tsk_busy" => Err(acme_errors::quota_exhausted(10, "rockets")),
            "tsk_lost" => Err(acme_errors::worker_lost("w7")),
            // As a newer server would: a kind that this version of the errors does not have.
            "tsk_archived" => Err(Error::new(Kind::new("task_archived").unwrap_or(acme_errors::WORKER_LOST))),
            _ => Err(acme_errors::task_not_found(task_id)),
        }
    }
}

#[tonic::async_trait]
impl TasksService for Tasks {
    async fn start_task(&self, request: Request<StartTaskRequest>) -> Result<Response<StartTaskResponse>, Status> {
        let run_id = self.start(&request.get_ref().task_id)?;
        Ok(Response::new(StartTaskResponse { run_id }))
    }
}

/// Serves, with the layer that names, withholds and bounds errors by the catalog.
pub async fn serve(listener: TcpListener) -> Result<(), transport::Error> {
    let layer = GrpcServerLayer::new(Translator::new(acme_errors::catalog()));
    let server = Server::builder().layer(layer).add_service(TasksServiceServer::new(Tasks));
    server.serve_with_incoming(TcpIncoming::from(listener)).await
}
