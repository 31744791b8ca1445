//! Method by method.

use std::collections::BTreeSet;

use super::{Change, ChangeRule};
use crate::{
    catalog::{Catalog, Method},
    diagnostic::Quoted,
};

/// The changes of what methods declare. A catalog without any method says nothing about them.
pub(super) fn compare(old: &Catalog, new: &Catalog) -> Vec<Change> {
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
