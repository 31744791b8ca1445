//! What was typed.

use clap::{Args as Group, Parser, Subcommand};

const EXAMPLES: &str = "\
Start everything, and leave it running:
  cargo run --example tasks -- serve

Then, in another terminal, the same call on both wires:
  curl http://127.0.0.1:8080/v1/tasks/tsk_1 -H 'Authorization: Bearer key_live'
  cargo run --example tasks -- get-task tsk_1

And the same error on both wires:
  curl http://127.0.0.1:8080/v1/tasks/tsk_9 -H 'Authorization: Bearer key_live'
  cargo run --example tasks -- get-task tsk_9

Keys: key_live, key_account (no project), key_readonly, key_unpaid, key_trial (2 calls a minute), key_revoked.
examples/tasks/README.md has a line for every error of the API.

Exit codes: 0 fine, 1 the call failed, 2 the command could not run.";

/// A small product whose errors read the same over gRPC and over HTTP.
///
/// `serve` starts a gRPC service with tasks, runs and automations, and an HTTP facade that calls it. The other commands
/// call the service over gRPC.
#[derive(Debug, Parser)]
#[command(name = "tasks", after_long_help = EXAMPLES, max_term_width = 120)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the gRPC service and the HTTP facade
    ///
    /// Prints `grpc listening on ADDR` and `http listening on ADDR`. Stops on Ctrl-C, once the calls in flight are done.
    Serve {
        /// Where the gRPC service listens; port 0 takes a free one
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50061")]
        grpc: String,
        /// Where the HTTP facade listens; port 0 takes a free one
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        http: String,
    },
    #[command(flatten)]
    Call(Call),
}

/// A call of the service.
#[derive(Debug, Subcommand)]
pub(crate) enum Call {
    /// Create a task
    CreateTask {
        /// What it does: transcribe or thumbnail
        #[arg(long, default_value = "")]
        kind: String,
        /// Where the media is
        #[arg(long, value_name = "URL", default_value = "")]
        source_url: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Get a task
    GetTask {
        task_id: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Delete a task, which is always refused
    DeleteTask {
        task_id: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Start a run of a task
    StartRun {
        task_id: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Get a run
    GetRun {
        run_id: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Watch a run until it is done
    WatchRun {
        run_id: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// Get an automation
    GetAutomation {
        automation_id: String,
        #[command(flatten)]
        caller: Caller,
    },
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Caller {
    /// The API key; an empty one is not sent
    #[arg(long, default_value = "key_live")]
    pub(crate) key: String,
    /// Where the service is
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50061")]
    pub(crate) grpc: String,
}

impl Call {
    pub(crate) fn caller(&self) -> &Caller {
        match self {
            Self::CreateTask { caller, .. }
            | Self::GetTask { caller, .. }
            | Self::DeleteTask { caller, .. }
            | Self::StartRun { caller, .. }
            | Self::GetRun { caller, .. }
            | Self::WatchRun { caller, .. }
            | Self::GetAutomation { caller, .. } => caller,
        }
    }
}
