//! The changes between two versions of a catalog, and which of them break callers.

mod change;

use std::collections::{BTreeMap, BTreeSet};

pub use change::{Change, ChangeRule, Effect};

use super::{Catalog, Method};
use crate::{
    diagnostic::Quoted,
    model::{Kind, KindEntry, Retry, Visibility},
};

/// What changed from one version of a catalog to the next, in the order of the kinds, then of the methods.
///
/// Built-in kinds count too: an entry that replaced one and is gone changed into it.
///
/// ```
/// # #[cfg(feature = "yaml")] {
/// use errwire::{Catalog, catalog::diff};
///
/// let old = "domain: d\nkinds: {a_kind: {status: 404, code: NOT_FOUND, message: Look elsewhere.}}";
/// let new = old.replace("404", "410");
/// let changes = diff(&Catalog::from_yaml("old", old)?, &Catalog::from_yaml("new", &new)?);
/// assert_eq!(changes[0].to_string(), "a_kind: The status was 404 and is 410.");
/// assert!(changes[0].breaks());
/// # }
/// # Ok::<(), errwire::catalog::Problems>(())
/// ```
pub fn diff(old: &Catalog, new: &Catalog) -> Vec<Change> {
    let mut changes = BTreeMap::new();
    for kind in old.iter() {
        // A kind that both have from the build has not changed.
        let now = new.get(kind.as_str());
        changes.insert(kind.as_str(), compare(kind, now.as_ref()));
    }
    for kind in new.iter().filter(|kind| !changes.contains_key(kind.as_str())).collect::<Vec<_>>() {
        changes.insert(
            kind.as_str(),
            match old.get(kind.as_str()) {
                Some(was) => compare(&was, Some(kind)),
                None => vec![added(kind)],
            },
        );
    }
    changes.into_values().flatten().chain(methods(old, new)).collect()
}

fn added(kind: &Kind) -> Change {
    let message = match kind.entry() {
        Some(entry) => format!("The kind is new: {} {}", entry.status, entry.code),
        None => "The kind is new".to_owned(),
    };
    Change { kind: kind.as_str().to_owned(), rule: ChangeRule::KindAdded, message }
}

fn compare(was: &Kind, is: Option<&Kind>) -> Vec<Change> {
    let mut changes = Changes { kind: was.as_str(), found: Vec::new() };
    let Some(old) = was.entry() else { return changes.found };
    match is.and_then(Kind::entry) {
        Some(new) if new == old => {}
        Some(new) => changes.entry(old, new),
        None => {
            let replaced_by = old.deprecated.as_ref().and_then(|deprecated| deprecated.replaced_by.as_ref());
            let message = match replaced_by {
                Some(other) => format!("The kind is gone; {} was to replace it", Quoted(other)),
                None => "The kind is gone".to_owned(),
            };
            changes.add(ChangeRule::KindRemoved, message);
        }
    }
    changes.found
}

struct Changes<'k> {
    kind: &'k str,
    found: Vec<Change>,
}

