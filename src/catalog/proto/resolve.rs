//! Compiling a file: whether its imports and its types exist.

use std::{
    cell::Cell,
    fs, io,
    path::{Path, PathBuf},
    rc::Rc,
};

use miette::Diagnostic;
use prost_types::FileDescriptorProto;
use protox::{
    Compiler, Error,
    file::{ChainFileResolver, DescriptorSetFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver},
};

use super::option::Lines;
use crate::{
    catalog::{Rule, open::read_file, rule::Findings},
    diagnostic::{Place, Quoted},
    model::rpc::DESCRIPTORS,
};

/// Compiles a file, and reports why that fails.
///
/// The compiler stops at the first option that it does not understand. If options are reported already, the rest is
/// compiled without them.
pub(super) fn check(name: &str, source: &str, imports: Imports<'_>, lines: &Lines<'_>, findings: &mut Findings) {
    let file = |source: &str| File::from_source(name, source);
    // Without positions, which cost the compiler the square of the number of options.
    let Err(_) = file(source).and_then(|file| compile(name, bare(file), imports)) else { return };
    let Err(error) = file(source).and_then(|file| compile(name, file, imports)) else { return };
    // Imports come first, so one that fails is why.
    if error.is_file_not_found() || !findings.has_errors() {
        report(&error, name, lines, findings);
    } else if let Err(error) = file(&without_options(name, source, lines)).and_then(|file| compile(name, file, imports))
    {
        report(&error, name, lines, findings);
    }
}

/// Reports an error, each of its parts at its place.
pub(super) fn report(error: &Error, name: &str, lines: &Lines<'_>, findings: &mut Findings) {
    let is_ours = error.file().is_none_or(|file| file == name);
    let what = if error.is_file_not_found() {
        "Check its name, or say which folder it is in with --proto-path"
    } else {
        "Fix it here or just above"
    };
    let mut one = |part: &dyn Diagnostic| {
        // Of two things that conflict, the second.
        let label = part.labels().and_then(Iterator::last);
        let offset = label.map(|label| label.offset()).or(error.is_parse().then_some(lines.end()));
        let place = offset.filter(|_| is_ours).map_or(Place::NOWHERE, |offset| lines.place(offset));
        let message = match error.file().filter(|_| !is_ours) {
            Some(file) => format!("The import {} is not a valid proto file: {part}", Quoted(file)),
            None => format!("This is not a valid proto file: {part}"),
        };
        findings.report(Rule::InvalidProto, place, message, what);
    };
    one(error);
    if let Some(related) = error.related() {
        related.for_each(one);
    }
}

fn compile(name: &str, file: File, imports: Imports<'_>) -> Result<(), Error> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(Given { name: name.to_owned(), file: Cell::new(Some(file)) });
    // `errwire/v1/annotations.proto` and what it imports, the other files of `errwire.v1`, and those of `google.rpc`.
    resolver.add(DescriptorSetFileResolver::decode(DESCRIPTORS).map_err(Error::new)?);
    imports.resolvers().for_each(|folder| resolver.add(folder));
    resolver.add(GoogleFileResolver::new());
    Compiler::with_file_resolver(resolver).open_file(name).map(drop)
}

/// The text with blanks in place of the options of enums, services, and of what is in them.
fn without_options(name: &str, source: &str, lines: &Lines<'_>) -> String {
    let Ok(file) = File::from_source(name, source) else { return source.to_owned() };
    let mut bytes = source.as_bytes().to_vec();
    for location in file.file_descriptor_proto().source_code_info.iter().flat_map(|info| &info.location) {
        let end = match *location.span {
            [line, _, column] => (line, column),
            [_, _, line, column] => (line, column),
            _ => continue,
        };
        let start = lines.offset((location.span[0], location.span[1]));
        let (Some(start), Some(end)) = (start, lines.offset(end)) else { continue };
        if is_options_of_ours(&location.path) {
            let blanked = bytes.get_mut(start..end).unwrap_or_default();
            blanked.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
    }
    // Whole characters went, so what is left is text.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether a [path](https://protobuf.com/docs/descriptors#source-code-info) leads to the options of an enum or a
/// service, or to those of one of its values or methods.
fn is_options_of_ours(path: &[i32]) -> bool {
    let mut path = match path {
        [5, _, rest @ ..] => return matches!(rest, [3] | [2, _, 3]),
        [6, _, rest @ ..] => return matches!(rest, [3] | [2, _, 4]),
        [4, _, rest @ ..] => rest,
        _ => return false,
    };
    while let [3, _, rest @ ..] = path {
        path = rest;
    }
    matches!(path, [4, _, 3] | [4, _, 2, _, 3])
}

/// The file that is compiled, until the compiler has it.
struct Given {
    name: String,
    file: Cell<Option<File>>,
}

impl FileResolver for Given {
    fn open_file(&self, name: &str) -> Result<File, Error> {
        let file = if name == self.name { self.file.take() } else { None };
        file.ok_or_else(|| Error::file_not_found(name))
    }
}

/// Where imports are looked for, and how many bytes all of them together may have.
#[derive(Clone, Copy, Debug)]
pub(in crate::catalog) struct Imports<'a> {
    pub(in crate::catalog) folders: &'a [PathBuf],
    pub(in crate::catalog) max_bytes: u64,
}

impl Imports<'_> {
    /// One for each folder, which share what there is left to read.
    pub(super) fn resolvers(&self) -> impl Iterator<Item = Folder> {
        let left = Rc::new(Cell::new(self.max_bytes));
        self.folders.iter().map(move |folder| Folder {
            paths: IncludeFileResolver::new(folder.clone()),
            folder: folder.clone(),
            left: left.clone(),
        })
    }
}

/// A folder of imports.
pub(super) struct Folder {
    paths: IncludeFileResolver,
    folder: PathBuf,
    left: Rc<Cell<u64>>,
}

impl Folder {
    fn read(&self, path: &Path) -> io::Result<String> {
        let bytes = read_file(path, self.left.get())?;
        self.left.set(self.left.get().saturating_sub(bytes.len() as u64));
        String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
    }

    /// Whether a link leads to a file that is not in the folder. A user that may write the folder may not be allowed to read that
    /// file, so its words are not to be shown.
    fn is_outside(&self, path: &Path) -> bool {
        match (fs::canonicalize(path), fs::canonicalize(&self.folder)) {
            (Ok(path), Ok(folder)) => !path.starts_with(folder),
            _ => true,
        }
    }
}

impl FileResolver for Folder {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        self.paths.resolve_path(path)
    }

    fn open_file(&self, name: &str) -> Result<File, Error> {
        let path = self.folder.join(name);
        let text = match self.read(&path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Err(Error::file_not_found(name)),
            Err(why) => return Err(Error::new(io::Error::other(format!("the import {}: {why}", Quoted(name))))),
            Ok(text) => text,
        };
        // Positions are left out: they would cost the compiler the square of the number of options.
        File::from_source(name, &text).map(bare).map_err(|why| match self.is_outside(&path) {
            true => {
                let what =
                    "is not a valid proto file, and is a link to a file outside of its folder, which is not shown";
                Error::new(io::Error::other(format!("the import {} {what}", Quoted(name))))
            }
            false => why,
        })
    }
}

/// A file without positions.
pub(super) fn bare(file: File) -> File {
    FileDescriptorProto { source_code_info: None, ..file.into() }.into()
}
