//! From the arguments to the exit code.

use std::{error, io, process::ExitCode};

use clap::Parser;
use tokio::{runtime, signal::ctrl_c};
use tracing::Level;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::app::{self, Addresses, App, Args, Call, Command};

/// Runs the command line of this process.
pub(crate) fn run() -> ExitCode {
    let Args { command } = Args::parse();
    let done = runtime::Builder::new_multi_thread().enable_all().build().map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            match command {
                Command::Serve { grpc, http } => serve(&Addresses { grpc, http }).await.map(|()| ExitCode::SUCCESS),
                Command::Call(call) => make(call).await,
            }
        })
    });
    done.unwrap_or_else(|why: Box<dyn error::Error>| {
        eprintln!("error: {why}");
        ExitCode::from(2)
    })
}

async fn serve(addresses: &Addresses) -> Result<(), Box<dyn error::Error>> {
    // One line for each error, on standard error; as JSON, so that nothing which a caller sends can forge a line.
    let errors = Targets::new().with_target("errwire", Level::INFO);
    tracing_subscriber::registry()
        .with(errors)
        .with(fmt::layer().json().flatten_event(true).with_writer(io::stderr))
        .init();
    let app = App::bind(addresses).await?;
    println!("grpc listening on {}", app.grpc_address()?);
    println!("http listening on {}", app.http_address()?);
    Ok(app.serve(async { ctrl_c().await.unwrap_or_default() }).await?)
}

async fn make(call: Call) -> Result<ExitCode, Box<dyn error::Error>> {
    let mut client = app::connect(&call.caller().grpc)?;
    let made = app::call(&mut client, call, &mut |answer| println!("{answer}")).await;
    Ok(match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("{}", app::describe(&error));
            ExitCode::from(1)
        }
    })
}