impl Changes<'_> {
    fn add(&mut self, rule: ChangeRule, message: String) {
        self.found.push(Change { kind: self.kind.to_owned(), rule, message });
    }

    fn entry(&mut self, old: &KindEntry, new: &KindEntry) {
        if old.domain != new.domain {
            let message = format!("The domain was {} and is {}", Quoted(&old.domain), Quoted(&new.domain));
            self.add(ChangeRule::DomainChanged, message);
        }
        if old.status != new.status {
            self.add(ChangeRule::StatusChanged, format!("The status was {} and is {}", old.status, new.status));
        }
        if old.code != new.code {
            self.add(ChangeRule::CodeChanged, format!("The code was {} and is {}", old.code, new.code));
        }
        self.placeholders(old, new);
        self.retry(old.retry, new.retry);
        match (old.visibility, new.visibility) {
            (Visibility::Public, Visibility::Internal) => {
                self.add(ChangeRule::MadeInternal, "The kind was public and is internal".to_owned());
            }
            (Visibility::Internal, Visibility::Public) => {
                self.add(ChangeRule::MadePublic, "The kind was internal and is public".to_owned());
            }
            _ => {}
        }
        self.metadata(old, new);
        self.texts(old, new);
        self.documentation(old, new);
    }

    /// What is public of the keys that either entry names.
    fn metadata(&mut self, old: &KindEntry, new: &KindEntry) {
        let keys: BTreeSet<&str> = old.metadata.iter().chain(new.metadata.iter()).map(|(key, _)| &**key).collect();
        for key in keys {
            match (old.is_internal_key(key), new.is_internal_key(key)) {
                (false, true) => {
                    let message = format!("The metadata key {} is internal now", Quoted(key));
                    self.add(ChangeRule::KeyMadeInternal, message);
                }
                (true, false) => {
                    let message = format!("The metadata key {} is no longer internal", Quoted(key));
                    self.add(ChangeRule::KeyMadePublic, message);
                }
                _ => {}
            }
        }
    }

    fn placeholders(&mut self, old: &KindEntry, new: &KindEntry) {
        let names = |entry: &KindEntry| entry.message.placeholders().map(str::to_owned).collect::<BTreeSet<String>>();
        let (before, after) = (names(old), names(new));
        for name in before.difference(&after) {
            let message = format!("The message no longer has {{{name}}}, and the metadata no longer its key");
            self.add(ChangeRule::PlaceholderRemoved, message);
        }
        for name in after.difference(&before) {
            self.add(ChangeRule::PlaceholderAdded, format!("The message has {{{name}}}, which is new"));
        }
    }

    fn retry(&mut self, old: Retry, new: Retry) {
        if old == new {
            return;
        }
        // Backing off begins at once; a longer delay is stricter, and not at all is strictest.
        let is_stricter = match (old, new) {
            (Retry::Never, _) => false,
            (_, Retry::Never) | (Retry::AfterBackoff, Retry::AfterDelay(_)) => true,
            (Retry::AfterDelay(before), Retry::AfterDelay(after)) => before < after,
            _ => false,
        };
        let rule = if is_stricter { ChangeRule::RetryStricter } else { ChangeRule::RetryRelaxed };
        self.add(rule, format!("The retry was {} and is {}", words(old), words(new)));
    }

    fn texts(&mut self, old: &KindEntry, new: &KindEntry) {
        if old.message != new.message {
            let message =
                format!("The message was {} and is {}", Quoted(old.message.as_str()), Quoted(new.message.as_str()));
            self.add(ChangeRule::MessageChanged, message);
        }
        if old.language != new.language {
            let message = format!("The message was in {} and is in {}", Quoted(&old.language), Quoted(&new.language));
            self.add(ChangeRule::MessageLanguageChanged, message);
        }
        let texts = |entry: &KindEntry| -> BTreeMap<String, String> {
            entry.localized.iter().map(|(tag, text)| (tag.to_string(), text.to_string())).collect()
        };
        let (before, after) = (texts(old), texts(new));
        for (tag, text) in &before {
            match after.get(tag) {
                None => {
                    self.add(ChangeRule::LanguageRemoved, format!("The message is no longer in {}", Quoted(tag)));
                }
                Some(now) if now != text => {
                    let message = format!("The message in {} was {} and is {}", Quoted(tag), Quoted(text), Quoted(now));
                    self.add(ChangeRule::LanguageChanged, message);
                }
                Some(_) => {}
            }
        }
        for tag in after.keys().filter(|tag| !before.contains_key(*tag)) {
            self.add(ChangeRule::LanguageAdded, format!("The message is in {} too", Quoted(tag)));
        }
    }

    fn documentation(&mut self, old: &KindEntry, new: &KindEntry) {
        match (&old.deprecated, &new.deprecated) {
            (None, Some(deprecated)) => {
                let message = match &deprecated.replaced_by {
                    Some(other) => format!("The kind is deprecated; {} replaces it", Quoted(other)),
                    None => "The kind is deprecated".to_owned(),
                };
                self.add(ChangeRule::Deprecated, message);
            }
            (Some(_), None) => self.add(ChangeRule::Restored, "The kind is no longer deprecated".to_owned()),
            _ => {}
        }
        let text = |text: &Option<std::borrow::Cow<'static, str>>| text.as_deref().unwrap_or_default().to_owned();
        let both = old.deprecated.as_ref().zip(new.deprecated.as_ref());
        let pairs = [
            ("description", old.description.to_string(), new.description.to_string()),
            ("help URL", text(&old.help_url), text(&new.help_url)),
            ("owner", text(&old.owner), text(&new.owner)),
            (
                "time of the deprecation",
                both.map(|both| both.0.since.to_string()).unwrap_or_default(),
                both.map(|both| both.1.since.to_string()).unwrap_or_default(),
            ),
            (
                "replacement",
                both.map(|both| text(&both.0.replaced_by)).unwrap_or_default(),
                both.map(|both| text(&both.1.replaced_by)).unwrap_or_default(),
            ),
        ];
        for (what, before, after) in pairs {
            let message = match (&*before, &*after) {
                (before, after) if before == after => continue,
                ("", after) => format!("The {what} is {}, and there was none", Quoted(after)),
                (before, "") => format!("The {what} was {}, and there is none", Quoted(before)),
                (before, after) => format!("The {what} was {} and is {}", Quoted(before), Quoted(after)),
            };
            self.add(ChangeRule::DocumentationChanged, message);
        }
    }
}

