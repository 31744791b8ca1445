//! Calling the service over gRPC.

use errwire::{Error, StatusExt, kinds};
use serde::Serialize;
use tonic::{
    Request, Status,
    transport::{self, Endpoint},
};

use super::{
    args::Call,
    facade::{Automation, Run, Task},
    layers::{self, Backend},
    pb::{self, task_service_client::TaskServiceClient},
};

/// A client of the service at this address, which connects with its first call.
pub(crate) fn connect(address: &str) -> Result<TaskServiceClient<Backend>, transport::Error> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    Ok(TaskServiceClient::new(layers::grpc_client(endpoint.connect_lazy())))
}

/// Makes the call, and gives each response to `print`.
pub(crate) async fn call(
    client: &mut TaskServiceClient<Backend>,
    call: Call,
    print: &mut impl FnMut(String),
) -> Result<(), Error> {
    let key = call.caller().key.clone();
    let answered = ask(client, &key, call, print).await;
    answered.map_err(|status| status.to_errwire())
}

/// What a program would match on first, then what a person needs.
pub(crate) fn describe(error: &Error) -> String {
    let mut lines = format!("{} {error}\n", error.code());
    for violation in error.field_violations() {
        lines += &format!("  {} {}\n", violation.field, violation.description);
    }
    if let Some(delay) = error.retry_after() {
        // Rounded up, as `Retry-After` is: a call that comes too early fails again.
        lines += &format!("  try again in {} s\n", delay.as_secs() + u64::from(delay.subsec_nanos() > 0));
    }
    lines
}

async fn ask(
    client: &mut TaskServiceClient<Backend>,
    key: &str,
    call: Call,
    print: &mut impl FnMut(String),
) -> Result<(), Status> {
    match call {
        Call::CreateTask { kind, source_url, .. } => {
            let answer = client.create_task(with_key(key, pb::CreateTaskRequest { kind, source_url })?).await?;
            print(json(&answer.into_inner().task.map(Task::from)));
        }
        Call::GetTask { task_id, .. } => {
            let answer = client.get_task(with_key(key, pb::GetTaskRequest { task_id })?).await?;
            print(json(&answer.into_inner().task.map(Task::from)));
        }
        Call::DeleteTask { task_id, .. } => {
            client.delete_task(with_key(key, pb::DeleteTaskRequest { task_id })?).await?;
        }
        Call::StartRun { task_id, .. } => {
            let answer = client.start_run(with_key(key, pb::StartRunRequest { task_id })?).await?;
            print(json(&answer.into_inner().run.map(Run::from)));
        }
        Call::GetRun { run_id, .. } => {
            let answer = client.get_run(with_key(key, pb::GetRunRequest { run_id })?).await?;
            print(json(&answer.into_inner().run.map(Run::from)));
        }
        Call::WatchRun { run_id, .. } => {
            let answer = client.watch_run(with_key(key, pb::WatchRunRequest { run_id })?).await?;
            let mut runs = answer.into_inner();
            while let Some(answer) = runs.message().await? {
                print(json(&answer.run.map(Run::from)));
            }
        }
        Call::GetAutomation { automation_id, .. } => {
            let answer = client.get_automation(with_key(key, pb::GetAutomationRequest { automation_id })?).await?;
            print(json(&answer.into_inner().automation.map(Automation::from)));
        }
    }
    Ok(())
}

fn with_key<T>(key: &str, message: T) -> Result<Request<T>, Error> {
    let mut request = Request::new(message);
    if !key.is_empty() {
        let value = format!("Bearer {key}").parse();
        let value = value.map_err(|why| Error::new(kinds::TOKEN_INVALID).with_source(why))?;
        request.metadata_mut().insert("authorization", value);
    }
    Ok(request)
}

/// In the order of the fields; nothing that is asked for here cannot be JSON.
fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}
