//! The crates that the public interface names, as far as the source tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, paths, tokens};

/// The dependencies that `[package.metadata.cargo_check_external_types]` allows, by the names that Rust has for them.
pub(super) fn allowed(manifest: &str) -> BTreeSet<String> {
    let list = manifest.split("\nallowed_external_types = [").nth(1).and_then(|rest| rest.split(']').next());
    let items = list.unwrap_or_default().split('"').skip(1).step_by(2);
    items.map(|item| item.split("::").next().unwrap_or(item).to_owned()).collect()
}

/// The optional and other dependencies of a manifest, by the names that Rust has for them.
pub(super) fn dependencies(manifest: &str) -> BTreeSet<String> {
    let table = manifest.split("\n[dependencies]\n").nth(1).and_then(|rest| rest.split("\n[").next());
    let names = table.unwrap_or_default().lines().filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.replace('-', "_")).collect()
}

/// Each crate of `crates` that an item of these sources names in public, with one of its files.
pub(super) fn named(sources: &[Source], crates: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for source in sources {
        let tokens = tokens::tokens(super::circles::without_tests(&source.text));
        let imports: BTreeMap<_, _> = (paths::uses(&tokens).into_iter())
            .filter_map(|leaf| Some((leaf.name, leaf.path.into_iter().next()?)))
            .filter(|(_, owner)| crates.contains(owner))
            .collect();
        for at in (0..tokens.len()).filter(|at| is_public(&tokens, *at)) {
            for name in signature(&tokens[at + 1..]) {
                let owner = imports.get(name).or_else(|| crates.get(name).filter(|_| name != "metrics"));
                if let Some(owner) = owner {
                    named.entry(owner.clone()).or_insert_with(|| source.file.clone());
                }
            }
        }
    }
    named
}

/// `pub` without a scope. The lint `unreachable_pub` sees to it that such an item can be reached.
fn is_public(tokens: &[String], at: usize) -> bool {
    tokens[at] == "pub" && tokens.get(at + 1).is_some_and(|next| next != "(" && next != "mod")
}

/// The names from here to the body of an item, the end of it, or the end of a field.
fn signature(tokens: &[String]) -> impl Iterator<Item = &String> {
    let mut depth = 0_i32;
    // Fields say themselves that they are public.
    let is_struct = tokens.first().is_some_and(|first| first == "struct");
    let is_import = tokens.first().is_some_and(|first| first == "use");
    tokens.iter().take_while(move |token| {
        match token.as_str() {
            "(" if is_struct => return false,
            "(" | "<" | "[" => depth += 1,
            "{" if is_import => depth += 1,
            ")" | "]" => depth -= 1,
            "}" if is_import => depth -= 1,
            ">" => depth = (depth - 1).max(0),
            "{" | "}" | ";" => return false,
            "," if depth == 0 => return false,
            _ => {}
        }
        true
    })
}
