//! The JSON of the facade, and of what the command line prints.

use serde::{Deserialize, Serialize};

use super::super::pb;

#[derive(Debug, Serialize)]
pub(crate) struct Task {
    id: String,
    kind: String,
    source_url: String,
    format: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Run {
    id: String,
    task_id: String,
    percent: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Automation {
    id: String,
    task_id: String,
    schedule: String,
}

/// What may be missing is for the service to say.
#[derive(Debug, Deserialize)]
pub(super) struct NewTask {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    source_url: String,
}

impl From<pb::Task> for Task {
    fn from(pb::Task { task_id: id, kind, source_url, format }: pb::Task) -> Self {
        Self { id, kind, source_url, format }
    }
}

impl From<pb::Run> for Run {
    fn from(pb::Run { run_id: id, task_id, percent }: pb::Run) -> Self {
        Self { id, task_id, percent }
    }
}

impl From<pb::Automation> for Automation {
    fn from(pb::Automation { automation_id: id, task_id, schedule }: pb::Automation) -> Self {
        Self { id, task_id, schedule }
    }
}

impl From<NewTask> for pb::CreateTaskRequest {
    fn from(NewTask { kind, source_url }: NewTask) -> Self {
        Self { kind, source_url }
    }
}
