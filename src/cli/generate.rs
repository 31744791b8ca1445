//! `errwire generate`: a catalog in another form.

use std::{fs, io::Write, path::Path};

use super::{
    args::Lang,
    outcome::{Failure, Outcome},
};
use crate::{
    catalog::{Catalog, Form, Generated, generate},
    model::{Error, kinds},
};

pub(super) fn run(
    catalog: &Catalog,
    lang: Lang,
    folder: Option<&Path>,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let form = match lang {
        Lang::Proto => Form::Proto,
        Lang::Yaml => Form::Yaml,
        Lang::Rust => Form::Rust,
    };
    let files = generate(catalog, form);
    match (folder, &*files) {
        (Some(folder), files) => {
            for file in files {
                let path = write(folder, file)?;
                writeln!(out, "{path}").map_err(Failure::Output)?;
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

fn write(folder: &Path, file: &Generated) -> Result<String, Failure> {
    let path = folder.join(&file.name);
    let shown = path.to_string_lossy().into_owned();
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&path, &file.text))
        .map_err(|why| Failure::Io(format!("cannot write {shown}"), why))?;
    Ok(shown)
}
