//! The content of an error reference, for each of its formats.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    why,
    words::{self, example},
};
use crate::{
    catalog::{Catalog, Method, implied, is_implied},
    model::{Audience, Error, HttpStatus, Kind, KindEntry, kinds},
    service::ErrorMapping,
    translate::{Translator, WriteHttpOptions},
};

/// The kinds and methods of one version of a catalog.
pub(crate) struct Reference {
    pub(crate) translator: Translator,
    pub(crate) catalog: Catalog,
    /// In the order of the reference: those of users first, then the built-in ones in the order of their definition.
    pub(crate) kinds: Vec<Kind>,
    /// The methods that declare a kind.
    declared_by: HashMap<String, Vec<Method>>,
}

/// A status, its meaning by the API reference, and its kinds.
pub(crate) struct StatusSection<'a> {
    pub(crate) status: HttpStatus,
    pub(crate) guidance: &'static str,
    pub(crate) kinds: Vec<&'a KindEntry>,
}

/// How a kind looks on both wires.
pub(crate) struct Wires {
    pub(crate) http: String,
    pub(crate) grpc: String,
    pub(crate) decoded: String,
}

impl Reference {
    /// All that this translator's catalog has. If methods declare their errors, the kinds are those that can occur: the
    /// users' own, the declared ones, and those that layers and transport add. Otherwise they are all kinds.
    pub(crate) fn new(translator: &Translator) -> Self {
        let translator = translator.pinned();
        let catalog = translator.catalog();
        let declared: HashSet<String> = catalog.methods().flat_map(Method::kinds).map(str::to_owned).collect();
        let is_used = |kind: &str| declared.is_empty() || declared.contains(kind) || is_implied(kind);
        let order: HashMap<&str, usize> = kinds::ALL.iter().enumerate().map(|(at, entry)| (&*entry.kind, at)).collect();
        let mut kinds: Vec<Kind> = catalog.own().cloned().collect();
        let mut listed: HashSet<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        let mut others: Vec<Kind> =
            catalog.iter().filter(|kind| !listed.contains(kind.as_str()) && is_used(kind.as_str())).cloned().collect();
        others.sort_by_key(|kind| order.get(kind.as_str()).copied());
        listed.extend(others.iter().map(|kind| kind.as_str().to_owned()));
        kinds.extend(others);
        // `http_418` and its like, which are in no list.
        let unlisted: BTreeSet<&String> = declared.iter().filter(|kind| !listed.contains(*kind)).collect();
        kinds.extend(unlisted.into_iter().filter_map(|kind| catalog.get(kind)));
        let mut declared_by: HashMap<String, Vec<Method>> = HashMap::new();
        for method in methods(&catalog) {
            method.kinds().for_each(|kind| declared_by.entry(kind.to_owned()).or_default().push(method.clone()));
        }
        Self { kinds, catalog, translator, declared_by }
    }

    /// The methods that declare a kind.
    pub(crate) fn declared_by(&self, kind: &str) -> &[Method] {
        self.declared_by.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &KindEntry> {
        self.kinds.iter().filter_map(Kind::entry)
    }

    /// By status, each with its kinds in the order of the reference.
    pub(crate) fn statuses(&self) -> Vec<StatusSection<'_>> {
        by_status(self.entries())
    }

    /// The methods, in the order of their names.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        methods(&self.catalog)
    }

    /// What a method may fail with: what it declares, and then what layers and transport add.
    pub(crate) fn errors_of(&self, method: &Method) -> Vec<Kind> {
        let mut names: Vec<&str> = method.kinds().collect();
        for added in implied() {
            if !names.contains(&added) {
                names.push(added);
            }
        }
        names.into_iter().filter_map(|kind| self.catalog.get(kind)).collect()
    }
}

/// The methods that declare a kind.
pub(crate) fn declared_by<'a>(catalog: &'a Catalog, kind: &'a str) -> impl Iterator<Item = &'a Method> {
    methods(catalog).filter(move |method| method.kinds().any(|declared| declared == kind))
}

/// The methods of a catalog. What a service declares for all of its methods is not one of them.
pub(crate) fn methods(catalog: &Catalog) -> impl Iterator<Item = &Method> {
    catalog.methods().filter(|method| method.name() != method.service())
}

/// Entries by status, each status with its guidance.
pub(crate) fn by_status<'a>(entries: impl Iterator<Item = &'a KindEntry>) -> Vec<StatusSection<'a>> {
    let mut statuses: BTreeMap<u16, StatusSection<'a>> = BTreeMap::new();
    for entry in entries {
        let new = || StatusSection { status: entry.status, guidance: words::of_status(entry.status), kinds: vec![] };
        statuses.entry(entry.status.as_u16()).or_insert_with(new).kinds.push(entry);
    }
    statuses.into_values().collect()
}

/// Whether a kind is one that layers and transport add.
pub(crate) fn needs_no_declaration(entry: &KindEntry) -> bool {
    is_implied(&entry.kind)
}

impl Wires {
    /// The error that the translator itself writes for the kind.
    pub(crate) fn of(translator: &Translator, kind: &Kind) -> Self {
        let error = example(kind);
        let mapping = ErrorMapping::new(translator.clone());
        Self {
            http: why::response(&http(translator, &error)),
            grpc: why::trailers(&mapping.trailers(&error)),
            decoded: why::status(&mapping.failure(&error)),
        }
    }
}

/// The response that the public gets for an error.
pub(crate) fn http(translator: &Translator, error: &Error) -> http::Response<bytes::Bytes> {
    translator.write_http_with(error, &WriteHttpOptions::new(Audience::Public)).0
}
