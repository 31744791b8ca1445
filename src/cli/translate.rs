//! `errwire translate`: JSON lines, or whatever a person has in hand; lines of bounded length, and the progress on a terminal.

mod answer;
mod shape;

use std::{
    cell::RefCell,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Cursor, IsTerminal, Read, Write},
    time::{Duration, Instant},
};

use answer::Answers;
use shape::Shape;

use super::{
    args::{Format, Translate},
    outcome::{Failure, Outcome},
};
use crate::service::read_pasted;

/// The longest line, in bytes. A message of the service is limited to 4 MiB; as JSON it may be twice that.
const LONGEST: usize = 8 * 1024 * 1024;

/// How much is read and written at once.
const BUFFER: usize = 64 * 1024;

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn run(args: &Translate) -> Result<Outcome, Failure> {
    let person = args.format.map_or_else(|| io::stdout().is_terminal(), |format| format == Format::Text);
    let answers = Answers::new(args.catalog.translator()?, args.to, person);
    let (input, name): (Box<dyn BufRead>, _) = if args.file.as_os_str() == "-" {
        (Box::new(io::stdin().lock()), "standard input".to_owned())
    } else {
        let name = args.file.display().to_string();
        let file = File::open(&args.file).map_err(|why| Failure::Io(format!("cannot open {name}"), why))?;
        (Box::new(BufReader::new(file)), name)
    };
    // In JSON it is data for a program; for a person it may have colour.
    if person {
        either(&answers, args, input, &name, &mut anstream::stdout().lock())
    } else {
        either(&answers, args, input, &name, &mut io::stdout().lock())
    }
}

/// The beginning tells what the input is. It is read to its end only where it does not begin with a JSON line.
// docs/rules.md: R-CLI-3
fn either(
    answers: &Answers,
    args: &Translate,
    mut input: impl BufRead,
    name: &str,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let unreadable = |why| Failure::Io(format!("cannot read {name}"), why);
    let mut begun = Vec::new();
    loop {
        let from = begun.len();
        let most = (LONGEST - from) as u64;
        let read = input.by_ref().take(most).read_until(b'\n', &mut begun).map_err(unreadable)?;
        if read > 0 && begun[from..].trim_ascii().is_empty() {
            continue;
        }
        if args.to.is_some() || args.status.is_none() && is_line(&begun[from..]) {
            return translate(answers, Cursor::new(begun).chain(input), name, out);
        }
        break;
    }
    let most = (LONGEST + 1 - begun.len()) as u64;
    input.by_ref().take(most).read_to_end(&mut begun).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&begun);
    let read = read_pasted(&text, args.status.map(u32::from));
    // Without a status, a text that cannot be read may still be JSON lines of which the first is wrong.
    let is_lines = begun.trim_ascii().is_empty() || read.is_err() && text.lines().any(is_message);
    if args.status.is_none() && (begun.len() > LONGEST || is_lines) {
        return translate(answers, Cursor::new(&begun).chain(input), name, out);
    }
    let mut answer = Vec::new();
    let answered = answers.pasted(read, &mut answer);
    answer.push(b'\n');
    out.write_all(&answer).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(if answered { Outcome::Fine } else { Outcome::Findings })
}

/// Whether a line is a message of the service, however wrong.
fn is_line(line: &[u8]) -> bool {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    str::from_utf8(line).ok().and_then(|line| Shape::of(line).ok()).is_some_and(|shape| !shape.is_status())
}

/// Whether the members of a line tell which message of the service it is.
fn is_message(line: &str) -> bool {
    Shape::of(line).is_ok_and(|shape| shape.is_message())
}

/// Sends the responses so far before it waits for more lines: the sender of the next line may wait for them.
struct FlushFirst<'a, R, W: Write> {
    input: R,
    out: &'a RefCell<BufWriter<W>>,
}

impl<R: Read, W: Write> Read for FlushFirst<'_, R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What cannot be sent is kept, and fails again where it is a failure of the output.
        let _ = self.out.borrow_mut().flush();
        self.input.read(buffer)
    }
}

/// One line at a time, so that the memory is that of one line.
// docs/rules.md: R-CLI-2
fn translate(answers: &Answers, input: impl BufRead, name: &str, out: &mut impl Write) -> Result<Outcome, Failure> {
    let out = &RefCell::new(BufWriter::with_capacity(BUFFER, out));
    let mut lines = Lines::new(BufReader::with_capacity(BUFFER, FlushFirst { input, out }), LONGEST);
    let mut progress = Progress::new();
    let mut answer = Vec::new();
    while let Some(line) = lines.next().map_err(|why| Failure::Io(format!("cannot read {name}"), why))? {
        progress.read();
        answer.clear();
        let answered = match line {
            Line::Bytes(bytes) => {
                let text = bytes.strip_prefix(BYTE_ORDER_MARK).filter(|_| progress.line() == 1).unwrap_or(bytes);
                if text.trim_ascii().is_empty() {
                    continue;
                }
                answers.answer(progress.line(), text, &mut answer)
            }
            Line::TooLong => answers.too_long(progress.line(), LONGEST, &mut answer),
        };
        if !answered {
            progress.failed();
        }
        answer.push(b'\n');
        out.borrow_mut().write_all(&answer).map_err(Failure::Output)?;
    }
    out.borrow_mut().flush().map_err(Failure::Output)?;
    progress.finish();
    Ok(if progress.failures() == 0 { Outcome::Fine } else { Outcome::Findings })
}

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Bytes(&'a [u8]),
    /// Longer than allowed. It was read to its end and not kept.
    TooLong,
}

/// Reads lines in constant memory.
struct Lines<R> {
    input: R,
    most: usize,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most this many bytes.
    fn new(input: R, most: usize) -> Self {
        Self { input, most, line: Vec::new() }
    }

    /// The next line; `None` at the end of the input.
    fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // With the end of the line.
        let most = self.most as u64 + 1;
        if self.input.by_ref().take(most).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        if self.line.pop_if(|last| *last == b'\n').is_none() && self.line.len() > self.most {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Bytes(&self.line)))
    }
}

const EVERY: Duration = Duration::from_millis(200);

/// Counts lines, and shows the counts on standard error if that is a terminal and the responses do not go there too.
struct Progress {
    lines: u64,
    failures: u64,
    start: Instant,
    shown: Option<Instant>,
    visible: bool,
}

impl Progress {
    fn new() -> Self {
        let visible = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { lines: 0, failures: 0, start: Instant::now(), shown: None, visible }
    }

    /// The number of the line that was read last, from 1.
    fn line(&self) -> u64 {
        self.lines
    }

    fn failures(&self) -> u64 {
        self.failures
    }

    fn read(&mut self) {
        self.lines += 1;
        if self.visible && self.shown.unwrap_or(self.start).elapsed() >= EVERY {
            self.shown = Some(Instant::now());
            self.show();
        }
    }

    fn failed(&mut self) {
        self.failures += 1;
    }

    /// Shows the final counts, if any were shown.
    fn finish(&self) {
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
