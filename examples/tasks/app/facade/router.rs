//! The routes and their handlers.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use errwire::{Error, Result, kinds};

use super::{
    super::{
        layers::{self, Backend, Errors},
        pb::{self, task_service_client::TaskServiceClient},
    },
    forward::forward,
    json::{Automation, NewTask, Run, Task},
};

type Client = State<TaskServiceClient<Backend>>;
type Answer<T> = Result<Json<T>>;
type Created<T> = Result<(StatusCode, Json<T>)>;

/// The facade of the service behind this client.
pub(crate) fn router(client: TaskServiceClient<Backend>, errors: Errors) -> Router {
    let routes = Router::new()
        .route("/v1/tasks", post(create_task))
        .route("/v1/tasks/{id}", get(get_task))
        .route("/v1/tasks/{id}/runs", post(start_run))
        .route("/v1/runs/{id}", get(get_run))
        .route("/v1/automations/{id}", get(get_automation))
        .with_state(client);
    layers::http_server(routes, errors)
}

async fn create_task(State(mut client): Client, headers: HeaderMap, Json(new): Json<NewTask>) -> Created<Task> {
    let answer = client.create_task(forward(&headers, new.into())).await?;
    created(answer.into_inner().task)
}

async fn get_task(State(mut client): Client, headers: HeaderMap, Path(task_id): Path<String>) -> Answer<Task> {
    let answer = client.get_task(forward(&headers, pb::GetTaskRequest { task_id })).await?;
    ok(answer.into_inner().task)
}

async fn start_run(State(mut client): Client, headers: HeaderMap, Path(task_id): Path<String>) -> Created<Run> {
    let answer = client.start_run(forward(&headers, pb::StartRunRequest { task_id })).await?;
    created(answer.into_inner().run)
}

async fn get_run(State(mut client): Client, headers: HeaderMap, Path(run_id): Path<String>) -> Answer<Run> {
    let answer = client.get_run(forward(&headers, pb::GetRunRequest { run_id })).await?;
    ok(answer.into_inner().run)
}

async fn get_automation(State(mut client): Client, headers: HeaderMap, Path(id): Path<String>) -> Answer<Automation> {
    let answer = client.get_automation(forward(&headers, pb::GetAutomationRequest { automation_id: id })).await?;
    ok(answer.into_inner().automation)
}

fn ok<P, T: From<P>>(answer: Option<P>) -> Answer<T> {
    // A success without its message is not what the service promises.
    let answer = answer.ok_or_else(|| Error::new(kinds::BAD_GATEWAY))?;
    Ok(Json(answer.into()))
}

fn created<P, T: From<P>>(answer: Option<P>) -> Created<T> {
    ok(answer).map(|json| (StatusCode::CREATED, json))
}
