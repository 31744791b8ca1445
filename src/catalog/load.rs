//! From files to a catalog.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use super::{
    Catalog, Problem, Problems, Rule,
    join::{DraftFile, join},
    open::read_file,
    proto,
    rule::Findings,
};
use crate::diagnostic::{Notation, Place};

/// What was read of one file, or of each file of a descriptor set.
pub(super) type Read = Vec<(DraftFile, Findings)>;

/// Loads catalogs from files. What a file is written in is seen by how its name ends:
///
/// | name | content | feature |
/// |---|---|---|
/// | `.yaml`, `.yml` | YAML | `yaml` |
/// | `.proto` | annotated enums | `proto` |
/// | `.binpb`, `.pb`, `.desc` | a `FileDescriptorSet` with annotated enums | `catalog-files` |
/// | any other, such as `/dev/stdin` | as `.proto` if it begins with `syntax`, else YAML | |
///
/// A `.proto` file finds what it imports in its own folder, in the one above the folders that its package names, and in the
/// folders [given](Self::with_include). `errwire/v1/annotations.proto` and the files of `google.rpc` and `google.protobuf` are
/// always there.
///
/// ```
/// use errwire::catalog::Loader;
///
/// # #[cfg(feature = "yaml")] {
/// let catalog = Loader::new().with_include("third_party/protos").load(["examples/catalogs/tasks.yaml"])?;
/// assert!(catalog.get("task_quota_exhausted").is_some());
/// # }
/// # Ok::<(), errwire::catalog::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct Loader {
    includes: Vec<PathBuf>,
    max_bytes: u64,
}

impl Loader {
    /// The default limit of the bytes of a file: 64 MiB, which is about 200,000 kinds.
    pub const DEFAULT_MAX_BYTES: u64 = 64 * 1024 * 1024;

    /// Without folders to look for imports in, next to those of the files.
    pub fn new() -> Self {
        Self { includes: Vec::new(), max_bytes: Self::DEFAULT_MAX_BYTES }
    }

