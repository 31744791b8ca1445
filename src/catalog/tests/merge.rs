//! Several files as one catalog.

use std::{fs, path::PathBuf, process};

use super::{bad::places, good::entry};
use crate::catalog::Catalog;

/// Files in a folder of their own, which goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("errwire-{name}-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn joins_files_of_different_domains() {
    let folder = Folder::new("catalog-join");
    let one = folder.write(
        "one.yaml",
        "domain: one\nkinds: {one_kind: {status: 400, code: ABORTED, message: m, deprecated: {replaced_by: two_kind}}}",
    );
    let two = folder.write("two.yaml", "domain: two\nkinds: {two_kind: {status: 400, code: ABORTED, message: m}}");
    let (catalog, warnings) = Catalog::load_with_warnings([&one, &two]).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(entry(&catalog, "one_kind").domain, "one");
    assert_eq!(entry(&catalog, "two_kind").domain, "two");
    let names: Vec<_> = catalog.iter().map(|kind| kind.as_str().to_owned()).collect();
    assert!(names.is_sorted());
    assert_eq!(names.len(), Catalog::builtin().len() + 2);
}

// docs/rules.md: R-CATALOG-1
#[test]
fn across_files() {
    let folder = Folder::new("catalog-bad");
    let entry = "{status: 400, code: ABORTED, message: m}";
    let one = folder.write("one.yaml", format!("domain: one\nkinds:\n  a_kind: {entry}\n  b_kind: {{}}\n"));
    let two = folder.write("two.yaml", format!("domain: two\nkinds:\n\n    b_kind: {entry}\n    a_kind: {entry}\n"));
    let latin = folder.write("latin.yaml", b"domain: gr\xf6\xdfe\n");
    let problems = Catalog::load([&two, &one, &latin, &folder.0.join("none.yaml")]).unwrap_err();

    let prefix = format!("{}/", folder.0.display());
    let places: Vec<_> = places(&problems).into_iter().map(|place| place.replace(&prefix, "")).collect();
    assert_eq!(
        places,
        [
            "two.yaml:4:5: duplicate-kind",
            "two.yaml:5:5: duplicate-kind",
            "one.yaml:3:3: duplicate-kind",
            "one.yaml:4:3: missing-key",
            "one.yaml:4:3: missing-key",
            "one.yaml:4:3: missing-key",
            "one.yaml:4:3: duplicate-kind",
            "latin.yaml: unreadable-file",
            "none.yaml: unreadable-file",
        ]
    );
    let text = problems.to_string().replace(&prefix, "");
    assert!(text.contains("one.yaml:3:3: The kind `a_kind` is also at two.yaml:5:5. "), "{text}");
    assert!(text.contains("two.yaml:5:5: The kind `a_kind` is also at one.yaml:3:3. "), "{text}");
    assert!(text.contains("\nlatin.yaml: The file is not UTF-8. Save it as UTF-8.\n"), "{text}");
}
