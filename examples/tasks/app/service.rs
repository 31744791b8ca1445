//! The product over gRPC: decode, ask the product, encode.

use errwire::{Error, kinds};
use tonic::{Request, Response, Status, metadata::MetadataMap};

use super::{
    media::Probe,
    pb::{self, task_service_server::TaskService},
    product::{Access, Catalogue, Key, Runs, check_format, check_kind},
};

/// The service, with a product of its own.
pub(crate) struct Tasks {
    access: Access,
    catalogue: Catalogue,
    runs: Runs,
    probe: Probe,
}

impl Tasks {
    pub(crate) fn new(probe: Probe) -> Self {
        Self { access: Access::default(), catalogue: Catalogue::default(), runs: Runs::default(), probe }
    }

    fn caller(&self, metadata: &MetadataMap) -> Result<&'static Key, Error> {
        self.access.enter(metadata.get("authorization").and_then(|value| value.to_str().ok()))
    }

    async fn create(&self, key: &Key, request: pb::CreateTaskRequest) -> Result<pb::Task, Error> {
        key.require_write()?;
        key.require_paid()?;
        let pb::CreateTaskRequest { kind, source_url } = request;
        check_kind(&kind)?;
        check_url(&source_url)?;
        let format = self.probe.format(&source_url).await?;
        check_format(&kind, &format)?;
        Ok(self.catalogue.add(kind, source_url, format))
    }

    fn start(&self, key: &Key, request: pb::StartRunRequest) -> Result<pb::Run, Error> {
        key.require_write()?;
        key.require_paid()?;
        let task = self.catalogue.task(&request.task_id)?;
        Ok(self.runs.start(task.task_id))
    }
}

fn check_url(url: &str) -> Result<(), Error> {
    if url.is_empty() {
        return Err(Error::new(kinds::URL_REQUIRED).with_field_violation("source_url", "is required"));
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Error::new(kinds::REQUEST_INVALID)
            .with_message("The source URL is not an http or https URL. Correct `source_url`.")
            .with_field_violation("source_url", "is not an http or https URL"));
    }
    Ok(())
}

#[tonic::async_trait]
impl TaskService for Tasks {
    type WatchRunStream = tokio_stream::Iter<std::vec::IntoIter<Result<pb::WatchRunResponse, Status>>>;

    async fn create_task(
        &self,
        request: Request<pb::CreateTaskRequest>,
    ) -> Result<Response<pb::CreateTaskResponse>, Status> {
        let key = self.caller(request.metadata())?;
        let task = self.create(key, request.into_inner()).await?;
        Ok(Response::new(pb::CreateTaskResponse { task: Some(task) }))
    }

    async fn get_task(&self, request: Request<pb::GetTaskRequest>) -> Result<Response<pb::GetTaskResponse>, Status> {
        self.caller(request.metadata())?;
        let task = self.catalogue.task(&request.get_ref().task_id)?;
        Ok(Response::new(pb::GetTaskResponse { task: Some(task) }))
    }

    async fn delete_task(
        &self,
        request: Request<pb::DeleteTaskRequest>,
    ) -> Result<Response<pb::DeleteTaskResponse>, Status> {
        self.caller(request.metadata())?;
        Err(Error::new(kinds::METHOD_NOT_ALLOWED))?
    }

    async fn start_run(&self, request: Request<pb::StartRunRequest>) -> Result<Response<pb::StartRunResponse>, Status> {
        let key = self.caller(request.metadata())?;
        let run = self.start(key, request.into_inner())?;
        Ok(Response::new(pb::StartRunResponse { run: Some(run) }))
    }

    async fn get_run(&self, request: Request<pb::GetRunRequest>) -> Result<Response<pb::GetRunResponse>, Status> {
        self.caller(request.metadata())?;
        let run = self.runs.get(&request.get_ref().run_id).await?;
        Ok(Response::new(pb::GetRunResponse { run: Some(run) }))
    }

    async fn watch_run(&self, request: Request<pb::WatchRunRequest>) -> Result<Response<Self::WatchRunStream>, Status> {
        self.caller(request.metadata())?;
        let steps = self.runs.watch(&request.get_ref().run_id).await?;
        let answer = |step: Result<_, Error>| Ok(pb::WatchRunResponse { run: Some(step?) });
        let answers: Vec<_> = steps.into_iter().map(answer).collect();
        Ok(Response::new(tokio_stream::iter(answers)))
    }

    async fn get_automation(
        &self,
        request: Request<pb::GetAutomationRequest>,
    ) -> Result<Response<pb::GetAutomationResponse>, Status> {
        self.caller(request.metadata())?.require_project()?;
        let automation = self.catalogue.automation(&request.get_ref().automation_id)?;
        Ok(Response::new(pb::GetAutomationResponse { automation: Some(automation) }))
    }
}
