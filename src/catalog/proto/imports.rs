//! The files that a `.proto` file imports.

use std::{
    cell::Cell,
    fs, io,
    path::{Path, PathBuf},
};

use prost_types::FileDescriptorProto;
use protox::{
    Error,
    file::{File, FileResolver, IncludeFileResolver},
};

use crate::{catalog::read_file::read_file, diagnostic::Quoted};

/// Where imports are looked for, and how many bytes all of them together may have.
#[derive(Clone, Copy, Debug)]
pub(in crate::catalog) struct Imports<'a> {
    pub(in crate::catalog) folders: &'a [PathBuf],
    pub(in crate::catalog) max_bytes: u64,
}

impl Imports<'_> {
    /// One for each folder, which share what there is left to read.
    pub(super) fn resolvers(&self) -> impl Iterator<Item = Folder> {
        let left = std::rc::Rc::new(Cell::new(self.max_bytes));
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
    left: std::rc::Rc<Cell<u64>>,
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
        // Positions are not asked for, and cost the compiler the square of the number of options.
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
