//! Several files become one catalog.

// docs/rules.md: R-CATALOG-1

use std::collections::{HashMap, hash_map};

use super::{
    Catalog, Rule, declare,
    draft::{Draft, DraftFile, Override, SUGGESTIONS, is_builtin},
    problem::Findings,
};
use crate::{
    diagnostic::{Quoted, Spot, nearest},
    model::{Kind, http_kind, kinds},
};

/// Checks what no file can know alone, and joins the files with the built-in kinds. Each file comes with its findings,
/// which are added to.
pub(super) fn join(mut files: Vec<(DraftFile, Findings)>) -> (Catalog, Vec<Findings>) {
    duplicates(&mut files);
    for (file, findings) in &mut files {
        for draft in &file.kinds {
            overrides(draft, findings);
        }
    }
    replacements(&mut files);
    let methods = declare::methods(&mut files);

    let (mut domains, mut own, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for (file, findings) in files {
        domains.extend(file.domains);
        own.extend(file.kinds.into_iter().filter_map(|draft| draft.entry.map(|entry| Kind::from_entry(*entry))));
        all.push(findings);
    }
    (Catalog::with_domains(domains, own).with_methods(methods), all)
}

/// Says of each of two entries for one kind where the other is.
fn duplicates(files: &mut [(DraftFile, Findings)]) {
    let mut seen: HashMap<&str, (usize, &Draft, bool)> = HashMap::new();
    let mut found = Vec::new();
    for (index, (file, _)) in files.iter().enumerate() {
        for draft in &file.kinds {
            match seen.entry(&draft.name) {
                hash_map::Entry::Vacant(entry) => {
                    entry.insert((index, draft, false));
                }
                hash_map::Entry::Occupied(mut entry) => {
                    let (first_index, first, is_reported) = entry.get_mut();
                    found.push((index, draft.place, elsewhere(draft, first)));
                    if !*is_reported {
                        found.push((*first_index, first.place, elsewhere(first, draft)));
                        *is_reported = true;
                    }
                }
            }
        }
    }
    for (index, place, message) in found {
        files[index].1.report(Rule::DuplicateKind, place, message, "Keep one of the two, or rename one");
    }
}

fn elsewhere(draft: &Draft, other: &Draft) -> String {
    format!("The kind `{}` is also at {}", draft.name, Spot(&other.file, other.place))
}

fn overrides(draft: &Draft, findings: &mut Findings) {
    let name = &draft.name;
    match (draft.overrides, is_builtin(name)) {
        (Override::No, true) => findings.report(
            Rule::ShadowsBuiltin,
            draft.place,
            format!("The kind `{name}` is built in"),
            "Add `override: true` to replace it, or rename yours",
        ),
        (Override::Yes(place), false) => findings.report(
            Rule::OverridesNothing,
            place,
            format!("No built-in kind is named `{name}`"),
            "Remove `override`, or write the name of a built-in kind",
        ),
        _ => {}
    }
}

fn replacements(files: &mut [(DraftFile, Findings)]) {
    let mut names: Vec<&str> = kinds::ALL.iter().map(|entry| &*entry.kind).collect();
    names.extend(files.iter().flat_map(|(file, _)| &file.kinds).map(|draft| &*draft.name));
    names.sort_unstable();

    let mut suggestions = 0;
    let mut found = Vec::new();
    for (index, (file, _)) in files.iter().enumerate() {
        for draft in &file.kinds {
            let Some((replacement, place)) = &draft.replaced_by else { continue };
            let remedy = if *replacement == draft.name {
                "Name the kind that comes instead of this one".to_owned()
            } else if names.binary_search(&&**replacement).is_ok() || http_kind(replacement).is_some() {
                continue;
            } else {
                suggestions += 1;
                let candidates = names.iter().copied().filter(|_| suggestions <= SUGGESTIONS);
                match nearest(replacement, candidates.filter(|name| *name != draft.name)) {
                    Some(near) => format!("Write `{near}`"),
                    None => "Add that kind, unless another service has it".to_owned(),
                }
            };
            let message = format!(
                "{} is replaced by {}, which is not another kind of this catalog",
                Quoted(&draft.name),
                Quoted(replacement)
            );
            found.push((index, *place, message, remedy));
        }
    }
    for (index, place, message, remedy) in found {
        files[index].1.report(Rule::UnknownReplacement, place, message, remedy);
    }
}
