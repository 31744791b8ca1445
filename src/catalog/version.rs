//! The version of a catalog: a hash of its content.

use super::Method;
use crate::model::{Deprecation, Kind, KindEntry, Retry, Visibility};

/// The name of this content: 16 hexadecimal digits, equal for equal content, on every machine.
///
/// The hash tells versions apart; it does not authenticate them.
pub(super) fn version(kinds: &[Kind], domains: &[Box<str>], methods: &[Method]) -> String {
    let mut hash = Fnv::new();
    hash.number(domains.len());
    domains.iter().for_each(|domain| hash.text(domain));
    kinds.iter().filter_map(Kind::entry).for_each(|entry| hash.entry(entry));
    for method in methods {
        hash.text(method.name());
        // One more than the kinds, so that a method that declares no kinds differs from one without a declaration.
        hash.number(if method.is_declared() { method.kinds().len() + 1 } else { 0 });
        method.kinds().for_each(|kind| hash.text(kind));
        hash.number(method.routes().len());
        for route in method.routes() {
            hash.text(route.verb());
            hash.text(route.template());
            hash.bytes(&[u8::from(route.has_body())]);
        }
    }
    format!("{:016x}", hash.0)
}

/// FNV-1a with 64 bits (<https://www.rfc-editor.org/rfc/rfc9923>).
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn number(&mut self, number: usize) {
        self.bytes(&(number as u64).to_le_bytes());
    }

    /// With its length, so that two texts do not look like one.
    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.bytes(&[u8::from(text.is_some())]);
        self.text(text.unwrap_or_default());
    }

    fn entry(&mut self, entry: &KindEntry) {
        // Named one by one, so that a new field cannot be forgotten. The reason follows from the kind.
        let KindEntry {
            kind,
            reason: _,
            domain,
            status,
            code,
            message,
            language,
            description,
            help_url,
            retry,
            visibility: _,
            localized,
            deprecated,
            owner,
            metadata,
        } = entry;
        self.text(kind);
        self.text(domain);
        self.number(status.as_u16().into());
        self.bytes(&code.number().to_le_bytes());
        self.text(message.as_str());
        self.text(language);
        self.text(description);
        self.optional(help_url.as_deref());
        match retry {
            Retry::Never => self.bytes(&[0]),
            Retry::AfterBackoff => self.bytes(&[1]),
            Retry::AfterDelay(delay) => {
                self.bytes(&[2]);
                self.bytes(&delay.as_nanos().to_le_bytes());
            }
        }
        self.bytes(&[u8::from(entry.is_public())]);
        self.number(localized.len());
        for (tag, message) in localized.iter() {
            self.text(tag);
            self.text(message.as_str());
        }
        let (since, replaced_by) = match deprecated {
            Some(Deprecation { since, replaced_by }) => (Some(&**since), replaced_by.as_deref()),
            None => (None, None),
        };
        self.optional(since);
        self.optional(replaced_by);
        self.optional(owner.as_deref());
        self.number(metadata.len());
        for (key, visibility) in metadata.iter() {
            self.text(key);
            self.bytes(&[u8::from(*visibility == Visibility::Public)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use super::*;
    use crate::{
        catalog::Catalog,
        model::{Code, HttpStatus, MessageTemplate},
    };

    #[test]
    fn hashes_as_published() {
        // From the test vectors of RFC 9923, appendix C.
        let rows = [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)];
        for (text, expected) in rows {
            let mut hash = Fnv::new();
            hash.bytes(text.as_bytes());
            assert_eq!(hash.0, expected, "{text:?}");
        }
    }

    fn entry() -> KindEntry {
        let message = MessageTemplate::from("Fix it.".to_owned());
        KindEntry::new("a_kind".into(), "d".into(), HttpStatus::from_static(400), Code::Aborted, message)
    }

    #[test]
    fn changes_with_every_field() {
        let deprecation = Deprecation { since: "x".into(), replaced_by: None };
        let changes: [fn(&mut KindEntry); 13] = [
            |_| {},
            |entry| entry.kind = "b_kind".into(),
            |entry| entry.domain = "e".into(),
            |entry| entry.status = HttpStatus::from_static(401),
            |entry| entry.code = Code::Internal,
            |entry| entry.message = MessageTemplate::from("Fix it!".to_owned()),
            |entry| entry.language = "de".into(),
            |entry| entry.description = "x".into(),
            |entry| entry.help_url = Some("x".into()),
            |entry| entry.retry = Retry::AfterBackoff,
            |entry| entry.retry = Retry::AfterDelay(Duration::from_secs(1)),
            |entry| entry.visibility = Visibility::Internal,
            |entry| entry.owner = Some("x".into()),
        ];
        let mut entries: Vec<KindEntry> = changes
            .into_iter()
            .map(|change| {
                let mut entry = entry();
                change(&mut entry);
                entry
            })
            .collect();
        entries.push(KindEntry {
            localized: vec![("de".into(), MessageTemplate::from("x".to_owned()))].into(),
            ..entry()
        });
        entries.push(KindEntry { deprecated: Some(deprecation.clone()), ..entry() });
        entries.push(KindEntry {
            deprecated: Some(Deprecation { replaced_by: Some("x".into()), ..deprecation }),
            ..entry()
        });
        for visibility in [Visibility::Internal, Visibility::Public] {
            entries.push(KindEntry { metadata: vec![("shard".into(), visibility)].into(), ..entry() });
        }
        let versions: BTreeSet<String> =
            entries.iter().map(|entry| Catalog::with_entries([entry.clone()]).version().to_owned()).collect();
        assert_eq!(versions.len(), entries.len());
        let again = Catalog::with_entries([entry()]);
        assert!(versions.contains(again.version()) && again.version().len() == 16);
        assert!(!versions.contains(Catalog::builtin().version()));
        assert!(!versions.contains(Catalog::with_domains(["f".to_owned()], [Kind::from_entry(entry())]).version()));
    }
}
