//! The kinds by name.

use std::{
    collections::{HashMap, HashSet, hash_map},
    sync::{Arc, LazyLock, OnceLock},
};

use super::{Method, method::Methods, name_hash::NameHash, version::version};
use crate::{
    diagnostic::nearest,
    model::{Kind, KindEntry, MAX_KIND_LEN, fold, http_kind, kind_of_reason, kinds},
};

/// The kinds that a translator knows, by name: the built-in ones, and those that a user's files add or replace.
///
/// Cheap to clone.
///
/// ```
/// use errwire::{Catalog, kinds};
///
/// let catalog = Catalog::builtin();
/// assert_eq!(catalog.get("task_not_found"), Some(kinds::TASK_NOT_FOUND));
/// assert_eq!(catalog.get("no_such_kind"), None);
/// ```
#[derive(Clone, Debug)]
pub struct Catalog(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    /// The hash is fast and not made for hostile keys: only names from the operator's files are put in, and looking up any
    /// other name costs no more than the longest chain of those.
    by_name: HashMap<Box<[u8]>, Kind, NameHash>,
    /// The same kinds, in the order of their names.
    sorted: Vec<Kind>,
    /// Those that users' files add or replace, in the order of the files.
    own: Vec<Kind>,
    /// The domains that users' files define, in the order of the files, each once.
    domains: Vec<Box<str>>,
    /// What can fail how, as far as it is declared.
    methods: Methods,
    /// The version, computed at the first use.
    version: OnceLock<String>,
}

static BUILTIN: LazyLock<Catalog> = LazyLock::new(|| Catalog::with_entries([]));

impl Catalog {
    /// The built-in kinds alone.
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// The built-in kinds and these, which replace built-in ones of the same name. Of two entries for one kind the
    /// later wins.
    pub fn with_entries(entries: impl IntoIterator<Item = KindEntry>) -> Self {
        Self::with_kinds(entries.into_iter().map(Kind::from_entry))
    }

    /// As [`with_entries`](Self::with_entries), with kinds that carry their entries: constants, or those of another catalog.
    /// A kind without an entry is left out.
    pub fn with_kinds(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self::with_domains([], kinds)
    }

    /// As [`with_kinds`](Self::with_kinds), with domains that may have no kinds yet.
    pub(crate) fn with_domains(
        domains: impl IntoIterator<Item = String>,
        kinds: impl IntoIterator<Item = Kind>,
    ) -> Self {
        let named = |kind: Kind| (kind.as_bytes().into(), kind);
        let mut by_name: HashMap<Box<[u8]>, Kind, NameHash> =
            kinds::ALL.iter().map(|entry| named(Kind::builtin(entry))).collect();
        let (mut all, mut known) = (Vec::<Box<str>>::new(), HashSet::<Box<str>>::new());
        let mut add = |domain: &str| {
            if !known.contains(domain) {
                known.insert(domain.into());
                all.push(domain.into());
            }
        };
        domains.into_iter().for_each(|domain| add(&domain));
        let mut own: Vec<Kind> = Vec::new();
        let mut places = HashMap::new();
        for kind in kinds {
            let Some(entry) = kind.entry() else { continue };
            add(&entry.domain);
            match places.entry(Box::<str>::from(kind.as_str())) {
                hash_map::Entry::Occupied(place) => own[*place.get()] = kind.clone(),
                hash_map::Entry::Vacant(place) => {
                    place.insert(own.len());
                    own.push(kind.clone());
                }
            }
            let (name, kind) = named(kind);
            by_name.insert(name, kind);
        }
        let mut sorted: Vec<Kind> = by_name.values().cloned().collect();
        sorted.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        Self(Arc::new(Inner {
            by_name,
            sorted,
            own,
            domains: all,
            methods: Methods::default(),
            version: OnceLock::new(),
        }))
    }

