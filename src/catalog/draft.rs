//! The drafts of kinds and methods that the files give, and the one catalog that they become.

use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map},
    sync::Arc,
};

use super::{Catalog, HttpRoute, Method, Rule, method::is_implied, rule::Findings};
use crate::{
    diagnostic::{Place, Quoted, Spot, nearest},
    model::{Kind, KindEntry, fold, http_kind, kinds},
};

/// How many unknown replacements get a suggestion. Each costs a walk over all kinds.
const SUGGESTIONS: usize = 20;

/// The content of a file, as far as it could be read.
#[derive(Default)]
pub(super) struct DraftFile {
    /// Each enum of a proto file has one; a YAML file has one.
    pub(super) domains: Vec<String>,
    pub(super) kinds: Vec<Draft>,
    pub(super) methods: Vec<DraftMethod>,
}

/// An entry, as far as it could be read. Its kind is spelled as one.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) file: Arc<str>,
    pub(super) place: Place,
    pub(super) overrides: Override,
    pub(super) replaced_by: Option<(String, Place)>,
    /// Where the values of its fields stand.
    pub(super) fields: Box<[(&'static str, Place)]>,
    /// `None` if it has an error.
    pub(super) entry: Option<Box<KindEntry>>,
}

impl Draft {
    /// The place of a field; that of the kind if it has no such field.
    pub(super) fn at(&self, name: &str) -> Place {
        self.fields.iter().find(|field| field.0 == name).map_or(self.place, |field| field.1)
    }
}

/// Whether an entry means to replace a built-in kind.
#[derive(Clone, Copy)]
pub(super) enum Override {
    No,
    Yes(Place),
    /// The value could not be read, which is reported.
    Unclear,
}

/// A method, or a service, which stands for all of its methods, as far as it could be read.
pub(super) struct DraftMethod {
    pub(super) name: String,
    pub(super) place: Place,
    /// `None` if the method does not declare its errors.
    pub(super) kinds: Option<Vec<(String, Place)>>,
    pub(super) routes: Vec<HttpRoute>,
}

impl DraftMethod {
    /// The service of a method; `None` for a service.
    pub(super) fn service(&self) -> Option<&str> {
        self.name.split_once('/').map(|(service, _)| service)
    }
}

/// Whether a kind exists without any file.
pub(super) fn is_builtin(name: &str) -> bool {
    kinds::ALL.iter().any(|entry| entry.kind == name) || http_kind(name).is_some()
}

// docs/rules.md: R-CATALOG-1

/// Checks the files against each other, and joins them with the built-in kinds. Problems are added to the findings of each file.
pub(super) fn join(mut files: Vec<(DraftFile, Findings)>) -> (Catalog, Vec<Findings>) {
    duplicate_kinds(&mut files);
    for (file, findings) in &mut files {
        for draft in &file.kinds {
            overrides(draft, findings);
        }
    }
    replacements(&mut files);
    let methods = methods(&mut files);

    let (mut domains, mut own, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for (file, findings) in files {
        domains.extend(file.domains);
        own.extend(file.kinds.into_iter().filter_map(|draft| draft.entry.map(|entry| Kind::from_entry(*entry))));
        all.push(findings);
    }
    (Catalog::with_domains(domains, own).with_methods(methods), all)
}

/// Reports each of two entries for one kind, with the place of the other.
fn duplicate_kinds(files: &mut [(DraftFile, Findings)]) {
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

/// The names of the built-in kinds, and of those of the files, sorted.
fn names_of(files: &[(DraftFile, Findings)]) -> Vec<&str> {
    let mut names: Vec<&str> = kinds::ALL.iter().map(|entry| &*entry.kind).collect();
    names.extend(files.iter().flat_map(|(file, _)| &file.kinds).map(|draft| &*draft.name));
    names.sort_unstable();
    names
}

fn replacements(files: &mut [(DraftFile, Findings)]) {
    let names = names_of(files);
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

/// Checks the declarations of all files, and joins those of a service with those of its methods.
fn methods(files: &mut [(DraftFile, Findings)]) -> Vec<Method> {
    duplicate_methods(files);
    unknown_kinds(files);
    let drafts = || files.iter().flat_map(|(file, _)| &file.methods);
    let mut declared: BTreeMap<&str, (Option<Vec<&str>>, Vec<HttpRoute>)> = BTreeMap::new();
    for draft in drafts() {
        let (kinds, routes) = declared.entry(&draft.name).or_default();
        if let Some(more) = &draft.kinds {
            kinds.get_or_insert_default().extend(more.iter().map(|(kind, _)| kind.as_str()));
        }
        routes.extend(draft.routes.iter().cloned());
    }
    let of_service = |name: &str| declared.get(name.split_once('/')?.0)?.0.as_ref();
    let join = |(name, (kinds, routes)): (&&str, &(Option<Vec<&str>>, Vec<HttpRoute>))| {
        let inherited = of_service(name);
        let method = if kinds.is_none() && inherited.is_none() {
            Method::undeclared((*name).to_owned())
        } else {
            let mut seen = HashSet::new();
            let all = kinds.iter().chain(inherited).flatten().copied();
            Method::new(*name, all.filter(|kind| seen.insert(*kind)))
        };
        method.with_routes(routes.iter().cloned())
    };
    declared.iter().map(join).collect()
}

/// Reports a second declaration of one method, with the place of the first.
fn duplicate_methods(files: &mut [(DraftFile, Findings)]) {
    let mut seen: HashMap<&str, (Arc<str>, Place)> = HashMap::new();
    let mut found = Vec::new();
    for (index, (file, findings)) in files.iter().enumerate() {
        for draft in file.methods.iter().filter(|draft| draft.kinds.is_some()) {
            match seen.entry(&draft.name) {
                hash_map::Entry::Vacant(entry) => {
                    entry.insert((findings.file().clone(), draft.place));
                }
                hash_map::Entry::Occupied(entry) => {
                    let (file, place) = entry.get();
                    let spot = Spot(file, *place);
                    found.push((index, draft.place, format!("`{}` is declared at {spot} too", draft.name)));
                }
            }
        }
    }
    for (index, place, message) in found {
        files[index].1.report(Rule::DuplicateMethod, place, message, "Keep one of the two");
    }
}

fn unknown_kinds(files: &mut [(DraftFile, Findings)]) {
    let names = names_of(files);
    let mut suggestions = 0;
    let mut found = Vec::new();
    for (index, (file, _)) in files.iter().enumerate() {
        for draft in &file.methods {
            for (kind, place) in draft.kinds.iter().flatten() {
                if names.binary_search(&&**kind).is_ok() || is_builtin(kind) {
                    continue;
                }
                suggestions += 1;
                let candidates = names.iter().copied().filter(|_| suggestions <= SUGGESTIONS);
                let folded = fold(kind);
                let remedy = match nearest(folded.as_deref().unwrap_or(kind), candidates) {
                    Some(near) => format!("Write `{near}`"),
                    None => "Add the kind, or give the file that has it too".to_owned(),
                };
                let message = format!("`{}` declares {}, which no catalog has", draft.name, Quoted(kind));
                found.push((index, *place, message, remedy));
            }
        }
    }
    for (index, place, message, remedy) in found {
        files[index].1.report(Rule::UnknownKind, place, message, remedy);
    }
}

/// Warns of methods that declare nothing, in files where others do, and of kinds that no method returns.
pub(super) fn lint_methods(files: &mut [(DraftFile, Findings)]) {
    let all = || files.iter().flat_map(|(file, _)| &file.methods);
    let declared: HashSet<&str> = all().filter(|draft| draft.kinds.is_some()).map(|draft| &*draft.name).collect();
    if declared.is_empty() {
        return;
    }
    let returned: HashSet<&str> =
        all().flat_map(|draft| draft.kinds.iter().flatten()).map(|(kind, _)| kind.as_str()).collect();
    let mut found = Vec::new();
    for (index, (file, _)) in files.iter().enumerate() {
        for draft in &file.methods {
            let is_declared = declared.contains(&*draft.name) || draft.service().is_some_and(|s| declared.contains(s));
            if !is_declared {
                let message = format!("`{}` does not declare its errors", draft.name);
                found.push((index, Rule::UndeclaredMethod, draft.place, message, REMEDY));
            }
        }
        for draft in &file.kinds {
            let is_leaving = draft.entry.as_ref().is_some_and(|entry| entry.deprecated.is_some());
            if !is_leaving && !returned.contains(&*draft.name) && !is_implied(&draft.name) {
                let message = format!("No method declares `{}`", draft.name);
                found.push((
                    index,
                    Rule::UnusedKind,
                    draft.place,
                    message,
                    "Declare it where it is returned, or remove it",
                ));
            }
        }
    }
    for (index, rule, place, message, remedy) in found {
        files[index].1.report(rule, place, message, remedy);
    }
}

const REMEDY: &str = "Add `option (errwire.v1.errors) = {kinds: [\"task_not_found\"]};`, or an empty one";
