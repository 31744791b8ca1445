//! `errwire translate`: JSON lines in, JSON lines out.

mod answer;
mod shape;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use answer::Answers;

use super::{
    args::Wire,
    config::Input,
    failure::{Failure, Outcome},
    line_reader::{Line, Lines},
    progress::Progress,
};
use crate::translate::Translator;

/// The longest line, in bytes. A message of the service is limited to 4 MiB; as JSON it may be twice that.
const LONGEST: usize = 8 * 1024 * 1024;

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn run(
    translator: Translator,
    to: Option<Wire>,
    input: &Input,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let answers = Answers::new(translator, to);
    match input {
        Input::Stdin => translate(&answers, io::stdin().lock(), "standard input", out),
        Input::File(path) => {
            let file = File::open(path).map_err(|why| Failure::Io(format!("cannot open {}", path.display()), why))?;
            translate(&answers, BufReader::new(file), &name(path), out)
        }
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// One line at a time, so that the memory is that of one line.
// docs/rules.md: R-CLI-2
fn translate(answers: &Answers, input: impl BufRead, name: &str, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut lines = Lines::new(input, LONGEST);
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
        out.write_all(&answer).and_then(|()| out.flush()).map_err(Failure::Output)?;
    }
    progress.finish();
    Ok(if progress.failures() == 0 { Outcome::Fine } else { Outcome::Findings })
}
