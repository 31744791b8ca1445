//! Tasks and automations.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use errwire::{Error, kinds};

use super::super::pb::{Automation, Task};

/// What there is: at first `tsk_1` and `aut_1`.
#[derive(Debug)]
pub(crate) struct Catalogue {
    tasks: Mutex<BTreeMap<String, Task>>,
    automations: BTreeMap<String, Automation>,
}

impl Catalogue {
    pub(crate) fn task(&self, id: &str) -> Result<Task, Error> {
        self.tasks().get(id).cloned().ok_or_else(|| {
            Error::new(kinds::TASK_NOT_FOUND)
                .with_message(format!("Task {id} does not exist. Verify the task ID."))
                .with_metadata("task_id", id)
        })
    }

    pub(crate) fn add(&self, kind: String, source_url: String, format: String) -> Task {
        let mut tasks = self.tasks();
        let task_id = format!("tsk_{}", tasks.len() + 1);
        let task = Task { task_id: task_id.clone(), kind, source_url, format };
        tasks.insert(task_id, task.clone());
        task
    }

    pub(crate) fn automation(&self, id: &str) -> Result<Automation, Error> {
        self.automations.get(id).cloned().ok_or_else(|| {
            Error::new(kinds::AUTOMATION_NOT_FOUND)
                .with_message(format!("Automation {id} does not exist. Verify the automation ID."))
                .with_metadata("automation_id", id)
        })
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<String, Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        let task = Task {
            task_id: "tsk_1".into(),
            kind: "transcribe".into(),
            source_url: "https://media.example.com/talk.mp4".into(),
            format: "mp4".into(),
        };
        let automation =
            Automation { automation_id: "aut_1".into(), task_id: "tsk_1".into(), schedule: "every Monday".into() };
        Self {
            tasks: Mutex::new([(task.task_id.clone(), task)].into()),
            automations: [(automation.automation_id.clone(), automation)].into(),
        }
    }
}
