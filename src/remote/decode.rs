//! From the parts of a version to a catalog, within limits.

use std::{collections::HashSet, fmt};

use bytes::Bytes;
use prost::Message;

use crate::{
    catalog::{Catalog, Method},
    model::{Broken, Field, Fields, Kind, KindEntry, kinds, shown},
    pb,
};

mod entry;
#[cfg(test)]
mod tests;

use entry::{Unknown, domain, entry, method};

/// The limits of one version. They are checked before anything is built, so that a server, or a file, cannot exhaust the memory of a
/// process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The encoded bytes of all parts.
    pub(crate) bytes: usize,
    /// The kinds of all parts, and as many methods.
    pub(crate) kinds: usize,
}

/// The translated messages of a version, and the declared errors, for each kind that it may have.
const OF_KIND: usize = 4;

impl Limits {
    /// For the saved catalog of a server, which may come from several files.
    #[cfg(feature = "server")]
    pub(crate) const OWN: Self = Self { bytes: 256 * 1024 * 1024, kinds: 1_000_000 };

    /// As many bytes as a catalog file may have, and more kinds than fit into a reasonable one of that size.
    pub(crate) const DEFAULT: Self = Self { bytes: 64 * 1024 * 1024, kinds: 250_000 };

    /// How many translated messages all kinds together may have; and how many kinds and routes all methods together, their names
    /// included.
    pub(super) fn nested(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }
}

/// Why something is not a catalog.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadCatalog(pub(super) String);

impl BadCatalog {
    /// The thread that read it is gone.
    pub(super) fn unread() -> Self {
        Self("it was not read to the end".to_owned())
    }

    pub(super) fn too_many_bytes(limits: Limits) -> Self {
        Self(format!("it has more than {} bytes", limits.bytes))
    }

    pub(super) fn too_many_kinds(limits: Limits) -> Self {
        Self(format!("it has more than {} kinds", limits.kinds))
    }
}

impl From<Broken> for BadCatalog {
    fn from(_: Broken) -> Self {
        Self("it is not a message of WatchCatalog".to_owned())
    }
}

impl fmt::Display for BadCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadCatalog {}

/// The fields of `WatchCatalogResponse` and of `Kind` that are read in place.
pub(super) mod field {
    pub(in crate::remote) const VERSION: u32 = 1;
    pub(in crate::remote) const KINDS: u32 = 2;
    pub(in crate::remote) const PART: u32 = 3;
    pub(in crate::remote) const MORE: u32 = 4;
    pub(in crate::remote) const DOMAIN: u32 = 5;
    pub(in crate::remote) const DOMAINS: u32 = 6;
    pub(super) const METHODS: u32 = 7;
    /// Of a kind.
    pub(super) const LOCALIZED: u32 = 12;
}

/// The catalog of the encoded parts of one version.
///
/// A kind with the content of the built-in one of its name is the built-in one, whatever the server says of its domain and its page.
/// Unknown values of a newer server are read as safe ones: an unknown retry as never, an unknown visibility as internal.
///
/// Sizes are checked first, then one kind after another is decoded and kept as its entry. So what this takes is in proportion
/// to what the parts say, and ends at the first kind that cannot be in a catalog.
///
/// # Errors
///
/// The first thing that cannot be in a catalog.
pub(crate) fn catalog(parts: &[Bytes], limits: Limits) -> Result<Catalog, BadCatalog> {
    let (entries, methods, outline) = read(parts, limits, Unknown::Safe)?;
    let own = entries.into_iter().filter_map(|entry| match builtin(&entry, outline.domain) {
        Some(builtin) if entry.help_url == builtin.help_url => None,
        // Where its page is, is all that the server adds; the kind is still built in.
        Some(builtin) => Some(KindEntry { help_url: entry.help_url, ..builtin.clone() }),
        None => Some(entry),
    });
    let catalog = Catalog::with_domains(outline.domains, own.map(Kind::from_entry));
    Ok(catalog.with_methods(methods))
}

/// The kinds and methods of the encoded parts of one version, as the server says them.
///
/// # Errors
///
/// The first thing that cannot be in a catalog.
#[cfg(feature = "cli")]
pub(crate) fn entries(parts: &[Bytes], limits: Limits) -> Result<(Vec<KindEntry>, Vec<Method>), BadCatalog> {
    read(parts, limits, Unknown::Refused).map(|(entries, methods, _)| (entries, methods))
}

