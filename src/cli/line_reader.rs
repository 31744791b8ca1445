//! Lines of bounded length, and the progress of a long translation, on a terminal.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    time::{Duration, Instant},
};

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Bytes(&'a [u8]),
    /// Longer than allowed. It was read to its end and not kept.
    TooLong,
}

/// Reads lines in constant memory.
pub(super) struct Lines<R> {
    input: R,
    most: usize,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most this many bytes.
    pub(super) fn new(input: R, most: usize) -> Self {
        Self { input, most, line: Vec::new() }
    }

    /// The next line; `None` at the end of the input.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut any, mut too_long) = (false, false);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            if self.line.len() + piece.len() > self.most {
                too_long = true;
            } else if !too_long {
                self.line.extend_from_slice(piece);
            }
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        Ok(match (any, too_long) {
            (false, _) => None,
            (true, true) => Some(Line::TooLong),
            (true, false) => Some(Line::Bytes(&self.line)),
        })
    }
}

const EVERY: Duration = Duration::from_millis(200);

/// Counts lines, and shows the counts on standard error if that is a terminal and the responses do not go there too.
pub(super) struct Progress {
    lines: u64,
    failures: u64,
    start: Instant,
    shown: Option<Instant>,
    visible: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        let visible = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { lines: 0, failures: 0, start: Instant::now(), shown: None, visible }
    }

    /// The number of the line that was read last, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines
    }

    pub(super) fn failures(&self) -> u64 {
        self.failures
    }

    pub(super) fn read(&mut self) {
        self.lines += 1;
        if self.visible && self.shown.unwrap_or(self.start).elapsed() >= EVERY {
            self.shown = Some(Instant::now());
            self.show();
        }
    }

    pub(super) fn failed(&mut self) {
        self.failures += 1;
    }

    /// Shows the final counts, if any were shown.
    pub(super) fn finish(&self) {
        if self.shown.is_some() {
            self.show();
            let _ = writeln!(io::stderr());
        }
    }

    fn show(&self) {
        let Self { lines, failures, .. } = self;
        let seconds = self.start.elapsed().as_secs_f64().max(0.001);
        let rate = *lines as f64 / seconds;
        // Progress that cannot be shown is not worth a failure.
        let _ = write!(io::stderr(), "\r{lines} lines, {failures} failed, {rate:.0} a second ");
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(input: &[u8], most: usize) -> Vec<Option<Vec<u8>>> {
        // A buffer of three bytes, so that lines cross its borders.
        let mut lines = Lines::new(BufReader::with_capacity(3, input), most);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push(match line {
                Line::Bytes(bytes) => Some(bytes.to_vec()),
                Line::TooLong => None,
            });
        }
        read
    }

    #[test]
    fn splits() {
        let some = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(read(b"", 9), []);
        assert_eq!(read(b"\n", 9), [some("")]);
        assert_eq!(read(b"a\n\nbcdef\r\nlast", 9), [some("a"), some(""), some("bcdef\r"), some("last")]);
        assert_eq!(read(b"12345\n1234\n123456789\n1\n", 4), [None, some("1234"), None, some("1")]);
    }

    #[test]
    fn keeps_nothing_of_a_line_that_is_too_long() {
        let mut input = vec![b'x'; 1_000_000];
        input.extend_from_slice(b"\nok\n");
        let mut lines = Lines::new(&*input, 100);
        assert_eq!(lines.next().unwrap(), Some(Line::TooLong));
        assert!(lines.line.capacity() <= 200);
        assert_eq!(lines.next().unwrap(), Some(Line::Bytes(b"ok")));
        assert_eq!(lines.next().unwrap(), None);
    }
}
