//! Kinds and methods as a server sends them.

use std::{borrow::Cow, time::Duration};

use crate::{
    catalog::{HttpRoute, Method, is_method_name},
    model::{
        Code, Deprecation, HttpStatus, KindEntry, MessageTemplate, Retry, Visibility, is_kind, is_refused_in_catalog,
        is_web_or_relative, shown,
    },
    pb,
};

/// The longest domain that a catalog file may have.
const LONGEST_DOMAIN: usize = 253;

/// What to do with what a newer server says and this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
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
pub(super) fn entry(kind: pb::Kind, unknown: Unknown) -> Result<KindEntry, String> {
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
pub(super) fn method(method: pb::Method) -> Result<Method, String> {
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
