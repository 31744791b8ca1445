//! The audience of single metadata keys.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map},
};

use super::fields::{Field, Fields, name, visibility};
use crate::{
    catalog::{Rule, problem::Findings},
    diagnostic::Quoted,
    model::{Visibility, is_metadata_key},
};

/// The keys in their order. One that says nothing of its visibility is as visible as its kind, and is left out.
pub(super) fn read(field: Field<'_, '_>, findings: &mut Findings) -> Vec<(Cow<'static, str>, Visibility)> {
    let mut keys = BTreeMap::new();
    for (key, value) in field.mapping(findings).unwrap_or_default() {
        let Some(name) = name(key, findings) else { continue };
        let field = Field { name, key, value };
        if !is_metadata_key(name) {
            let message = format!("{} is not a key of metadata", Quoted(name));
            let remedy = "Name it with 2 to 64 of a-z, A-Z, 0-9, _ and -, beginning with a-z";
            findings.report(Rule::InvalidMetadataKey, key.place, message, remedy);
            continue;
        }
        let Some(pairs) = field.mapping(findings) else { continue };
        let fields = Fields::new(pairs, &["visibility"], findings);
        let found = fields.get("visibility").and_then(|field| visibility(field, findings));
        match keys.entry(Cow::Owned(name.to_owned())) {
            btree_map::Entry::Vacant(entry) => drop(entry.insert(found)),
            btree_map::Entry::Occupied(entry) => {
                let message = format!("The key {} is repeated", Quoted(entry.key()));
                findings.report(Rule::DuplicateKey, key.place, message, "Keep one of the two");
            }
        }
    }
    keys.into_iter().filter_map(|(key, visibility)| Some((key, visibility?))).collect()
}
