//! What the parts of an error say together, wherever they are.

use std::{borrow::Cow, cell::LazyCell, collections::BTreeMap};

use super::{Code, HttpStatus, Kind, detail_type::DetailView, fallback::kind_for_message, field::ErrorInfoView, rpc};

/// Metadata that no `ErrorInfo` has yet. Of several values of a name the last one counts.
pub(crate) type Pending = (Cow<'static, str>, String);

/// Whether a detail is an `ErrorInfo` that names this kind.
pub(super) fn names(kind: &Kind, detail: DetailView<'_>) -> bool {
    ErrorInfoView::of(detail).is_some_and(|info| kind.has_reason(info.reason))
}

/// The metadata of the `ErrorInfo` that names the kind, and what waits for one.
pub(super) fn metadata<'a>(
    kind: &Kind,
    mut details: impl Iterator<Item = DetailView<'a>>,
    pending: &[Pending],
) -> BTreeMap<String, String> {
    let info = details.find(|detail| names(kind, *detail)).and_then(DetailView::decode::<rpc::ErrorInfo>);
    let mut metadata = info.map(|info| info.metadata).unwrap_or_default();
    metadata.extend(pending.iter().map(|(name, value)| (name.clone().into_owned(), value.clone())));
    metadata
}

/// The kind's default with its placeholders filled, else the default of the status or of the code.
pub(super) fn default_message<'a>(
    kind: &'a Kind,
    status: HttpStatus,
    code: Code,
    metadata: impl FnOnce() -> BTreeMap<String, String>,
) -> Cow<'a, str> {
    let metadata = LazyCell::new(metadata);
    let value = |name: &str| metadata.get(name).map(|value| Cow::Owned(value.clone()));
    let own = kind.entry().and_then(|entry| entry.message.fill(value));
    own.unwrap_or_else(|| {
        let fallback = kind_for_message(status, code);
        Cow::Owned(fallback.entry().map(|entry| entry.message.to_string()).unwrap_or_default())
    })
}

/// The fields that are wrong, from every `BadRequest`.
pub(super) fn field_violations<'a>(
    details: impl Iterator<Item = DetailView<'a>>,
) -> Vec<rpc::bad_request::FieldViolation> {
    details.filter_map(DetailView::decode::<rpc::BadRequest>).flat_map(|request| request.field_violations).collect()
}
