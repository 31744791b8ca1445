//! The content of an error reference, for each of its formats.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use super::{
    why,
    words::{self, example},
};
use crate::{
    catalog::{Catalog, IMPLIED, Method, is_implied},
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
    pub(crate) fn statuses(&self) -> impl Iterator<Item = (HttpStatus, Vec<&Kind>)> {
        by_status(&self.kinds)
    }

    /// The kinds that layers and transport add to every method.
    pub(crate) fn added(&self) -> impl Iterator<Item = &KindEntry> {
        self.entries().filter(|entry| is_implied(&entry.kind))
    }

    /// The body of an error, as the public gets it.
    pub(crate) fn example_body(&self) -> Option<String> {
        let example = self.kinds.iter().find(|kind| **kind == kinds::TASK_NOT_FOUND).or(self.kinds.first())?;
        Some(String::from_utf8_lossy(http(&self.translator, &words::example(example)).body()).into_owned())
    }

    /// The methods, in the order of their names.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        methods(&self.catalog)
    }

    /// What a method may fail with: what it declares, and then what layers and transport add.
    pub(crate) fn errors_of(&self, method: &Method) -> Vec<Kind> {
        let mut names: Vec<&str> = method.kinds().collect();
        for added in IMPLIED {
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

/// Kinds by status, each status with its kinds in their order.
pub(crate) fn by_status<K: Borrow<Kind>>(
    kinds: impl IntoIterator<Item = K>,
) -> impl Iterator<Item = (HttpStatus, Vec<K>)> {
    let mut statuses: BTreeMap<u16, (HttpStatus, Vec<K>)> = BTreeMap::new();
    for kind in kinds {
        let Some(status) = kind.borrow().entry().map(|entry| entry.status) else { continue };
        statuses.entry(status.as_u16()).or_insert((status, vec![])).1.push(kind);
    }
    statuses.into_values()
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
