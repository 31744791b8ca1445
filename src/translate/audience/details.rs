//! Which details each audience sees, and what of each.

use smallvec::{Array, SmallVec};

use super::View;
use crate::{
    model::{Audience, Detail, DetailType, DetailView, Part, field_len, put_field, rpc, texts},
    translate::kind::Lookup,
    wire::grpc::{ALL_FIELDS as ALL, has_only_known},
};

impl<'a> View<'a> {
    /// Adds the details, in order.
    pub(in crate::translate) fn add_details<A: Array<Item = Part<'a>>>(&self, details: &mut SmallVec<A>) {
        match self.audience {
            Audience::Internal => details.extend(self.error.parts()),
            Audience::Public => {
                for part in self.error.parts() {
                    match self.shown(&part) {
                        Shown::Unchanged => details.push(part),
                        Shown::Instead(detail) => details.push(Part::Own(detail)),
                        Shown::Nothing => {}
                    }
                }
            }
        }
    }

    /// Appends the same details as JSON, with commas between them, in one walk over their bytes. `None` if that does not
    /// do, and then there may be anything behind what was in `out`: if the audience sees less than all of what is public, or if
    /// details are not in the form in which they are usually written.
    pub(in crate::translate) fn put_usual(&self, out: &mut Vec<u8>) -> Option<()> {
        let may_see_all = !self.is_secret() && self.hiding.is_none();
        if self.audience == Audience::Internal || !may_see_all {
            return None;
        }
        for detail in self.error.views() {
            // The prefix of any other type URL may name a host.
            let fields = match public_fields(detail.detail_type()) {
                Some(fields) => Some(detail.has_standard_url().then_some(fields)?),
                None if is_public_type(self.lookup, detail.type_name()) => return None,
                None => None,
            };
            if let Some(fields) = fields {
                if out.last() == Some(&b'}') {
                    out.push(b',');
                }
                self.lookup.policy.registry.write_standard(detail, fields, out)?;
            }
        }
        Some(())
    }

    fn shown(&self, part: &Part<'_>) -> Shown {
        let discloses = |localized: rpc::LocalizedMessage| self.discloses(&localized.message);
        match (self.hiding, part.view().detail_type()) {
            _ if self.is_secret() => redact(part),
            (Some(entry), DetailType::ErrorInfo) => {
                edit_info(part, |info| info.metadata.retain(|key, _| !entry.is_internal_key(key)))
            }
            (Some(_), DetailType::LocalizedMessage) if part.view().decode().is_some_and(discloses) => Shown::Nothing,
            _ => publish(self.lookup, part),
        }
    }

    /// Whether details of this type are for the audience.
    // docs/rules.md: R-PUBLIC-1
    pub(super) fn shows(&self, detail: DetailView<'_>) -> bool {
        let beside_a_secret = matches!(
            detail.detail_type(),
            DetailType::ErrorInfo | DetailType::RetryInfo | DetailType::RequestInfo | DetailType::Help
        );
        beside_a_secret || (!self.is_secret() && is_listed(self.lookup, detail.type_name()))
    }
}

/// How many fields of a standard detail anybody may see, from the first; `None` if it is not a standard one, or for insiders.
fn public_fields(detail_type: DetailType) -> Option<usize> {
    match detail_type {
        DetailType::ErrorInfo
        | DetailType::RetryInfo
        | DetailType::QuotaFailure
        | DetailType::PreconditionFailure
        | DetailType::BadRequest
        | DetailType::ResourceInfo
        | DetailType::Help
        | DetailType::LocalizedMessage => Some(ALL),
        DetailType::RequestInfo => Some(REQUEST_ID),
        DetailType::DebugInfo | DetailType::HttpResponse | DetailType::Other => None,
    }
}

/// Whether anybody may see the whole of a detail of this type, unknown fields aside.
fn is_listed(lookup: &Lookup<'_>, type_name: &str) -> bool {
    public_fields(DetailType::of(type_name)) == Some(ALL) || is_public_type(lookup, type_name)
}

fn is_public_type(lookup: &Lookup<'_>, type_name: &str) -> bool {
    lookup.policy.public_types.iter().any(|public| public == type_name)
}

/// What an audience sees of a detail. Most stay as they are, and moving one takes longer than deciding that.
enum Shown {
    Nothing,
    Unchanged,
    Instead(Detail),
}

impl Shown {
    /// All of a detail, under the standard type URL: the prefix of another may name a host.
    fn whole(part: &Part<'_>) -> Self {
        if part.view().has_standard_url() { Self::Unchanged } else { Self::instead(part.to_detail()) }
    }

    /// What became of a detail, under the standard type URL.
    fn instead(detail: Detail) -> Self {
        Self::Instead(detail.with_standard_url())
    }
}

/// What remains of a detail next to a message that was replaced.
fn redact(part: &Part<'_>) -> Shown {
    match part.view().detail_type() {
        DetailType::ErrorInfo => edit_info(part, |info| info.metadata.clear()),
        DetailType::RequestInfo => without_serving_data(part),
        DetailType::RetryInfo | DetailType::Help => known(part),
        _ => Shown::Nothing,
    }
}

/// What anybody may see of a detail: the standard types but `DebugInfo`, and registered ones, without unknown fields.
fn publish(lookup: &Lookup<'_>, part: &Part<'_>) -> Shown {
    match public_fields(part.view().detail_type()) {
        Some(ALL) => known(part),
        Some(_) => without_serving_data(part),
        None if is_public_type(lookup, part.view().type_name()) => {
            // It may hold others, as `Any`s.
            let is_listed = |name: &str| is_listed(lookup, name);
            let stripped = lookup.policy.registry.strip_unknown_except(&part.to_detail(), &is_listed);
            stripped.map_or(Shown::Nothing, Shown::Instead)
        }
        None => Shown::Nothing,
    }
}

/// `google.rpc.RequestInfo` is `{string request_id = 1; string serving_data = 2}`.
fn without_serving_data(part: &Part<'_>) -> Shown {
    if has_only_known(part.view(), REQUEST_ID) {
        return Shown::whole(part);
    }
    let Some([request_id, _]) = texts::<2>(part.view().value()) else { return Shown::Nothing };
    let mut value = Vec::with_capacity(field_len(request_id.len()));
    put_field(&mut value, 0x0a, request_id.as_bytes());
    Shown::instead(part.with_value(value))
}

/// The first field of `google.rpc.RequestInfo`.
const REQUEST_ID: usize = 1;

/// A detail of a type that rules name, without unknown fields.
fn known(part: &Part<'_>) -> Shown {
    if has_only_known(part.view(), ALL) {
        return Shown::whole(part);
    }
    part.view().reencoded().map_or(Shown::Nothing, |value| Shown::instead(part.with_value(value)))
}

/// The same of an `ErrorInfo` whose metadata is changed.
fn edit_info(part: &Part<'_>, change: impl FnOnce(&mut rpc::ErrorInfo)) -> Shown {
    // Without metadata it is as it was, and need not be decoded.
    if has_only_known(part.view(), 2) {
        return Shown::whole(part);
    }
    let Some(mut info) = part.view().decode::<rpc::ErrorInfo>() else { return Shown::Nothing };
    change(&mut info);
    Shown::Instead(info.into())
}
