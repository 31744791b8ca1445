//! Runs, and the workers that they run on.

use std::{
    collections::BTreeMap,
    future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use errwire::{Error, kinds, rpc};
use tokio::time;

use super::super::pb::Run;

/// How long a worker may take to tell its progress.
const WORKER_LIMIT: Duration = Duration::from_millis(200);

/// The runs: at first `run_1`, which is well, and four that are not.
#[derive(Debug)]
pub(crate) struct Runs(Mutex<BTreeMap<String, Record>>);

#[derive(Clone, Debug)]
struct Record {
    task_id: String,
    steps: u32,
    done: u32,
    worker: Worker,
}

#[derive(Clone, Copy, Debug)]
enum Worker {
    Well,
    /// Does not answer.
    Stuck,
    /// Goes away once this many steps are done.
    LostAfter(u32),
    /// Has written something that cannot be read.
    Damaged,
}

impl Runs {
    /// The run, as its worker tells it.
    pub(crate) async fn get(&self, id: &str) -> Result<Run, Error> {
        let record = self.record(id)?;
        let answer = time::timeout(WORKER_LIMIT, record.ask());
        // The log names the slow service; callers learn only that the call took too long.
        let () = answer
            .await
            .map_err(|elapsed| Error::new(kinds::REQUEST_TIMEOUT).with_metadata("run_id", id).with_source(elapsed))??;
        Ok(record.at(id, record.done))
    }

    /// The run at each step from now on, and how it ends.
    pub(crate) async fn watch(&self, id: &str) -> Result<Vec<Result<Run, Error>>, Error> {
        self.get(id).await?;
        let record = self.record(id)?;
        let mut steps = Vec::new();
        for done in record.done..=record.steps {
            if matches!(record.worker, Worker::LostAfter(last) if done > last) {
                let lost = Error::new(kinds::SERVICE_UNAVAILABLE).with_retry_after(Duration::from_secs(5));
                steps.push(Err(lost));
                break;
            }
            steps.push(Ok(record.at(id, done)));
        }
        Ok(steps)
    }

    pub(crate) fn start(&self, task_id: String) -> Run {
        let mut records = self.records();
        let id = format!("run_{}", records.len() + 1);
        let record = Record { task_id, steps: 4, done: 0, worker: Worker::Well };
        let run = record.at(&id, 0);
        records.insert(id, record);
        run
    }

    fn record(&self, id: &str) -> Result<Record, Error> {
        self.records().get(id).cloned().ok_or_else(|| {
            Error::new(kinds::RUN_NOT_FOUND)
                .with_message(format!("Run {id} does not exist. Verify the run ID."))
                .with_metadata("run_id", id)
        })
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<String, Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    async fn ask(&self) -> Result<(), Error> {
        match self.worker {
            Worker::Well | Worker::LostAfter(_) => Ok(()),
            Worker::Stuck => future::pending().await,
            // What went wrong is for the people who fix it: internal callers see it, the public does not.
            Worker::Damaged => Err(Error::new(kinds::INTERNAL_ERROR)
                .with_message("The record of the run ends after 17 of 40 bytes.")
                .with_detail(rpc::DebugInfo { detail: "runs/shard-7".into(), ..Default::default() })),
        }
    }

    /// A run of no steps panics here, as bugs do.
    fn at(&self, id: &str, done: u32) -> Run {
        Run { run_id: id.to_owned(), task_id: self.task_id.clone(), percent: done * 100 / self.steps }
    }
}

impl Default for Runs {
    fn default() -> Self {
        let well = Record { task_id: "tsk_1".into(), steps: 4, done: 1, worker: Worker::Well };
        let records = [
            ("run_1", well.clone()),
            ("run_stuck", Record { worker: Worker::Stuck, ..well.clone() }),
            ("run_lost", Record { worker: Worker::LostAfter(2), ..well.clone() }),
            ("run_damaged", Record { worker: Worker::Damaged, ..well.clone() }),
            ("run_empty", Record { steps: 0, done: 0, ..well }),
        ];
        Self(Mutex::new(records.map(|(id, record)| (id.to_owned(), record)).into()))
    }
}