fn words(retry: Retry) -> String {
    match retry {
        Retry::Never => "never".to_owned(),
        Retry::AfterBackoff => "after a backoff".to_owned(),
        Retry::AfterDelay(delay) => format!("after {} s", delay.as_secs_f64()),
    }
}

/// The changes of what methods declare. Catalogs without methods are not compared.
fn methods(old: &Catalog, new: &Catalog) -> Vec<Change> {
    if old.methods().len() == 0 || new.methods().len() == 0 {
        return Vec::new();
    }
    let names: BTreeSet<&str> = old.methods().chain(new.methods()).map(Method::name).collect();
    // What a service declares is a part of what its methods do.
    let has_methods: BTreeSet<&str> = names.iter().filter_map(|name| Some(name.split_once('/')?.0)).collect();
    let names = names.into_iter().filter(|name| !has_methods.contains(name));
    names.flat_map(|name| method(name, old.method(name), new.method(name))).collect()
}

fn method(name: &str, old: Option<&Method>, new: Option<&Method>) -> Vec<Change> {
    let declared = |method: Option<&Method>| method.is_some_and(Method::is_declared);
    let kinds = |method: Option<&Method>| -> BTreeSet<String> {
        method.into_iter().flat_map(Method::kinds).map(str::to_owned).collect()
    };
    let change = |rule, message| Change { kind: name.to_owned(), rule, message };
    let (before, after) = (kinds(old), kinds(new));
    match (declared(old), declared(new)) {
        (false, false) => Vec::new(),
        (false, true) => {
            let message = match after.into_iter().collect::<Vec<_>>().join(", ") {
                kinds if kinds.is_empty() => "It declares that it has no errors of its own".to_owned(),
                kinds => format!("It declares its errors: {kinds}"),
            };
            vec![change(ChangeRule::MethodAdded, message)]
        }
        (true, false) => vec![change(ChangeRule::MethodRemoved, "Its errors are no longer declared".to_owned())],
        (true, true) => {
            let added = after.difference(&before).map(|kind| {
                change(ChangeRule::MethodKindAdded, format!("It may fail with {}, which is new", Quoted(kind)))
            });
            let removed = before
                .difference(&after)
                .map(|kind| change(ChangeRule::MethodKindRemoved, format!("It no longer fails with {}", Quoted(kind))));
            added.chain(removed).collect()
        }
    }
}