type Read<'a> = (Vec<KindEntry>, Vec<Method>, Outline<'a>);

fn read(parts: &[Bytes], limits: Limits, unknown: Unknown) -> Result<Read<'_>, BadCatalog> {
    let outline = Outline::of(parts, limits)?;
    let mut seen = HashSet::new();
    let (mut entries, mut methods) = (Vec::new(), Vec::new());
    for field in parts.iter().flat_map(|part| Fields(part)) {
        let kind = match field? {
            (field::KINDS, Field::Bytes(kind)) => kind,
            (field::METHODS, Field::Bytes(said)) => {
                let said = pb::Method::decode(said).map_err(|_| Broken)?;
                let name = shown(&said.method);
                methods.push(method(said).map_err(|why| BadCatalog(format!("its method `{name}`: {why}")))?);
                continue;
            }
            _ => continue,
        };
        let kind = pb::Kind::decode(kind).map_err(|_| Broken)?;
        let name = kind.kind.clone();
        entries.push(entry(kind, unknown).map_err(|why| BadCatalog(format!("its kind `{}`: {why}", shown(&name))))?);
        if let Some(twice) = seen.replace(name) {
            return Err(BadCatalog(format!("it has the kind `{}` twice", shown(&twice))));
        }
    }
    Ok((entries, methods, outline))
}

/// The parts of a version that are known without decoding its kinds.
struct Outline<'a> {
    domain: &'a str,
    domains: Vec<String>,
}

impl<'a> Outline<'a> {
    fn of(parts: &'a [Bytes], limits: Limits) -> Result<Self, BadCatalog> {
        let bytes = parts.iter().map(Bytes::len).fold(0, usize::saturating_add);
        if bytes > limits.bytes {
            return Err(BadCatalog::too_many_bytes(limits));
        }
        let (mut kinds, mut localized, mut methods, mut declared) = (0, 0, 0, 0);
        let mut outline = Outline { domain: "", domains: Vec::new() };
        for field in parts.iter().flat_map(|part| Fields(part)) {
            match field? {
                (field::KINDS, Field::Bytes(kind)) => {
                    kinds += 1;
                    localized += count(kind, field::LOCALIZED);
                }
                (field::METHODS, Field::Bytes(method)) => {
                    methods += 1;
                    declared += Fields(method).map_while(Result::ok).count();
                }
                (field::DOMAIN, Field::Bytes(domain)) => outline.domain = text(domain)?,
                (field::DOMAINS, Field::Bytes(text_of_domain)) => {
                    let name = text(text_of_domain)?;
                    domain(name).map_err(BadCatalog)?;
                    outline.domains.push(name.to_owned());
                }
                _ => {}
            }
            if kinds > limits.kinds || outline.domains.len() > limits.kinds {
                return Err(BadCatalog::too_many_kinds(limits));
            }
            let nested = limits.nested();
            if methods > limits.kinds || declared > nested {
                let most = limits.kinds;
                return Err(BadCatalog(format!("it has more than {most} methods, or {nested} declared errors")));
            }
            if localized > nested {
                return Err(BadCatalog(format!("it has more than {nested} translated messages")));
            }
        }
        Ok(outline)
    }
}

/// How many fields of this number there are, up to the first broken one.
pub(super) fn count(message: &[u8], number: u32) -> usize {
    Fields(message).map_while(Result::ok).filter(|field| field.0 == number).count()
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Broken> {
    str::from_utf8(bytes).map_err(|_| Broken)
}

/// The built-in entry that says the same, its page aside; the server writes `domain` for it.
fn builtin(entry: &KindEntry, domain: &str) -> Option<&'static KindEntry> {
    same_as_builtin(entry).filter(|builtin| entry.domain == domain || entry.domain == builtin.domain)
}

/// The built-in entry that says the same, its domain and its page aside.
pub(crate) fn same_as_builtin(entry: &KindEntry) -> Option<&'static KindEntry> {
    let builtin = kinds::ALL.iter().find(|builtin| builtin.kind == entry.kind)?;
    let of_server = KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..(*builtin).clone() };
    (*entry == of_server).then_some(builtin)
}
