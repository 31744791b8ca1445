//! Bad catalogs, one or several problems each: what `errwire check` says of `tests/bad_catalogs/NAME` is in `NAME.txt` next to it,
//! word for word. `BLESS=1 cargo test --test catalog -- bad_catalogs` writes what is said now, to be read before it is committed.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use errwire::catalog::{Loader, Rule};

/// Rules that files of this folder cannot break.
const NOT_HERE: [Rule; 2] = [
    // A file that is not there; see `tests/catalog/sources.rs`.
    Rule::UnreadableFile,
    // Of comments in files without other problems; see `tests/catalog/check.rs`.
    Rule::UnusedAllow,
];

#[test]
fn each_problem_is_reported() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad_catalogs"));
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end != "txt")).collect();
    files.sort();
    assert!(files.len() >= 40, "there are {} only", files.len());

    let (mut broken, mut wrong) = (BTreeSet::new(), Vec::new());
    for file in files {
        let problems = Loader::new().check([&file]).problems;
        assert!(!problems.is_empty(), "{} is good", file.display());
        broken.extend(problems.iter().map(|problem| problem.rule()));
        let said: Vec<String> = problems.iter().map(|problem| format!("{}\n", problem.shown())).collect();
        let said = said.join("\n").replace(&format!("{}/", folder.display()), "");
        let expected = PathBuf::from(format!("{}.txt", file.display()));
        if env::var_os("BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{} is not\n{said}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let missing: Vec<_> = Rule::ALL.iter().filter(|rule| !broken.contains(rule) && !NOT_HERE.contains(rule)).collect();
    assert!(missing.is_empty(), "no file breaks {missing:?}");
}
