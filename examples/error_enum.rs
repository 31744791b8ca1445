//! The error enum of a service as a catalog: what it fails with, what travels, and what a client has back.
//!
//!     cargo run --example error_enum

use std::{error::Error as StdError, io};

use errwire::{Audience, Error, Kinds, Translator, WriteHttpOptions, kinds};

#[derive(Debug, Kinds)]
#[errwire(domain = "api.example.com")]
enum TaskError {
    /// Task does not exist.
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} does not exist. Verify the task ID.")]
    TaskNotFound { task_id: u32 },
    /// A built-in kind, with its status and message.
    #[kind(kinds::RATE_LIMITED)]
    RateLimited,
    /// The cause is for the log, and no caller sees it.
    #[kind(kinds::INTERNAL_ERROR)]
    Disk(#[kind(source)] io::Error),
    /// What another service or library says.
    #[kind(transparent)]
    Other(Error),
}

impl From<io::Error> for TaskError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

fn task(task_id: u32) -> Result<String, TaskError> {
    match task_id {
        7 => Err(TaskError::TaskNotFound { task_id }),
        8 => Err(TaskError::RateLimited),
        9 => Err(TaskError::Other(Error::new(kinds::GONE))),
        _ => Err(io::Error::other("/dev/sda is on fire"))?,
    }
}

fn main() -> Result<(), Box<dyn StdError>> {
    let translator = Translator::new(TaskError::catalog());
    for task_id in 7..=10 {
        let Err(error) = task(task_id) else { continue };
        let error = Error::from(error);
        let (response, _) = translator.write_http_with(&error, &WriteHttpOptions::new(Audience::Public));
        println!("{} {}", response.status(), String::from_utf8_lossy(response.body()));

        // A client shares the enum.
        match TaskError::try_from(&translator.read_http(&response)?) {
            Ok(TaskError::TaskNotFound { task_id }) => println!("  there is no task {task_id}"),
            Ok(TaskError::RateLimited) => println!("  later"),
            Ok(TaskError::Disk(_) | TaskError::Other(_)) | Err(_) => println!("  failed"),
        }
    }
    Ok(())
}
