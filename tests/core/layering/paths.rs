//! The paths that a source names.

/// One path, and the name under which a `use` brings it in.
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    pub(crate) name: String,
}

/// Every path that starts at `crate`, `self` or `super`, seen from the root, in a file that is the module `file`.
pub(crate) fn references(tokens: &[String], file: &[String]) -> Vec<Vec<String>> {
    let mut module = file.to_vec();
    let mut inline = Vec::new(); // the depth at which each `mod x {` around us ends
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "mod" if is(tokens, at + 2, "{") => {
                module.push(tokens[at + 1].clone());
                inline.push(depth);
            }
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if inline.last() == Some(&depth) {
                    inline.pop();
                    module.pop();
                }
            }
            _ if starts_path(tokens, at) => {
                let mut leaves = Vec::new();
                at = expand(tokens, at, Vec::new(), &mut leaves);
                found.extend(leaves.into_iter().map(|leaf| from_root(&module, &leaf.path)));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// What the `use` items of a source bring in.
pub(crate) fn uses(tokens: &[String]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at] == "use") {
        expand(tokens, at + 1, Vec::new(), &mut leaves);
    }
    leaves
}

/// What the `pub use` items of the module `file` pass on, seen from the root.
pub(crate) fn exports(tokens: &[String], file: &[String]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for at in (1..tokens.len()).filter(|at| tokens[*at] == "use" && matches!(&*tokens[*at - 1], "pub" | ")")) {
        expand(tokens, at + 1, Vec::new(), &mut leaves);
    }
    for leaf in &mut leaves {
        leaf.path = from_root(file, &leaf.path);
    }
    leaves
}

fn starts_path(tokens: &[String], at: usize) -> bool {
    let before = |steps: usize, token| at.checked_sub(steps).is_some_and(|at| is(tokens, at, token));
    let is_visibility = before(1, "in") && before(2, "(");
    matches!(tokens[at].as_str(), "crate" | "self" | "super")
        && !is_visibility
        && !before(1, "::")
        && (is(tokens, at + 1, "::") || before(1, "use"))
}

/// Unfolds `a::{b, c::d as e}` at `at`, and returns where it ends.
fn expand(tokens: &[String], mut at: usize, mut path: Vec<String>, leaves: &mut Vec<Leaf>) -> usize {
    while let Some(token) = tokens.get(at) {
        if token == "{" {
            at += 1;
            while at < tokens.len() && !is(tokens, at, "}") {
                at = if is(tokens, at, ",") { at + 1 } else { expand(tokens, at, path.clone(), leaves) };
            }
            return at + 1;
        }
        path.push(token.clone());
        at += 1;
        let goes_on = tokens.get(at + 1).is_some_and(|next| next == "{" || next == "*" || is_name(next));
        if is(tokens, at, "::") && goes_on {
            at += 1;
            continue;
        }
        let mut name = token.clone();
        if is(tokens, at, "as") {
            name = tokens.get(at + 1).cloned().unwrap_or_default();
            at += 2;
        }
        leaves.push(Leaf { path, name });
        return at;
    }
    at
}

fn from_root(module: &[String], path: &[String]) -> Vec<String> {
    let mut absolute = module.to_vec();
    for name in path {
        match name.as_str() {
            "crate" => absolute.clear(),
            "self" | "*" => {}
            "super" => drop(absolute.pop()),
            name => absolute.push(name.to_owned()),
        }
    }
    absolute
}

fn is(tokens: &[String], at: usize, token: &str) -> bool {
    tokens.get(at).is_some_and(|found| found == token)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}
