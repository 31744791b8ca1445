//! Turns an error that reqwest got into an `errwire::Error`.
//!
//! ```sh
//! cargo run --features reqwest --example reqwest_client -- http://127.0.0.1:8080/v1/tasks/7
//! ```

use std::{env, error, process::ExitCode};

use errwire::{Code, Error, Translator, kinds};

/// As many bytes of an error are read.
const MAX_BODY: usize = 64 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(url) = env::args().nth(1) else {
        eprintln!("Say which URL to get: reqwest_client URL");
        return ExitCode::from(2);
    };
    match get(&url).await {
        Ok(text) => println!("{text}"),
        // A caller decides by the kind, or by what the code says of a retry.
        Err(error) if error.kind() == kinds::TASK_NOT_FOUND => println!("There is no such task."),
        Err(error) if error.code() == Code::Unavailable => println!("Try again later: {error}"),
        Err(error) => {
            eprintln!("{error}");
            let mut cause = error::Error::source(&error);
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            return ExitCode::from(1);
        }
    }
    ExitCode::SUCCESS
}

async fn get(url: &str) -> errwire::Result<String> {
    let response = reqwest::get(url).await.map_err(unavailable)?;
    let response = checked(&Translator::default(), response).await?;
    response.text().await.map_err(unavailable)
}

/// The response, or the error that it says.
async fn checked(translator: &Translator, mut response: reqwest::Response) -> errwire::Result<reqwest::Response> {
    if response.status().as_u16() < 400 {
        return Ok(response);
    }
    let mut read = http::Response::new(Vec::new());
    *read.status_mut() = response.status();
    *read.headers_mut() = response.headers().clone();
    // A body that breaks off shows nothing: the status has to do.
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MAX_BODY.saturating_sub(read.body().len());
        read.body_mut().extend_from_slice(&chunk[..chunk.len().min(room)]);
        if read.body().len() == MAX_BODY {
            break;
        }
    }
    match translator.read_http(&read.map(Into::into)) {
        Ok(error) => Err(error),
        Err(_) => Ok(response),
    }
}

/// No response came, so this is not the error of an application.
fn unavailable(error: reqwest::Error) -> Error {
    let kind = match error.is_timeout() {
        true => kinds::DEADLINE_EXCEEDED,
        false => kinds::SERVICE_UNAVAILABLE,
    };
    Error::new(kind).with_source(error)
}
