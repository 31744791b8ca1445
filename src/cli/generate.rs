//! `errwire generate`: a catalog in another form; and `errwire docs`: the reference of a catalog, for people and for tools.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    args::{Docs, DocsFormat, Generate, Lang},
    outcome::{Failure, Outcome, WARNING},
};
use crate::{
    catalog::{self, Form},
    docs::{
        Reference, html, markdown,
        openapi::{self, Merged},
    },
    model::{Error, kinds},
};

pub(super) fn generate(args: &Generate, out: &mut impl Write) -> Result<Outcome, Failure> {
    let catalog = args.imports.loader().load(&args.files).map_err(Failure::Catalog)?;
    let form = match args.lang {
        Lang::Proto => Form::Proto,
        Lang::Yaml => Form::Yaml,
        Lang::Rust => Form::Rust,
    };
    let files = catalog::generate(&catalog, form);
    match (&args.out, &*files) {
        (Some(folder), files) => {
            for file in files {
                let path = folder.join(&file.name);
                write(&path, &file.text)?;
                writeln!(out, "{}", path.display()).map_err(Failure::Output)?;
            }
        }
        (None, [file]) => out.write_all(file.text.as_bytes()).map_err(Failure::Output)?,
        (None, files) => {
            let message =
                format!("The catalog has {} domains, a file for each. Give a folder with --out.", files.len());
            return Err(Failure::Errwire(Error::new(kinds::REQUEST_INVALID).with_message(message)));
        }
    }
    Ok(Outcome::Fine)
}

/// The most bytes of a document that errors are added to.
const LONGEST: u64 = 64 * 1024 * 1024;

pub(super) fn docs(docs: &Docs, out: &mut impl Write) -> Result<Outcome, Failure> {
    let reference = Reference::new(&docs.catalog.translator()?);
    let (text, notes) = match (&docs.merge, docs.format) {
        (Some(file), _) => {
            let Merged { text, notes } = merged(&reference, file)?;
            (text, notes)
        }
        (None, DocsFormat::Markdown) => (markdown::write(&reference), Vec::new()),
        (None, DocsFormat::Html) => (html::write(&reference), Vec::new()),
        (None, DocsFormat::Openapi) => (openapi::write(&reference), Vec::new()),
    };
    note(docs.merge.as_deref(), &notes).map_err(Failure::Output)?;
    match (target(docs), docs.check) {
        (Some(path), true) => check(&path, &text, out),
        (Some(path), false) => {
            write(&path, &text)?;
            writeln!(out, "{}", path.display()).map_err(Failure::Output)?;
            Ok(Outcome::Fine)
        }
        (None, _) => {
            out.write_all(text.as_bytes()).map_err(Failure::Output)?;
            Ok(Outcome::Fine)
        }
    }
}

/// The file that is written or compared; `None` for standard output.
fn target(docs: &Docs) -> Option<PathBuf> {
    let name = match (&docs.merge, docs.format) {
        (Some(file), _) => file.file_name().map(Path::new)?,
        (None, DocsFormat::Markdown) => Path::new("errors.md"),
        (None, DocsFormat::Html) => Path::new("errors.html"),
        (None, DocsFormat::Openapi) => Path::new("openapi.yaml"),
    };
    match (&docs.out, &docs.merge) {
        (Some(folder), _) => Some(folder.join(name)),
        // A merge writes into its own input.
        (None, Some(file)) if docs.check => Some(file.clone()),
        (None, _) => None,
    }
}

fn merged(reference: &Reference, file: &Path) -> Result<Merged, Failure> {
    let shown = file.display();
    let cannot = |why| Failure::Io(format!("cannot read {shown}"), why);
    let length = fs::metadata(file).map_err(cannot)?.len();
    if length > LONGEST {
        return Err(Failure::Io(format!("cannot read {shown}"), io::ErrorKind::FileTooLarge.into()));
    }
    let text = fs::read_to_string(file).map_err(cannot)?;
    openapi::merge(reference, &text).map_err(|why| {
        let message = format!("The errors cannot be added to {shown}: {why}.");
        Failure::Errwire(Error::new(kinds::REQUEST_INVALID).with_message(message))
    })
}

/// Writes the notes of a merge to standard error.
fn note(file: Option<&Path>, notes: &[String]) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    let file = file.map(|file| file.display().to_string()).unwrap_or_default();
    notes
        .iter()
        .try_for_each(|note| writeln!(err, "{}note:{} {file}: {note}", WARNING.render(), WARNING.render_reset()))
}

fn check(path: &Path, text: &str, out: &mut impl Write) -> Result<Outcome, Failure> {
    let shown = path.display();
    let line = match fs::read_to_string(path) {
        Ok(kept) if kept == text => return Ok(Outcome::Fine),
        Ok(_) => format!("{shown} is out of date: run the command again without --check"),
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            format!("{shown} does not exist: run the command again without --check")
        }
        Err(why) => return Err(Failure::Io(format!("cannot read {shown}"), why)),
    };
    writeln!(out, "{line}").map_err(Failure::Output)?;
    Ok(Outcome::Findings)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|why| Failure::Io(format!("cannot write {}", path.display()), why))
}