    /// Refuses a file of more bytes than these, and reads no more of it. What a `.proto` file imports may have as many, all of it
    /// together.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Looks for imports in this folder too, after those that were given before.
    #[must_use]
    pub fn with_include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.includes.push(folder.into());
        self
    }

    /// The built-in kinds and those of these files together. The files may have different domains; a kind is in one of
    /// them only.
    ///
    /// # Errors
    ///
    /// All problems of all files at once; a file that cannot be read is one of them. Warnings alone do not fail; see
    /// [`load_with_warnings`](Self::load_with_warnings).
    pub fn load(&self, paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Catalog, Problems> {
        self.load_with_warnings(paths).map(|(catalog, _)| catalog)
    }

    /// As [`load`](Self::load), with the warnings of files that are otherwise fine.
    ///
    /// # Errors
    ///
    /// All problems of all files at once, warnings included.
    pub fn load_with_warnings(
        &self,
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<(Catalog, Vec<Problem>), Problems> {
        finish(paths.into_iter().flat_map(|path| self.read(path.as_ref())).collect())
    }

    pub(super) fn read(&self, path: &Path) -> Read {
        let name = path.to_string_lossy();
        let bytes = match read_file(path, self.max_bytes) {
            Ok(bytes) => bytes,
            Err(why) => return unreadable(&name, &why),
        };
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        if let Some("binpb" | "pb" | "desc") = ending.as_deref() {
            return proto::read_set(&name, &bytes);
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return refused(&name, "The file is not UTF-8".to_owned(), "Save it as UTF-8");
        };
        let is_proto = match ending.as_deref() {
            Some("proto") => true,
            Some("yaml" | "yml") => false,
            // A pipe, and the key of a ConfigMap, have no ending.
            _ => begins_as_proto(&text),
        };
        let mut files = if is_proto { self.proto(path, &name, &text) } else { yaml(&name, &text) };
        // What was read may be gone by now, as a pipe is.
        if let [(_, findings)] = &mut *files {
            findings.set_text(text);
        }
        files
    }

    /// How many bytes a file may have.
    #[cfg(feature = "server")]
    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    #[cfg(feature = "proto")]
    fn proto(&self, path: &Path, name: &str, text: &str) -> Read {
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut includes = self.includes.clone();
        includes.push(folder.to_owned());
        includes.extend(root(folder, text).map(Path::to_owned));
        // The name by which another file would import this one.
        let import = includes
            .iter()
            .filter_map(|include| path.strip_prefix(include).ok())
            .max_by_key(|import| import.components().count());
        let import = import.unwrap_or(path).to_string_lossy().replace('\\', "/");
        let imports = proto::Imports { folders: &includes, max_bytes: self.max_bytes };
        let mut findings = Findings::new(name, Notation::Proto);
        let file = proto::read_source(&import, text, imports, &mut findings);
        vec![(file, findings)]
    }

    #[cfg(not(feature = "proto"))]
    fn proto(&self, _path: &Path, name: &str, _text: &str) -> Read {
        refused(
            name,
            "This build of errwire does not read .proto files".to_owned(),
            "Build it with the feature `proto`",
        )
    }
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Catalog {
    /// The built-in kinds and those of one file in YAML. `name` is how problems call the file.
    ///
    /// # Errors
    ///
    /// All problems of the file at once. Warnings alone do not fail; see [`from_yaml_with_warnings`].
    ///
    /// [`from_yaml_with_warnings`]: Self::from_yaml_with_warnings
    #[cfg(feature = "yaml")]
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, Problems> {
        Self::from_yaml_with_warnings(name, text).map(|(catalog, _)| catalog)
    }

    /// As [`from_yaml`](Self::from_yaml), with the warnings of a file that is otherwise fine.
    ///
    /// # Errors
    ///
    /// All problems of the file at once, warnings included.
    #[cfg(feature = "yaml")]
    pub fn from_yaml_with_warnings(name: &str, text: &str) -> Result<(Self, Vec<Problem>), Problems> {
        finish(yaml(name, text))
    }

    /// The built-in kinds and those of the annotated enums of one `.proto` file, which imports no other files than
    /// `errwire/v1/annotations.proto` and those of `google.rpc` and `google.protobuf`. `name` is how problems call the file.
    ///
    /// # Errors
    ///
    /// All problems of the file at once. Warnings alone do not fail.
    #[cfg(feature = "proto")]
    pub fn from_proto(name: &str, text: &str) -> Result<Self, Problems> {
        let mut findings = Findings::new(name, Notation::Proto);
        let file = proto::read_source(name, text, proto::Imports { folders: &[], max_bytes: 0 }, &mut findings);
        finish(vec![(file, findings)]).map(|(catalog, _)| catalog)
    }

    /// The built-in kinds and those of the annotated enums of a `google.protobuf.FileDescriptorSet`. Imports need not be in
    /// it. `name` is how problems call the set.
    ///
    /// # Errors
    ///
    /// All problems of the set at once. Warnings alone do not fail.
    pub fn from_descriptor_set(name: &str, bytes: &[u8]) -> Result<Self, Problems> {
        finish(proto::read_set(name, bytes)).map(|(catalog, _)| catalog)
    }

    /// As [`Loader::load`], without folders for imports.
    ///
    /// # Errors
    ///
    /// All problems of all files at once; a file that cannot be read is one of them. Warnings alone do not fail; see
    /// [`load_with_warnings`](Self::load_with_warnings).
    pub fn load(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Problems> {
        Loader::new().load(paths)
    }

    /// As [`load`](Self::load), with the warnings of files that are otherwise fine.
    ///
    /// # Errors
    ///
    /// All problems of all files at once, warnings included.
    pub fn load_with_warnings(
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<(Self, Vec<Problem>), Problems> {
        Loader::new().load_with_warnings(paths)
    }
}

#[cfg(feature = "yaml")]
fn yaml(name: &str, text: &str) -> Read {
    let mut findings = Findings::new(name, Notation::Yaml);
    let file = super::yaml::read(text, &mut findings);
    vec![(file, findings)]
}

#[cfg(not(feature = "yaml"))]
fn yaml(name: &str, _text: &str) -> Read {
    refused(name, "This build of errwire does not read YAML".to_owned(), "Build it with the feature `yaml`")
}

/// Whether the first line with content is `syntax = ..`, which a catalog in YAML cannot begin with.
fn begins_as_proto(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.next().and_then(|line| line.strip_prefix("syntax")).is_some_and(|rest| rest.trim_start().starts_with('='))
}

fn unreadable(name: &str, why: &io::Error) -> Read {
    let remedy = match why.kind() {
        io::ErrorKind::FileTooLarge => "Split it into several files, or check that it is the right one",
        _ => "Check its name and its permissions",
    };
    refused(name, format!("The file cannot be read: {why}"), remedy)
}

fn refused(name: &str, message: String, remedy: &'static str) -> Read {
    let mut findings = Findings::new(name, Notation::Yaml);
    findings.report(Rule::UnreadableFile, Place::NOWHERE, message, remedy);
    vec![(DraftFile::default(), findings)]
}

/// The folder that the imports of a file begin at, if the file is in the folder that its package names.
#[cfg(feature = "proto")]
fn root<'p>(folder: &'p Path, text: &str) -> Option<&'p Path> {
    let package = text.lines().find_map(|line| line.trim().strip_prefix("package ")?.strip_suffix(';'))?;
    package.trim().rsplit('.').try_fold(folder, |folder, part| {
        (folder.file_name()? == part).then_some(())?;
        folder.parent()
    })
}

fn finish(files: Read) -> Result<(Catalog, Vec<Problem>), Problems> {
    let (files, mut findings): (Vec<DraftFile>, Vec<Findings>) = files.into_iter().unzip();
    let catalog = join(files, &mut findings);
    let problems: Vec<Problem> = findings.into_iter().flat_map(Findings::finish).collect();
    if problems.iter().all(Problem::is_warning) {
        return Ok((catalog, problems));
    }
    Err(Problems::new(problems))
}
