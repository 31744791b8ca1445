//! From files to a catalog.

use std::{fs, path::Path};

use super::{
    Catalog, Problem, Problems, Rule,
    join::{DraftFile, join},
    problem::Findings,
    yaml,
};

impl Catalog {
    /// The built-in kinds and those of one file in YAML. `name` is how problems call the file.
    ///
    /// # Errors
    ///
    /// All problems of the file at once. Warnings alone do not fail; see [`from_yaml_with_warnings`].
    ///
    /// [`from_yaml_with_warnings`]: Self::from_yaml_with_warnings
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, Problems> {
        Self::from_yaml_with_warnings(name, text).map(|(catalog, _)| catalog)
    }

    /// As [`from_yaml`](Self::from_yaml), with the warnings of a file that is otherwise fine.
    ///
    /// # Errors
    ///
    /// All problems of the file at once, warnings included.
    pub fn from_yaml_with_warnings(name: &str, text: &str) -> Result<(Self, Vec<Problem>), Problems> {
        let mut findings = Findings::new(name);
        let file = yaml::read(text, &mut findings);
        finish(vec![(file, findings)])
    }

    /// The built-in kinds and those of these YAML files together. The files may have different domains; a kind is in
    /// one of them only.
    ///
    /// # Errors
    ///
    /// All problems of all files at once; a file that cannot be read is one of them. Warnings alone do not fail; see
    /// [`load_with_warnings`](Self::load_with_warnings).
    pub fn load(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Problems> {
        Self::load_with_warnings(paths).map(|(catalog, _)| catalog)
    }

    /// As [`load`](Self::load), with the warnings of files that are otherwise fine.
    ///
    /// # Errors
    ///
    /// All problems of all files at once, warnings included.
    pub fn load_with_warnings(
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<(Self, Vec<Problem>), Problems> {
        finish(paths.into_iter().map(|path| read(path.as_ref())).collect())
    }
}

fn read(path: &Path) -> (DraftFile, Findings) {
    let mut findings = Findings::new(&path.to_string_lossy());
    let file = match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => yaml::read(&text, &mut findings),
        Ok(Err(_)) => {
            findings.report(Rule::UnreadableFile, None, "The file is not UTF-8".to_owned(), "Save it as UTF-8");
            DraftFile::default()
        }
        Err(error) => {
            let message = format!("The file cannot be read: {error}");
            findings.report(Rule::UnreadableFile, None, message, "Check its name and who may read it");
            DraftFile::default()
        }
    };
    (file, findings)
}

fn finish(files: Vec<(DraftFile, Findings)>) -> Result<(Catalog, Vec<Problem>), Problems> {
    let (catalog, findings) = join(files);
    let problems: Vec<Problem> = findings.into_iter().flat_map(Findings::finish).collect();
    if problems.iter().all(Problem::is_warning) {
        return Ok((catalog, problems));
    }
    Err(Problems::new(problems))
}
