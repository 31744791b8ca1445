//! From the parts of a version to a catalog, within limits; kinds and methods as a server sends them.

use std::{borrow::Cow, collections::HashSet, fmt, time::Duration};

use bytes::Bytes;
use prost::Message;

use crate::{
    catalog::{Catalog, HttpRoute, Method, is_method_name},
    model::{
        Broken, Code, Deprecation, Field, Fields, HttpStatus, Kind, KindEntry, MessageTemplate, Retry, Visibility,
        is_kind, is_refused_in_catalog, is_web_or_relative, kinds, shown,
    },
    pb,
};

#[cfg(test)]
mod tests;

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

    /// How many translated messages all kinds together may have.
    pub(super) fn localized(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }

    /// How many kinds and routes all methods together may have, their names included.
    pub(super) fn declared(&self) -> usize {
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
        let entry =
            entry(kind, Unknown::Safe).map_err(|why| BadCatalog(format!("its kind `{}`: {why}", shown(&name))))?;
        match builtin(&entry, outline.domain) {
            Some(builtin) if entry.help_url == builtin.help_url => {}
            // Where its page is, is all that the server adds; the kind is still built in.
            Some(builtin) => entries.push(KindEntry { help_url: entry.help_url, ..builtin.clone() }),
            None => entries.push(entry),
        }
        if let Some(twice) = seen.replace(name) {
            return Err(BadCatalog(format!("it has the kind `{}` twice", shown(&twice))));
        }
    }
    let catalog = Catalog::with_domains(outline.domains, entries.into_iter().map(Kind::from_entry));
    Ok(catalog.with_methods(methods))
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
            if methods > limits.kinds || declared > limits.declared() {
                let (most, declared) = (limits.kinds, limits.declared());
                return Err(BadCatalog(format!("it has more than {most} methods, or {declared} declared errors")));
            }
            if localized > limits.localized() {
                return Err(BadCatalog(format!("it has more than {} translated messages", limits.localized())));
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
    let builtin = kinds::ALL.iter().find(|builtin| builtin.kind == entry.kind)?;
    let of_server = KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..(*builtin).clone() };
    ((entry.domain == domain || entry.domain == builtin.domain) && *entry == of_server).then_some(builtin)
}

/// The longest domain that a catalog file may have.
const LONGEST_DOMAIN: usize = 253;

/// What to do with what a newer server says and this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// It is an error: a comparison must not guess.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the command compares"))]
    Refused,
    /// It is the safe side of it: an unknown retry is never, an unknown visibility is internal.
    Safe,
}

