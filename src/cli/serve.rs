//! `errwire serve`: a flag for each setting of the server, and its life from the configuration to the last call.

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, builder::NonEmptyStringValueParser, value_parser,
};
use tokio::{runtime, sync::oneshot};

use super::{
    log,
    outcome::{Failure, Outcome},
};
use crate::server::{
    Reload, Server,
    config::{Config, Resolved, Setting, Sources},
    raise_descriptors,
};

const ABOUT: &str = "Serve the translations over gRPC";

const LONG_ABOUT: &str = "Serve the translations over gRPC\n\n\
    Offers errwire.v1.ErrorMappingService, errwire.v1.CatalogService, grpc.health.v1.Health and server reflection, over \
    gRPC and over plain HTTP. The first line on standard output is `listening on ADDR`, the second one `admin on ADDR`. \
    Stops on SIGTERM and Ctrl-C, once the calls in flight are done; a second signal stops at once. SIGHUP reloads \
    certificates and catalog files.\n\n\
    Each flag except --config and --print-config is also a key of the file, with _ in place of -, and a variable: \
    --max-connections is `max_connections` and ERRWIRE_MAX_CONNECTIONS. A flag takes precedence over a \
    variable, and a variable over the file.";

/// The arguments of `errwire serve`.
#[derive(Debug)]
pub(super) struct Serve {
    print_config: bool,
    file: Option<PathBuf>,
    flags: Vec<(&'static str, Vec<String>)>,
}

impl Serve {
    /// These flags, the environment, and the file that either names.
    fn sources(&self) -> Sources {
        let mut sources = Sources::default();
        let file =
            self.file.clone().or_else(|| env::var_os("ERRWIRE_CONFIG").filter(|path| !path.is_empty()).map(Into::into));
        if let Some(file) = file {
            sources.add_file(&file);
        }
        sources.add_env(env::vars_os());
        for (name, texts) in &self.flags {
            sources.add_flag(name, texts.clone());
        }
        sources
    }
}

impl Args for Serve {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("A YAML file with settings; ERRWIRE_CONFIG names one too");
        let print = Arg::new("print-config")
            .long("print-config")
            .action(ArgAction::SetTrue)
            .help("Print the whole configuration as such a file, with the source of each value, and exit");
        let command = command.about(ABOUT).long_about(LONG_ABOUT).args([file, print]);
        command.args(Config::SETTINGS.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(setting: &'static Setting) -> Arg {
    let default = match setting.default_text() {
        text if text.is_empty() => String::new(),
        text => format!(" [default: {text}]"),
    };
    let flag = Arg::new(setting.name)
        .long(setting.name.replace('_', "-"))
        .value_name(setting.value)
        .help_heading(setting.group.name())
        .help(format!("{}{default}", setting.summary().trim_end_matches('.').replace('`', "")))
        .value_parser(NonEmptyStringValueParser::new())
        .action(if setting.list { ArgAction::Append } else { ArgAction::Set });
    match setting.name {
        // As in protoc.
        "proto_path" => flag.short('I'),
        _ if setting.list => flag,
        // The last one counts, so that a script can append flags.
        _ if setting.switch => {
            flag.num_args(0..=1).require_equals(true).default_missing_value("true").overrides_with(setting.name)
        }
        _ => flag.overrides_with(setting.name),
    }
}

impl FromArgMatches for Serve {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let texts = |setting: &Setting| {
            let texts: Vec<String> = matches.get_many(setting.name)?.cloned().collect();
            Some((setting.name, texts))
        };
        Ok(Self {
            print_config: matches.get_flag("print-config"),
            file: matches.get_one("config").cloned(),
            flags: Config::SETTINGS.iter().filter_map(texts).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(super) fn run(args: &Serve, out: &mut impl Write) -> Result<Outcome, Failure> {
    let resolved = args.sources().resolve().map_err(Failure::Config)?;
    if args.print_config {
        write!(out, "{resolved}").and_then(|()| out.flush()).map_err(Failure::Output)?;
        return Ok(Outcome::Fine);
    }
    log::init(resolved.config.log_format);
    for warning in resolved.warnings() {
        tracing::warn!(problem = %warning, "a setting is not used");
    }
    raise_descriptors();
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let outcome = runtime.block_on(listen_and_serve(resolved));
    // What is still running after the drain timeout is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn listen_and_serve(resolved: Resolved) -> Result<Outcome, Failure> {
    let cannot_wait = |why| Failure::Io("cannot wait for signals".to_owned(), why);
    let mut signals = Signals::new().map_err(cannot_wait)?;
    ignore_others().map_err(cannot_wait)?;
    let server = Server::bind(resolved.into()).await.map_err(Failure::Bind)?;
    reload_on_hangup(server.reload()).map_err(cannot_wait)?;
    // The server still serves if standard output is closed.
    let _ = announce(&server);

    let (stop, stopped) = oneshot::channel();
    let second_signal = async {
        let signal = signals.next().await;
        tracing::info!(signal, "asked to stop");
        let _ = stop.send(());
        let signal = signals.next().await;
        tracing::warn!(signal, "second signal: stopping at once");
    };
    let stopped = async { stopped.await.unwrap_or_default() };
    tokio::select! {
        served = server.serve(stopped) => served.map_err(|why| Failure::Io("cannot serve".to_owned(), why))?,
        () = second_signal => {}
    }
    Ok(Outcome::Fine)
}

// docs/rules.md: R-SERVICE-1
fn announce(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", server.address())?;
    if let Some(address) = server.admin_address() {
        writeln!(out, "admin on {address}")?;
        writeln!(out, "pages on http://{address}/errors")?;
    }
    out.flush()
}

/// SIGHUP makes the server check its files.
#[cfg(unix)]
fn reload_on_hangup(reload: Reload) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            reload.request();
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_hangup(_: Reload) -> io::Result<()> {
    Ok(())
}

/// Signals that mean nothing here, and would end the process unless it handles them: a wrong number given to `kill`, a tool that
/// expects a reaction to SIGUSR1, or a file that reaches its size limit. Handlers stay once they are registered.
#[cfg(unix)]
fn ignore_others() -> io::Result<()> {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    for other in [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XFSZ, Signal::IO] {
        // The handler stays installed after the receiver is gone.
        drop(signal(SignalKind::from_raw(other.as_raw()))?);
    }
    Ok(())
}

#[cfg(not(unix))]
fn ignore_others() -> io::Result<()> {
    Ok(())
}

/// The signals that ask a process to stop.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// The signals that ask a process to stop.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> &'static str {
        // Without a handler for Ctrl-C, nothing stops the server.
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(_) => std::future::pending().await,
        }
    }
}
