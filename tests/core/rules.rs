//! The contract, `docs/rules.md`: each rule is cited by the code that does it and by a test that checks it, and the tables of
//! the page say what the code says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use bytes::Bytes;
use errwire::{Catalog, Code, Dialect, ReadOptions, StatusTable, Translator, wire::grpc::Status};
use http::HeaderMap;

#[test]
fn what_is_cited_is_a_rule() {
    let rules = rules();
    let unknown: Vec<String> = cited(&["src", "tests", "fuzz", "benches"], |_| true)
        .into_iter()
        .filter(|(number, _)| !rules.contains(number))
        .map(|(number, file)| format!("{file} cites {number}, which docs/rules.md does not have"))
        .collect();
    assert!(unknown.is_empty(), "\n{}", unknown.join("\n"));
}

#[test]
fn every_rule_is_done_and_checked() {
    let is_test = |file: &str| file.contains("/tests") || file.starts_with("tests/");
    let checked = cited(&["src", "tests"], is_test);
    let done = cited(&["src", "proto"], |file| !is_test(file));
    let mut missing = Vec::new();
    for rule in rules() {
        if !checked.contains_key(&rule) {
            missing.push(format!("{rule} is cited by no test"));
        }
        if !done.contains_key(&rule) {
            missing.push(format!("{rule} is cited by no code"));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// R-KIND-1, R-KIND-2: the page has every built-in kind, and no other.
#[test]
fn the_kinds_are_those_of_the_page() {
    let builtin: BTreeSet<_> = (Catalog::builtin().iter())
        .map(|kind| {
            let entry = kind.entry().unwrap();
            (kind.as_str().to_owned(), entry.status.as_u16().to_string(), entry.code.name().to_owned())
        })
        .collect();
    let reference = table("| kind | status | code | description |");
    let page: BTreeSet<_> = (reference.iter().chain(&table("| kind | status | code |")))
        .map(|row| (row[0].clone(), row[1].clone(), row[2].clone()))
        .collect();
    assert_eq!(page, builtin);
    for row in reference {
        assert_eq!(Catalog::builtin().get(&row[0]).unwrap().entry().unwrap().description, row[3]);
    }
}

/// R-CODE-1, R-KIND-4
#[test]
fn the_codes_are_those_of_the_page() {
    let rows = table("| number | code | status | fallback kind |");
    assert_eq!(rows.len(), Code::ALL.len());
    for (code, row) in Code::ALL.into_iter().zip(rows) {
        let status = Status { code, message: "m".into(), details: Default::default() };
        let kind = Translator::default().read_grpc(status).kind().to_string();
        let told = [code.number().to_string(), code.name().into(), code.http_status().as_u16().to_string(), kind];
        assert_eq!(*row, told);
    }
}

/// R-CODE-2, R-KIND-5
#[test]
fn the_two_tables_are_those_of_the_page() {
    let rows = table("| status | origin | intermediary | fallback kind |");
    for status in 400..=599_u16 {
        let other = format!("other {}xx", status / 100);
        let row = rows.iter().find(|row| row[0] == status.to_string());
        let row = row.or_else(|| rows.iter().find(|row| row[0] == other)).unwrap();
        let forced = |table| {
            let options = ReadOptions::new().with_table(table);
            Translator::default().read_http_with(status.into(), &HeaderMap::new(), &Bytes::new(), &options).unwrap().0
        };
        let (origin, proxy) = (forced(StatusTable::Origin), forced(StatusTable::Intermediary));
        assert_eq!([origin.code().name(), proxy.code().name()], [&*row[1], &*row[2]], "{status}");
        assert_eq!(origin.kind(), row[3].replace("http_S", &format!("http_{status}")).as_str(), "{status}");
    }
}

/// R-DIALECT-1: the names of the code are those of the page.
#[test]
fn the_dialects_are_those_of_the_page() {
    let named: BTreeSet<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    let rows = table("| dialect | recognised by |");
    let page: BTreeSet<_> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(page, named);
}

/// The numbers that the page defines.
fn rules() -> BTreeSet<String> {
    let page = read("docs/rules.md");
    let mut rules = BTreeSet::new();
    for start in page.lines().filter_map(|line| line.strip_prefix("**R-")) {
        let number = format!("R-{}", start.split(".**").next().unwrap());
        assert!(rules.insert(number.clone()), "{number} is there twice");
    }
    assert!(rules.len() > 50, "the page is not in the form that this test reads");
    rules
}

/// The rows of the table with this head, without the marks of code.
fn table(head: &str) -> Vec<Vec<String>> {
    let page = read("docs/rules.md");
    let rows = page.lines().skip_while(|line| *line != head).skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().replace('`', "")).collect();
    let rows: Vec<Vec<String>> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "docs/rules.md has no table {head}");
    rows
}

/// The numbers that the files in these folders name, each with one of the files.
fn cited(folders: &[&str], wanted: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in folders.iter().flat_map(|folder| files(folder)) {
        if !wanted(&file) || file == "tests/core/rules.rs" {
            continue;
        }
        for number in numbers(&read(&file)) {
            found.entry(number).or_insert_with(|| file.clone());
        }
    }
    found
}

/// What looks like the number of a rule: `R-`, upper-case words, and digits.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words
        .filter(|word| {
            let parts: Vec<&str> = word.split('-').collect();
            let [first, names @ .., last] = &*parts else { return false };
            let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
            *first == "R" && !names.is_empty() && names.iter().all(is_name) && last.parse::<u32>().is_ok()
        })
        .map(str::to_owned)
}

/// The sources in a folder, by their paths in the package.
fn files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display())) {
        let entry = entry.unwrap();
        let inner = format!("{folder}/{}", entry.file_name().to_string_lossy());
        let is_source = [".rs", ".py", ".mjs", ".proto"].iter().any(|end| inner.ends_with(end));
        if entry.file_type().unwrap().is_dir() && !inner.ends_with("/target") && !inner.ends_with("/node_modules") {
            files.extend(self::files(&inner));
        } else if is_source {
            files.push(inner);
        }
    }
    files
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The search for numbers must find them, and nothing else.
#[test]
fn numbers_are_found_in_comments() {
    let text = "/// R-LAW-1, (R-READ-GRPC-12): R-X-, AR-LAW-2, R-1, R-law-3 and R-LAW-4x.";
    assert_eq!(numbers(text).collect::<Vec<_>>(), ["R-LAW-1", "R-READ-GRPC-12"]);
}
