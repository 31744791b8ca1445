//! The table of docs/dialects.md says what the general reader looks for: `src/wire/http/dialect/roles.rs`.

use std::{env, fs, path::PathBuf};

const HEAD: &str = "| role | members |\n|---|---|\n";

/// `BLESS=1` writes the table.
// docs/rules.md: R-GENERAL-1, R-GENERAL-2, R-GENERAL-3, R-GENERAL-4, R-GENERAL-5
#[test]
fn the_roles_are_those_of_the_page() {
    let rows = rows(&fs::read_to_string(path("src/wire/http/dialect/roles.rs")).unwrap());
    let page = fs::read_to_string(path("docs/dialects.md")).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("docs/dialects.md has the table of roles");
    let (_, after) = rest.split_once("\n\n").unwrap();
    let wanted = format!("{before}{HEAD}{}\n\n{after}", rows.join("\n"));
    if env::var_os("BLESS").is_some() {
        fs::write(path("docs/dialects.md"), wanted).unwrap();
    } else {
        assert!(page == wanted, "docs/dialects.md: write its table of roles anew with BLESS=1");
    }
}

/// Each list of names, under the comment that says what it is for.
fn rows(source: &str) -> Vec<String> {
    let lists = source.split("\n\n").filter_map(|item| {
        let (role, rest) = item.strip_prefix("/// ")?.split_once("\npub(super) const ")?;
        let (declared, rest) = rest.split_once("] =")?;
        let names: Vec<&str> = rest.split_once("];")?.0.split('"').skip(1).step_by(2).collect();
        let count: usize = declared.rsplit(' ').next()?.parse().unwrap();
        assert_eq!(names.len(), count, "{role}");
        let role = role.replace("\n/// ", " ").trim_end_matches('.').to_owned();
        Some(format!("| {role} | {} |", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")))
    });
    let rows: Vec<String> = lists.collect();
    assert_eq!(rows.len(), source.matches("pub(super) const ").count(), "every list has a comment");
    rows
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}