    /// The same, with these methods in place of any that it has. Of two methods of one name the later counts.
    #[must_use]
    pub fn with_methods(self, methods: impl IntoIterator<Item = Method>) -> Self {
        let methods = Methods::new(methods);
        if methods.as_slice().is_empty() && self.0.methods.as_slice().is_empty() {
            return self;
        }
        let inner = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Inner { methods, version: OnceLock::new(), ..inner }))
    }

    /// The kinds and the methods of all of these, such as those of several generated or derived enums. Of two entries for one
    /// kind, and of two declarations of one method, the later counts.
    ///
    /// ```
    /// use errwire::Catalog;
    ///
    /// # let (tasks, billing) = (Catalog::builtin(), Catalog::builtin());
    /// let catalog = Catalog::joined([tasks, billing]);
    /// ```
    #[must_use]
    pub fn joined(catalogs: impl IntoIterator<Item = Self>) -> Self {
        let mut catalogs: Vec<Self> = catalogs.into_iter().collect();
        if catalogs.len() < 2 {
            return catalogs.pop().unwrap_or_else(Self::builtin);
        }
        let domains = catalogs.iter().flat_map(Self::domains).map(str::to_owned);
        let own = catalogs.iter().flat_map(Self::own).cloned();
        let methods = catalogs.iter().flat_map(Self::methods).cloned();
        Self::with_domains(domains, own).with_methods(methods)
    }

    /// The methods that the files declare, in the order of their names.
    #[inline]
    pub fn methods(&self) -> impl ExactSizeIterator<Item = &Method> {
        self.0.methods.as_slice().iter()
    }

    /// The method of this name, such as `tasks.v1.TaskService/GetTask`; else what its service declares for all of its
    /// methods, if that is known.
    #[inline]
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.0.methods.get(name)
    }

    /// The method that serves HTTP requests of this method and path, by the routes of the methods.
    pub fn method_by_route(&self, verb: &str, path: &str) -> Option<&Method> {
        self.0.methods.by_route(verb, path)
    }

    /// The kind of this name, with its entry. Besides the listed kinds every catalog has `http_S` for each HTTP status
    /// S from 400 to 599 that has no kind of its own.
    #[inline]
    pub fn get(&self, name: &str) -> Option<Kind> {
        self.find(name.as_bytes()).cloned()
    }

    /// As [`get`](Self::get), by reference. Bytes that are not the name of a kind find nothing.
    #[inline]
    pub(crate) fn find(&self, name: &[u8]) -> Option<&Kind> {
        self.listed(name).or_else(|| http_kind(name))
    }

    #[inline]
    fn listed(&self, name: &[u8]) -> Option<&Kind> {
        self.0.by_name.get(name)
    }

    /// What this catalog says of the kind: its own entry, else the one that the kind carries, be it from another catalog or a
    /// constant, else the built-in one.
    pub(crate) fn current<'a>(&'a self, kind: &'a Kind) -> &'a Kind {
        // A kind is made without an entry only after a look among the built-in ones.
        if self.0.own.is_empty() {
            return kind;
        }
        match self.listed(kind.as_bytes()) {
            Some(listed) if !listed.is_builtin() || !kind.is_made_by_catalog() => listed,
            Some(_) => kind,
            None if kind.is_made_by_catalog() => kind,
            None => http_kind(kind.as_bytes()).unwrap_or(kind),
        }
    }

    /// The kind of this reason, which is how [AIP-193](https://google.aip.dev/193#errorinfo) spells it:
    /// `TASK_NOT_FOUND`. Allocates nothing.
    ///
    /// ```
    /// use errwire::{Catalog, kinds};
    ///
    /// let catalog = Catalog::builtin();
    /// assert_eq!(catalog.get_by_reason("TASK_NOT_FOUND"), Some(kinds::TASK_NOT_FOUND));
    /// assert_eq!(catalog.get_by_reason("task_not_found"), None);
    /// ```
    pub fn get_by_reason(&self, reason: &str) -> Option<Kind> {
        self.get(kind_of_reason(reason.as_bytes(), &mut [0; MAX_KIND_LEN])?)
    }

    /// The listed kind that `name` probably means: the one in its usual spelling, or the nearest. `None`
    /// if none is near.
    ///
    /// ```
    /// use errwire::Catalog;
    ///
    /// let catalog = Catalog::builtin();
    /// assert_eq!(catalog.suggest("TaskNotFound"), Some("task_not_found"));
    /// assert_eq!(catalog.suggest("taks_not_fuond"), Some("task_not_found"));
    /// assert_eq!(catalog.suggest("teapot"), None);
    /// ```
    pub fn suggest(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        nearest(folded.as_deref().unwrap_or(name), self.iter().map(Kind::as_str))
    }

    /// The listed kinds, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Kind> {
        self.0.sorted.iter()
    }

    /// The listed kinds that come after this name.
    #[cfg(feature = "server")]
    pub(crate) fn after(&self, name: &str) -> &[Kind] {
        let sorted = &self.0.sorted;
        sorted.get(sorted.partition_point(|kind| kind.as_str() <= name)..).unwrap_or_default()
    }

    /// The kinds that users' files add or replace, in the order of the files and of their lines.
    pub fn own(&self) -> impl ExactSizeIterator<Item = &Kind> {
        self.0.own.iter()
    }

    /// How many kinds are listed.
    pub fn len(&self) -> usize {
        self.0.sorted.len()
    }

    /// Never: every catalog has the built-in kinds.
    pub fn is_empty(&self) -> bool {
        self.0.sorted.is_empty()
    }

    /// Names this content: 16 hexadecimal digits, equal for catalogs that say the same, whatever they were loaded from. It may
    /// be another one in another version of this crate.
    pub fn version(&self) -> &str {
        self.0.version.get_or_init(|| version(&self.0.sorted, &self.0.domains, self.0.methods.as_slice()))
    }

    /// The domains of the users' files: not that of the built-in kinds.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.0.domains.iter().map(|domain| &**domain)
    }
}

impl Default for Catalog {
    fn default() -> Self {
        Self::builtin()
    }
}

/// Includes what [`errwire::build::Builder::compile`](https://docs.rs/errwire/latest/errwire/build/struct.Builder.html#method.compile)
/// wrote under this name: a constant and a constructor for each kind, the enum `Kind` to match on, and the function `catalog`.
/// The module `build` has an example.
///
/// ```text
/// pub mod errors {
///     errwire::include_errors!("errors");
/// }
/// ```
#[macro_export]
macro_rules! include_errors {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"));
    };
}

#[cfg(test)]
mod tests;
