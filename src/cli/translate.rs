//! `errwire translate`: JSON lines, or whatever a person has in hand.

mod answer;
mod shape;

use std::{
    cell::RefCell,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Cursor, Read, Write},
    path::Path,
};

use answer::Answers;
use shape::Shape;

use super::{
    config::{Asked, Input},
    line_reader::{Line, Lines, Progress},
    outcome::{Failure, Outcome},
};
use crate::{service::read_pasted, translate::Translator};

/// The longest line, in bytes. A message of the service is limited to 4 MiB; as JSON it may be twice that.
const LONGEST: usize = 8 * 1024 * 1024;

/// How much is read and written at once.
const BUFFER: usize = 64 * 1024;

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn run(
    translator: Translator,
    asked: &Asked,
    input: &Input,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let answers = Answers::new(translator, asked);
    match input {
        Input::Stdin => either(&answers, asked, io::stdin().lock(), "standard input", out),
        Input::File(path) => {
            let file = File::open(path).map_err(|why| Failure::Io(format!("cannot open {}", path.display()), why))?;
            either(&answers, asked, BufReader::new(file), &name(path), out)
        }
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The beginning tells what the input is. It is read to its end only where it does not begin with a JSON line.
// docs/rules.md: R-CLI-3
fn either(
    answers: &Answers,
    asked: &Asked,
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
        if asked.to.is_some() || asked.status.is_none() && is_line(&begun[from..]) {
            return translate(answers, Cursor::new(begun).chain(input), name, out);
        }
        break;
    }
    let most = (LONGEST + 1 - begun.len()) as u64;
    input.by_ref().take(most).read_to_end(&mut begun).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&begun);
    let read = read_pasted(&text, asked.status.map(u32::from));
    // Without a status, a text that cannot be read may still be JSON lines of which the first is wrong.
    let is_lines = begun.trim_ascii().is_empty() || read.is_err() && text.lines().any(is_message);
    if asked.status.is_none() && (begun.len() > LONGEST || is_lines) {
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
