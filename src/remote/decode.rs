//! From messages to a catalog.

use std::{collections::HashSet, fmt};

use super::entry::{Unknown, domain, entry};
use crate::{
    Catalog, Kind, KindEntry,
    model::{kinds, shown},
    pb,
};

/// Why something is no catalog.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadCatalog(pub(super) String);

impl BadCatalog {
    /// The thread that read it is gone.
    pub(super) fn unread() -> Self {
        Self("it was not read to the end".to_owned())
    }
}

impl fmt::Display for BadCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadCatalog {}

/// The catalog that the messages of one version say.
///
/// A kind that says the same as the built-in one of its name is the built-in one, whoever the server says defines it, and
/// wherever it says that its page is. What a
/// newer server says and this version does not know is read as the safe side of it: an unknown retry as never, an
/// unknown visibility as internal.
///
/// # Errors
///
/// The first thing that cannot be in a catalog.
pub(crate) fn catalog(version: pb::WatchCatalogResponse) -> Result<Catalog, BadCatalog> {
    let pb::WatchCatalogResponse { kinds, domain, domains, .. } = version;
    domains.iter().try_for_each(|domain| self::domain(domain)).map_err(BadCatalog)?;
    let mut seen = HashSet::new();
    let mut entries = Vec::new();
    for kind in kinds {
        if !seen.insert(kind.kind.clone()) {
            return Err(BadCatalog(format!("it has the kind `{}` twice", shown(&kind.kind))));
        }
        let name = kind.kind.clone();
        let entry =
            entry(kind, Unknown::Safe).map_err(|why| BadCatalog(format!("its kind `{}`: {why}", shown(&name))))?;
        match builtin(&entry, &domain) {
            Some(builtin) if entry.help_url == builtin.help_url => {}
            // Where its page is, is all that the server adds; the kind is still everybody's.
            Some(builtin) => entries.push(KindEntry { help_url: entry.help_url, ..builtin.clone() }),
            None => entries.push(entry),
        }
    }
    Ok(Catalog::with_domains(domains, entries.into_iter().map(Kind::from_entry)))
}

/// The built-in entry that says the same, its page aside; the server writes `domain` for it.
fn builtin(entry: &KindEntry, domain: &str) -> Option<&'static KindEntry> {
    let builtin = kinds::ALL.iter().find(|builtin| builtin.kind == entry.kind)?;
    let of_server = KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..(*builtin).clone() };
    ((entry.domain == domain || entry.domain == builtin.domain) && *entry == of_server).then_some(builtin)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, option, prelude::*};

    use super::*;
    use crate::{Audience, Error, Translator, WriteHttpOptions};

    /// Kinds whose every text is whatever a server says, and of which many can be in a catalog.
    fn kind() -> impl Strategy<Value = pb::Kind> {
        let text = || "\\PC{0,12}|[a-z\r\n\0{} ]{0,12}|https://[a-z\n]{1,9}/";
        let delay = (any::<i64>(), any::<i32>()).prop_map(|(seconds, nanos)| prost_types::Duration { seconds, nanos });
        let numbers =
            (prop_oneof![9 => 400..600_u32, 1 => any::<u32>()], prop_oneof![9 => 1..17, 1 => any::<i32>()], 0..5, 0..5);
        let texts = (
            prop_oneof![9 => "[a-z]{3,9}", 1 => "[a-z_.]{0,4}"],
            prop_oneof![9 => "[a-z.]{1,9}", 1 => "\\PC{0,3}"],
            text(),
            text(),
            text(),
            text(),
        );
        let key = (text(), (0..4).prop_map(|visibility| pb::MetadataKeyOptions { visibility }));
        let rest = (
            option::of(delay),
            btree_map(text(), text(), 0..3),
            option::of((text(), text())),
            btree_map(key.0, key.1, 0..3),
        );
        (numbers, texts, rest).prop_map(
            |((status, code, retry, visibility), texts, (retry_delay, localized, deprecated, metadata))| {
                let (kind, domain, message, description, help_url, owner) = texts;
                let deprecated = deprecated.map(|(since, replaced_by)| pb::Deprecation { since, replaced_by });
                let reason = String::new();
                pb::Kind {
                    kind,
                    reason,
                    domain,
                    status,
                    code,
                    message,
                    description,
                    help_url,
                    retry,
                    retry_delay,
                    visibility,
                    localized,
                    deprecated,
                    owner,
                    metadata,
                }
            },
        )
    }

    #[test]
    fn a_built_in_kind_with_a_page_is_still_everybodys() {
        let said = |message: &str| {
            let entry = kinds::ALL.iter().find(|entry| entry.kind == "task_not_found").unwrap();
            let kind = pb::Kind {
                kind: "task_not_found".into(),
                domain: "server.example".into(),
                status: 404,
                code: 5,
                message: if message.is_empty() { entry.message.to_string() } else { message.into() },
                description: entry.description.to_string(),
                help_url: "https://errors.example.com/errors/task_not_found".into(),
                ..Default::default()
            };
            let domain = "server.example".to_owned();
            let read = catalog(pb::WatchCatalogResponse { kinds: vec![kind], domain, ..Default::default() }).unwrap();
            let kind = read.get("task_not_found").unwrap();
            let url = kind.entry().unwrap().help_url.clone().unwrap();
            assert_eq!(url, "https://errors.example.com/errors/task_not_found");
            Translator::default().domain_of(&kind).to_owned()
        };
        // Whoever reads it has the built-in kinds in a domain of its own; what says more is the server's.
        assert_eq!(said(""), "errwire.dev");
        assert_eq!(said("Another message. Look again."), "server.example");
    }

    proptest! {
        /// Whatever a server says: either it is no catalog, or errors can be written by it.
        #[test]
        fn what_is_read_can_be_used(kinds in proptest::collection::vec(kind(), 0..4)) {
            let version = pb::WatchCatalogResponse { kinds, ..Default::default() };
            let Ok(catalog) = catalog(version) else { return Ok(()) };
            let translator = Translator::new(catalog);
            for kind in translator.catalog().own() {
                let error = Error::new(kind.clone());
                let _ = translator.read_grpc(translator.write_grpc(&error));
                for dialect in [crate::Dialect::KindMessage, crate::Dialect::Problem, crate::Dialect::Google] {
                    let options = WriteHttpOptions::new(Audience::Internal).with_dialect(dialect).with_accept_language("*");
                    let (response, _) = translator.write_http_with(&error, &options);
                    prop_assert!(serde_json::from_slice::<serde_json::Value>(response.body()).is_ok());
                    prop_assert_eq!(response.status().as_u16(), error.status().as_u16());
                }
            }
        }
    }
}
