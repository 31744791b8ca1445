//! The service that has tasks run, and decides what to do when they do not.

use std::time::Duration;

use errwire::{
    StatusExt, Translator,
    layer::{GrpcClient, GrpcClientLayer},
};
use tonic::transport::Channel;
use tower::ServiceBuilder;

use crate::pb::{StartTaskRequest, tasks_service_client::TasksServiceClient};

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Outcome {
    /// It runs, under this ID.
    Running(String),
    /// It is started again after this time.
    Later(Duration),
    /// It is taken off the schedule, for this reason.
    Dropped(String),
}

/// Has tasks run.
#[derive(Clone, Debug)]
pub struct Scheduler {
    tasks: TasksServiceClient<GrpcClient<Channel>>,
    translator: Translator,
}

impl Scheduler {
    /// Calls the service of tasks over this channel.
    pub fn new(channel: Channel) -> Self {
        let translator = Translator::new(acme_errors::catalog());
        let channel = ServiceBuilder::new().layer(GrpcClientLayer::new(translator.clone())).service(channel);
        Self { tasks: TasksServiceClient::new(channel), translator }
    }

    /// Starts a task, or decides when to try again.
    pub async fn start(&mut self, task_id: &str) -> Outcome {
        match self.tasks.start_task(StartTaskRequest { task_id: task_id.to_owned() }).await {
            Ok(response) => Outcome::Running(response.into_inner().run_id),
            Err(status) => decide(&status.to_errwire_with(&self.translator)),
        }
    }
}

fn decide(error: &errwire::Error) -> Outcome {
    use acme_errors::Kind;

    // Exhaustive: a kind that is added to the proto does not compile here until somebody has decided.
    match Kind::from(error) {
        Kind::TaskNotFound => {
            let task_id = error.metadata().remove("task_id").unwrap_or_default();
            Outcome::Dropped(format!("{task_id} is gone"))
        }
        Kind::QuotaExhausted => Outcome::Later(error.retry_after().unwrap_or(Duration::from_secs(60))),
        Kind::WorkerLost => Outcome::Later(Duration::from_secs(1)),
        // Newer than this program, or of nobody's catalog. The code still says what to do.
        Kind::Other(_) if error.code() == errwire::Code::Unavailable => Outcome::Later(Duration::from_secs(5)),
        Kind::Other(kind) => Outcome::Dropped(format!("{kind}: {}", error.message())),
    }
}
