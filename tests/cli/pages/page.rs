//! The pages for people, taken apart.

use std::{fs, path::Path};

pub(crate) struct Page {
    /// From the root of the package: `docs/architecture.md`.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A command line, and what it prints.
pub(crate) struct Example {
    pub(crate) command: String,
    pub(crate) output: String,
}

impl Page {
    /// Every page in the root and in `docs`.
    pub(crate) fn all() -> Vec<Self> {
        let names = ["", "docs/"].into_iter().flat_map(|folder| {
            let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
            entries.map(move |entry| format!("{folder}{}", entry.unwrap().file_name().to_str().unwrap()))
        });
        let mut names: Vec<_> = names.filter(|name| name.ends_with(".md")).collect();
        names.sort_unstable();
        names.iter().map(|name| Self::read(name)).collect()
    }

    pub(crate) fn read(name: &str) -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        Self { name: name.to_owned(), text }
    }

    /// The code blocks of a language.
    pub(crate) fn blocks(&self, language: &str) -> Vec<String> {
        let start = format!("\n```{language}\n");
        let blocks = self.text.split(&start).skip(1);
        blocks.map(|rest| rest.split_once("\n```").expect("a block ends").0.to_owned() + "\n").collect()
    }

    /// In blocks of `console`, each line after `$ ` is a command, and the others are what it prints.
    pub(crate) fn console(&self) -> Vec<Example> {
        let mut examples: Vec<Example> = Vec::new();
        for line in self.blocks("console").iter().flat_map(|block| block.lines()) {
            match (line.strip_prefix("$ "), examples.last_mut()) {
                (Some(command), _) => {
                    examples.push(Example { command: command.to_owned(), output: String::new() });
                }
                (None, Some(example)) => example.output += &format!("{line}\n"),
                (None, None) => panic!("{} has output without a command", self.name),
            }
        }
        examples
    }

    /// What stands between two lines.
    pub(crate) fn between(&self, start: &str, end: &str) -> &str {
        let (_, rest) = self.text.split_once(&format!("{start}\n")).unwrap();
        rest.split_once(end).unwrap().0
    }

    /// The targets of `[text](target)`, code aside.
    pub(crate) fn links(&self) -> impl Iterator<Item = &str> {
        let prose = self.text.split("\n```").step_by(2);
        prose.flat_map(|part| part.split("](").skip(1)).map(|rest| rest.split_once(')').expect("a link ends").0)
    }

    /// The headings as links spell them: in lower case, with `-` for blanks and without punctuation.
    pub(crate) fn headings(&self) -> impl Iterator<Item = String> {
        let lines = self.text.lines().filter(|line| line.starts_with('#'));
        lines.map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
    }
}
