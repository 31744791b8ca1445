//! Servers in processes of their own, as they run in production: with all threads, metrics, and their log in a file.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use errwire::{Translator, service::ErrorMapping};
use tokio::{net::TcpListener, runtime};

use crate::echo::{self, Echo};

/// What makes this program the bare service.
const ECHO: &str = "--echo";

/// A server that ends with this value.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: String,
}

impl Process {
    /// The bare tonic service.
    pub(crate) fn echo() -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.arg(ECHO);
        Self::start(command)
    }

    /// `errwire serve`, with this catalog if there is one.
    pub(crate) fn errwire(catalog: Option<&Path>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_errwire"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
        command.args(catalog.into_iter().flat_map(|path| [Path::new("--catalog"), path]));
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latency.log");
        command.stderr(fs::File::create(log).unwrap());
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, address }
    }

    /// How long it has been on a processor so far: fields 14 and 15 of `/proc/PID/stat`, in ticks of 10 ms (proc_pid_stat(5)).
    pub(crate) fn busy(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// What it has in memory, in MiB.
    pub(crate) fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().strip_suffix("kB").unwrap().trim().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether this process is to be the bare service; then it is, until it is killed.
pub(crate) fn is_echo() -> bool {
    let asked = env::args().any(|argument| argument == ECHO);
    if asked {
        runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            println!("listening on {}", listener.local_addr().unwrap());
            echo::serve(listener, Echo::of(&ErrorMapping::new(Translator::default()))).await;
        });
    }
    asked
}
