//! Circles between files: what each needs of others, through what `mod.rs` files pass on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, paths, tokens};

/// Files that need each other since their types do, with the reason. A circle may lose files, and get none.
const KNOWN: [(&[&str], &str); 1] =
    [(&["model/fallback.rs", "model/kind.rs", "model/kinds.rs"], "a kind finds its entry among the built-in ones")];

/// The files of each circle that is not known.
pub(super) fn circles(sources: &[Source]) -> BTreeSet<String> {
    let graph = Graph::new(sources);
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph.edges.keys().map(|file| (*file, graph.reachable(file))).collect();
    let is_round =
        |from: &str, to: &str| reach[from].contains(to) && reach.get(to).is_some_and(|all| all.contains(from));
    let mut circles = BTreeSet::new();
    for file in reach.keys() {
        let round: Vec<&str> = reach.keys().copied().filter(|other| is_round(file, other)).collect();
        let is_in = |known: &[&str]| round.iter().all(|file| known.iter().any(|known| file[4..] == **known));
        if !round.is_empty() && !KNOWN.iter().any(|(known, _)| is_in(known)) {
            circles.insert(round.join(" "));
        }
    }
    circles
}

struct Graph<'a> {
    files: BTreeMap<Vec<String>, &'a str>,
    /// What a module passes on under a name of its own.
    exports: BTreeMap<(Vec<String>, String), Vec<String>>,
    edges: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Graph<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let sources = || sources.iter().filter(|source| !source.module.is_empty() && !is_test(&source.file));
        let files = sources().map(|source| (source.module.clone(), source.file.as_str())).collect();
        let mut graph = Self { files, exports: BTreeMap::new(), edges: BTreeMap::new() };
        let mut all = Vec::new();
        for source in sources() {
            let tokens = tokens::tokens(without_tests(&source.text));
            for leaf in paths::exports(&tokens, &source.module) {
                graph.exports.insert((source.module.clone(), leaf.name), leaf.path);
            }
            all.push((source, tokens));
        }
        for (source, tokens) in all {
            let needs = paths::references(&tokens, &source.module);
            let needs = needs.iter().filter_map(|path| graph.owner(path, &source.module)).collect();
            graph.edges.insert(&source.file, needs);
        }
        graph
    }

    /// The file that a path leads to, unless it is the module itself, or one around or inside of it.
    fn owner(&self, path: &[String], from: &[String]) -> Option<&'a str> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let depth = (1..=path.len()).rev().find(|depth| self.files.contains_key(&path[..*depth]))?;
            let passed_on = path.get(depth).and_then(|name| self.exports.get(&(path[..depth].to_vec(), name.clone())));
            let Some(passed_on) = passed_on else {
                let module = &path[..depth];
                let is_related = from.starts_with(module) || module.starts_with(from);
                return if is_related { None } else { self.files.get(module).copied() };
            };
            path = passed_on.iter().chain(&path[depth + 1..]).cloned().collect();
        }
        None
    }

    fn reachable(&self, file: &str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut next: Vec<&str> = self.edges[file].iter().copied().collect();
        while let Some(file) = next.pop() {
            if found.insert(file) {
                next.extend(self.edges.get(file).into_iter().flatten());
            }
        }
        found
    }
}

fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

/// Tests end a file.
pub(super) fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}
