//! The drafts of kinds and methods that files give, the rules of all files together, and the one catalog that they become.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet, hash_map},
    sync::Arc,
};

use super::{Catalog, HttpRoute, Method, Rule, rule::Findings};
use crate::{
    diagnostic::{Place, Quoted, Spot, nearest},
    model::{Kind, KindEntry, fold, http_kind, kinds},
};

/// How many unknown replacements get a suggestion. Each costs a walk over all kinds.
const SUGGESTIONS: usize = 20;

// docs/rules.md: R-CATALOG-1

/// Checks the files against each other, and joins them with the built-in kinds. Problems are added to the findings of each file.
pub(super) fn join(files: Vec<DraftFile>, findings: &mut [Findings]) -> Catalog {
    duplicate_kinds(&files, findings);
    for (file, findings) in files.iter().zip(&mut *findings) {
        file.kinds.iter().for_each(|draft| overrides(draft, findings));
    }
    replacements(&files, findings);
    let methods = methods(&files, findings);

    let (mut domains, mut own) = (Vec::new(), Vec::new());
    for file in files {
        domains.extend(file.domains);
        own.extend(file.kinds.into_iter().filter_map(|draft| draft.entry.map(|entry| Kind::from_entry(*entry))));
    }
    Catalog::with_domains(domains, own).with_methods(methods)
}

/// Reports each of two entries for one kind, with the place of the other.
fn duplicate_kinds(files: &[DraftFile], findings: &mut [Findings]) {
    let mut seen: HashMap<&str, (usize, &Draft, bool)> = HashMap::new();
    let mut report = |index: usize, draft: &Draft, other: &Draft| {
        let message = format!("The kind `{}` is also at {}", draft.name, Spot(&other.file, other.place));
        findings[index].report(Rule::DuplicateKind, draft.place, message, "Keep one of the two, or rename one");
    };
    for (index, file) in files.iter().enumerate() {
        for draft in &file.kinds {
            match seen.entry(&draft.name) {
                hash_map::Entry::Vacant(entry) => {
                    entry.insert((index, draft, false));
                }
                hash_map::Entry::Occupied(mut entry) => {
                    let (first_index, first, is_reported) = entry.get_mut();
                    report(index, draft, first);
                    if !*is_reported {
                        report(*first_index, first, draft);
                        *is_reported = true;
                    }
                }
            }
        }
    }
}

fn overrides(draft: &Draft, findings: &mut Findings) {
    let name = &draft.name;
    match (draft.overrides, is_builtin(name)) {
        (Some(false), true) => findings.report(
            Rule::ShadowsBuiltin,
            draft.place,
            format!("The kind `{name}` is built in"),
            "Add `override: true` to replace it, or rename yours",
        ),
        (Some(true), false) => findings.report(
            Rule::OverridesNothing,
            draft.at("override"),
            format!("No built-in kind is named `{name}`"),
            "Remove `override`, or write the name of a built-in kind",
        ),
        _ => {}
    }
}

/// The names of the built-in kinds, and of those of the files, sorted; and how many suggestions were made.
struct Names<'a> {
    names: Vec<&'a str>,
    suggestions: usize,
}

impl<'a> Names<'a> {
    fn of(files: &'a [DraftFile]) -> Self {
        let mut names: Vec<&str> = kinds::ALL.iter().map(|entry| &*entry.kind).collect();
        names.extend(files.iter().flat_map(|file| &file.kinds).map(|draft| &*draft.name));
        names.sort_unstable();
        Self { names, suggestions: 0 }
    }

    fn has(&self, kind: &str) -> bool {
        self.names.binary_search(&kind).is_ok() || http_kind(kind.as_bytes()).is_some()
    }

    /// Suggests one of them in place of `kind`, as long as the number of suggestions is not reached; else what `otherwise` says.
    fn remedy(&mut self, kind: &str, but: &str, otherwise: &'static str) -> Cow<'static, str> {
        self.suggestions += 1;
        let candidates = self.names.iter().copied().filter(|name| self.suggestions <= SUGGESTIONS && *name != but);
        nearest(kind, candidates).map_or(otherwise.into(), |near| format!("Write `{near}`").into())
    }
}

fn replacements(files: &[DraftFile], findings: &mut [Findings]) {
    let mut names = Names::of(files);
    for (file, findings) in files.iter().zip(findings) {
        for draft in &file.kinds {
            let Some((replacement, place)) = &draft.replaced_by else { continue };
            let remedy = if *replacement == draft.name {
                "Name the kind that comes instead of this one".into()
            } else if names.has(replacement) {
                continue;
            } else {
                names.remedy(replacement, &draft.name, "Add that kind, unless another service has it")
            };
            let message = format!(
                "{} is replaced by {}, which is not another kind of this catalog",
                Quoted(&draft.name),
                Quoted(replacement)
            );
            findings.report(Rule::UnknownReplacement, *place, message, remedy);
        }
    }
}

/// Checks the declarations of all files, and joins those of a service with those of its methods.
fn methods(files: &[DraftFile], findings: &mut [Findings]) -> Vec<Method> {
    duplicate_methods(files, findings);
    unknown_kinds(files, findings);
    let drafts = || files.iter().flat_map(|file| &file.methods);
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
fn duplicate_methods(files: &[DraftFile], findings: &mut [Findings]) {
    let mut seen: HashMap<&str, (Arc<str>, Place)> = HashMap::new();
    for (file, findings) in files.iter().zip(findings) {
        for draft in file.methods.iter().filter(|draft| draft.kinds.is_some()) {
            match seen.entry(&draft.name) {
                hash_map::Entry::Vacant(entry) => {
                    entry.insert((findings.file().clone(), draft.place));
                }
                hash_map::Entry::Occupied(entry) => {
                    let (file, place) = entry.get();
                    let message = format!("`{}` is declared at {} too", draft.name, Spot(file, *place));
                    findings.report(Rule::DuplicateMethod, draft.place, message, "Keep one of the two");
                }
            }
        }
    }
}

fn unknown_kinds(files: &[DraftFile], findings: &mut [Findings]) {
    let mut names = Names::of(files);
    for (file, findings) in files.iter().zip(findings) {
        for draft in &file.methods {
            for (kind, place) in draft.kinds.iter().flatten() {
                if names.has(kind) {
                    continue;
                }
                let folded = fold(kind);
                let near = folded.as_deref().unwrap_or(kind);
                let remedy = names.remedy(near, "", "Add the kind, or give the file that has it too");
                let message = format!("`{}` declares {}, which no catalog has", draft.name, Quoted(kind));
                findings.report(Rule::UnknownKind, *place, message, remedy);
            }
        }
    }
}

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
    /// Whether it means to replace a built-in kind; `None` if that could not be read, which is reported.
    pub(super) overrides: Option<bool>,
    pub(super) replaced_by: Option<(String, Place)>,
    /// Where the values of its fields stand.
    pub(super) fields: Box<[(&'static str, Place)]>,
    /// `None` if it has an error.
    pub(super) entry: Option<Box<KindEntry>>,
}

impl Draft {
    /// One of which nothing is read yet.
    pub(super) fn new(name: String, place: Place, findings: &Findings) -> Self {
        let file = findings.file().clone();
        Self { name, file, place, overrides: None, replaced_by: None, fields: Box::default(), entry: None }
    }

    /// The place of a field; that of the kind if it has no such field.
    pub(super) fn at(&self, name: &str) -> Place {
        self.fields.iter().find(|field| field.0 == name).map_or(self.place, |field| field.1)
    }
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
    kinds::ALL.iter().any(|entry| entry.kind == name) || http_kind(name.as_bytes()).is_some()
}