/// A kind as a server sends it.
///
/// # Errors
///
/// Why no catalog could hold it.
pub(crate) fn entry(kind: pb::Kind, unknown: Unknown) -> Result<KindEntry, String> {
    let (retry, visibility) = (pb::Retry::try_from(kind.retry), pb::Visibility::try_from(kind.visibility));
    if unknown == Unknown::Refused && retry.is_err() {
        return Err("it has a retry that this version does not know".to_owned());
    }
    if unknown == Unknown::Refused && visibility.is_err() {
        return Err("it has a visibility that this version does not know".to_owned());
    }
    let name = kind.kind;
    if !is_kind(&name) {
        return Err("it is not a valid name".to_owned());
    }
    domain(&kind.domain)?;
    let status = u16::try_from(kind.status).ok().and_then(|status| HttpStatus::try_from(status).ok());
    let status = status.ok_or_else(|| format!("{} is not the HTTP status of an error", kind.status))?;
    let code = Code::try_from(kind.code).map_err(|_| format!("{} is not the code of an error", kind.code))?;
    if kind.message.is_empty() {
        return Err("it has no message".to_owned());
    }
    let texts = [&kind.message, &kind.description, &kind.help_url, &kind.owner, &kind.language];
    let deprecation = kind.deprecated.iter().flat_map(|deprecation| [&deprecation.since, &deprecation.replaced_by]);
    let localized = kind.localized.iter().flat_map(|(tag, text)| [tag, text]);
    texts
        .into_iter()
        .chain(deprecation)
        .chain(localized)
        .chain(kind.metadata.keys())
        .try_for_each(|text| safe(text))?;
    if !is_web_or_relative(&kind.help_url) {
        return Err(format!("`{}` is not a web address", shown(&kind.help_url)));
    }
    // The map of the message is in the order of its keys, and so are the languages of an entry.
    let localized: Vec<(Cow<'_, str>, MessageTemplate)> =
        kind.localized.into_iter().map(|(tag, text)| (tag.into(), MessageTemplate::from(text))).collect();
    let metadata: Result<Vec<_>, String> =
        kind.metadata.into_iter().filter_map(|(key, options)| metadata_key(key, &options, unknown)).collect();
    let metadata = metadata?;
    let some = |text: String| (!text.is_empty()).then(|| text.into());
    let deprecated = kind.deprecated.map(|deprecation| {
        let pb::Deprecation { since, replaced_by } = deprecation;
        Deprecation { since: since.into(), replaced_by: some(replaced_by) }
    });
    Ok(KindEntry {
        description: kind.description.into(),
        help_url: some(kind.help_url),
        retry: match retry {
            Ok(pb::Retry::AfterBackoff) => Retry::AfterBackoff,
            Ok(pb::Retry::AfterDelay) => Retry::AfterDelay(delay(kind.retry_delay)?),
            _ => Retry::Never,
        },
        visibility: match visibility {
            Ok(pb::Visibility::Unspecified) => Visibility::of(status),
            Ok(pb::Visibility::Public) => Visibility::Public,
            _ => Visibility::Internal,
        },
        localized: localized.into(),
        language: if kind.language.is_empty() { KindEntry::DEFAULT_LANGUAGE.into() } else { kind.language.into() },
        deprecated,
        owner: some(kind.owner),
        metadata: metadata.into(),
        ..KindEntry::new(name, kind.domain, status, code, MessageTemplate::from(kind.message))
    })
}

/// A method as a server sends it.
///
/// # Errors
///
/// Why no catalog could hold it.
pub(crate) fn method(method: pb::Method) -> Result<Method, String> {
    let pb::Method { method: name, kinds, declared, routes } = method;
    if !is_method_name(&name) {
        return Err("it is not a valid name".to_owned());
    }
    if let Some(kind) = kinds.iter().find(|kind| !is_kind(kind)) {
        return Err(format!("`{}` is not a kind", shown(kind)));
    }
    routes.iter().flat_map(|route| [&route.verb, &route.template]).try_for_each(|text| safe(text))?;
    let route = |route: pb::Route| {
        let read = HttpRoute::new(route.verb, route.template);
        if route.has_body { read.with_body() } else { read }
    };
    let method = if declared { Method::new(name, kinds) } else { Method::undeclared(name) };
    Ok(method.with_routes(routes.into_iter().map(route)))
}

fn safe(text: &str) -> Result<(), String> {
    if text.chars().any(is_refused_in_catalog) {
        return Err("it has a text with characters that act on a terminal".to_owned());
    }
    Ok(())
}

/// The audience of the value of a key; `None` if that is not said.
fn metadata_key(
    key: String,
    options: &pb::MetadataKeyOptions,
    unknown: Unknown,
) -> Option<Result<(Cow<'static, str>, Visibility), String>> {
    let visibility = match pb::Visibility::try_from(options.visibility) {
        Ok(pb::Visibility::Unspecified) => return None,
        Ok(pb::Visibility::Public) => Visibility::Public,
        Err(_) if unknown == Unknown::Refused => {
            return Some(Err(format!("its key `{}` has a visibility that this version does not know", shown(&key))));
        }
        Ok(pb::Visibility::Internal) | Err(_) => Visibility::Internal,
    };
    Some(Ok((key.into(), visibility)))
}

fn delay(delay: Option<prost_types::Duration>) -> Result<Duration, String> {
    let delay = delay.ok_or("it has no delay for its retry")?;
    Duration::try_from(delay).map_err(|_| "the delay of its retry is negative".to_owned())
}

pub(super) fn domain(domain: &str) -> Result<(), String> {
    let length = domain.chars().count();
    if (1..=LONGEST_DOMAIN).contains(&length) && !domain.chars().any(char::is_control) {
        return Ok(());
    }
    Err(format!("`{}` is not a domain", shown(domain)))
}
