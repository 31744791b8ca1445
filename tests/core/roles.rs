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
    let (_, table) = source.split_once("roles! {\n").expect("the table");
    let (table, _) = table.split_once("\n}").expect("the end of the table");
    let row = |list: &str| {
        let (comment, names): (Vec<&str>, Vec<&str>) =
            list.lines().map(str::trim).partition(|line| line.starts_with("///"));
        let role: Vec<&str> = comment.iter().map(|line| line.trim_start_matches("/// ")).collect();
        let names = names.join(" ");
        let (_, names) = names.strip_suffix(';').and_then(|names| names.split_once(':')).expect("a name and a list");
        let names: Vec<String> = names.split_whitespace().map(|name| format!("`{name}`")).collect();
        assert!(!role.is_empty() && !names.is_empty(), "every list has a comment: {list}");
        format!("| {} | {} |", role.join(" ").trim_end_matches('.'), names.join(", "))
    };
    let rows: Vec<String> = table.split("\n\n").map(row).collect();
    let lists = table.lines().filter(|line| line.ends_with(';')).count();
    assert_eq!(rows.len(), lists, "an empty line between two lists");
    rows
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}
