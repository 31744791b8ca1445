//! The real binary: what goes in, what comes out, and the exit code.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::Value;

pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

pub fn errwire(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_errwire"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn run(args: &[&str]) -> Run {
    run_with(args, "")
}

pub fn run_with(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    let mut child = errwire(args).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.as_ref().to_vec();
    // In a thread: a pipe that is full in one direction must not block the other.
    let feeder = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = feeder.join().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// What `errwire translate` makes of one pasted error.
pub fn translated(args: &[&str], input: &str) -> Value {
    let ended = run_with(&[&["translate"], args].concat(), input);
    let [answer] = &*ended.json_lines() else { panic!("{input}: {}", ended.stdout) };
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{input}: {answer}");
    answer.clone()
}

impl Run {
    /// Each line of the output as JSON.
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A file that only this test has.
pub fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

/// A running `errwire serve`, killed when it is dropped.
pub struct Serving {
    pub child: Child,
    /// What it said first.
    pub first_line: String,
    /// What it said then; empty without an admin listener.
    pub second_line: String,
    /// And after that, of the same listener.
    pub third_line: String,
}

impl Serving {
    pub fn start(args: &[&str]) -> Self {
        let addresses = ["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
        Self::spawn(errwire(&[&addresses, args].concat()))
    }

    /// With an admin listener, unless the last argument is `off`.
    pub fn spawn(mut command: Command) -> Self {
        let has_admin = command.get_args().last().is_none_or(|last| last != "off");
        let mut child = command.spawn().unwrap();
        let [mut first_line, mut second_line, mut third_line] = [const { String::new() }; 3];
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap());
        lines.read_line(&mut first_line).unwrap();
        if has_admin && !first_line.is_empty() {
            lines.read_line(&mut second_line).unwrap();
            lines.read_line(&mut third_line).unwrap();
        }
        Self { child, first_line, second_line, third_line }
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.first_line.trim_end().strip_prefix("listening on ").unwrap().parse().unwrap()
    }

    pub fn admin_address(&self) -> std::net::SocketAddr {
        self.second_line.trim_end().strip_prefix("admin on ").unwrap().parse().unwrap()
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Serving {
    /// Everything on standard error, once the process has ended.
    pub fn errors(&mut self) -> String {
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        errors
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
