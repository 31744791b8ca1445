//! The kind of an error, and its owner.

use std::borrow::Cow;

use super::Policy;
use crate::{
    catalog::Catalog,
    model::{Code, DetailView, ErrorInfoView, Kind, KindEntry, MAX_KIND_LEN, is_reason, kind_for_code, lower_case},
};

/// The domain of the built-in kinds, wherever no policy sets another.
pub(super) const BUILTIN_DOMAIN: &str = "errwire.dev";

/// The owner of a kind, if the built-in ones and those that no catalog has are `ours`.
pub(super) fn domain_of<'a>(entry: Option<&'a KindEntry>, ours: &'a str) -> &'a str {
    match entry {
        Some(entry) if entry.domain != BUILTIN_DOMAIN => &entry.domain,
        _ => ours,
    }
}

/// The page about a kind. One that no catalog has is on no page.
pub(super) fn help_url_of<'a>(entry: Option<&'a KindEntry>, pages: Option<&str>) -> Option<Cow<'a, str>> {
    let entry = entry?;
    match &entry.help_url {
        Some(url) => Some(Cow::Borrowed(url)),
        None => pages.map(|pages| Cow::Owned(format!("{pages}/errors/{}", entry.kind))),
    }
}

/// What one translation looks kinds up in.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) policy: &'a Policy,
    /// Overrides the policy's domain.
    pub(super) domain: Option<&'a str>,
}

impl<'a> Lookup<'a> {
    /// The `ErrorInfo` that names the kind: the first of our domain or of an accepted one with a valid reason, else
    /// the first with a valid reason.
    pub(super) fn naming_info<'d>(&self, details: impl Iterator<Item = DetailView<'d>>) -> Option<NamingInfo<'d>> {
        let mut foreign = None;
        for (at, detail) in details.enumerate() {
            let Some(info) = ErrorInfoView::of(detail).filter(|info| is_reason(info.reason)) else { continue };
            let accepted = self.accepts(info.domain);
            let naming = NamingInfo { at, reason: info.reason, accepted };
            if accepted {
                return Some(naming);
            }
            foreign.get_or_insert(naming);
        }
        foreign
    }

    fn accepts(&self, domain: &[u8]) -> bool {
        let is = |accepted: &str| accepted.as_bytes() == domain;
        is(self.domain())
            || is(BUILTIN_DOMAIN)
            || self.policy.accepted_domains.iter().any(|accepted| is(accepted))
            || self.catalog.domains().any(is)
    }

    /// The translator's domain.
    pub(super) fn domain(&self) -> &'a str {
        self.domain.unwrap_or(&self.policy.domain)
    }

    /// The owner of a kind.
    pub(super) fn domain_of(&self, kind: &'a Kind, entry: Option<&'a KindEntry>) -> &'a str {
        domain_of(entry.or_else(|| kind.entry()), self.domain())
    }

    /// The kind of this reason, which is a valid one.
    pub(super) fn kind_of_reason(&self, reason: &[u8]) -> Kind {
        let mut buffer = [0; MAX_KIND_LEN];
        let name = lower_case(reason, &mut buffer);
        match self.catalog.find(name) {
            Some(kind) => kind.clone(),
            None => Kind::foreign(name),
        }
    }

    /// The kind that stands in for a code, as the catalog has it.
    pub(super) fn fallback(&self, code: Code) -> &'a Kind {
        self.catalog.current(kind_for_code(code))
    }
}

/// An `ErrorInfo` that names the kind.
pub(super) struct NamingInfo<'a> {
    /// Where it is among the details.
    pub(super) at: usize,
    pub(super) reason: &'a [u8],
    /// Whether its domain is ours or an accepted one.
    pub(super) accepted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds;

    #[test]
    fn knows_the_domain_of_the_built_in_kinds() {
        assert_eq!(kinds::TASK_NOT_FOUND.entry().unwrap().domain, BUILTIN_DOMAIN);
    }
}
