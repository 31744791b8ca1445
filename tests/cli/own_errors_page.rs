//! `docs/your-own-errors.md` shows what `examples/own_errors` has. Not in the package, as the example is not.

use std::{fs, path::Path};

/// The code blocks that are parts of files, each with the file that was named last before it.
fn blocks(page: &str) -> Vec<(String, String)> {
    let (mut file, mut blocks) = (String::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:")) {
            file = name.to_owned();
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        // Commands are run by `tests/cli/pages.rs`.
        if language != "console" {
            blocks.push((file.clone(), block));
        }
    }
    blocks
}

/// Without what all lines begin with: a part of a file may stand in a function there.
fn outdented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = text.lines().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    text.lines().flat_map(|line| [line.get(least..).unwrap_or_default(), "\n"]).collect()
}

#[test]
fn every_block_is_a_part_of_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/your-own-errors.md")).unwrap();
    let blocks = blocks(&page);
    assert!(blocks.len() >= 12, "only {} blocks were found", blocks.len());
    for (file, block) in blocks {
        let path = root.join("examples/own_errors").join(&file);
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let count = block.lines().count();
        let lines: Vec<&str> = text.lines().collect();
        let is_there = lines.windows(count).any(|part| outdented(&(part.join("\n") + "\n")) == outdented(&block));
        assert!(is_there, "{file} does not have\n{block}");
    }
}
