//! An error that is not copied.

use std::{borrow::Cow, cell::LazyCell, collections::BTreeMap, time::Duration};

#[cfg(feature = "tonic")]
use super::part::Views;
use super::{
    Code, HttpStatus, Kind,
    detail_type::{DetailType, DetailTypes, DetailView},
    field::ErrorInfoView,
    kinds,
    part::{Parts, PartsIter, ViewsIter},
    rpc,
    text::Text,
};

/// One API error, as [`Error`](crate::Error) is, that borrows what arrived: for the way from one wire to another.
///
/// It takes no place on the heap, and its message and details are those that arrived, not copies. Whatever is to outlive that
/// becomes an `Error`, by `Error::from`.
///
/// ```
/// use errwire::{Audience, Translator, WriteHttpOptions, kinds};
///
/// let translator = Translator::default();
/// let response = http::Response::builder().status(404).body(r#"{"kind":"task_not_found","message":"m"}"#.into())?;
/// let error = translator.read_http_ref(&response)?;
/// assert!(*error.kind() == kinds::TASK_NOT_FOUND);
/// assert_eq!((error.status().as_u16(), error.message().as_ref()), (404, "m"));
///
/// let same = translator.write_http_ref(&error, &WriteHttpOptions::new(Audience::Public));
/// assert_eq!(same.body(), response.body());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ErrorRef<'a> {
    pub(crate) kind: Cow<'a, Kind>,
    pub(crate) code: Code,
    pub(crate) status: HttpStatus,
    /// `None` stands for the kind's own message; an empty one that came from a wire stays empty.
    pub(crate) message: Option<Text<'a>>,
    pub(super) details: Parts<'a>,
    types: DetailTypes,
    pub(crate) known: Known,
    pub(crate) metadata: Cow<'a, [Pending]>,
}

/// What reading has shown of the details, so that writing need not look for it again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// The only `ErrorInfo` names the kind.
    pub(crate) names_kind: bool,
    /// The last valid `HttpResponse` has the status.
    pub(crate) says_status: bool,
}

/// Metadata that no `ErrorInfo` has yet. Of several values of a name the last one counts.
pub(crate) type Pending = (Cow<'static, str>, String);

impl<'a> ErrorRef<'a> {
    pub(crate) fn new(
        kind: Cow<'a, Kind>,
        code: Code,
        status: HttpStatus,
        message: Option<Text<'a>>,
        details: Parts<'a>,
        types: DetailTypes,
        known: Known,
    ) -> Self {
        Self { kind, code, status, message, details, types, known, metadata: Cow::Borrowed(&[]) }
    }

    /// With the code and the message alone, until its kind is known and the [details](Self::fill) are there. To move those costs more
    /// than to find them.
    #[cfg(feature = "tonic")]
    pub(crate) fn bare(code: Code, message: Text<'a>) -> Self {
        Self {
            kind: Cow::Borrowed(const { &kinds::UNKNOWN_ERROR }),
            code,
            status: code.http_status(),
            message: Some(message),
            details: Parts::Wire(Views::default()),
            types: DetailTypes::default(),
            known: Known::default(),
            metadata: Cow::Borrowed(&[]),
        }
    }

    /// Fills the details of a bare error in, where they stay, unless there is something to take instead.
    #[cfg(feature = "tonic")]
    pub(crate) fn fill(&mut self, fill: impl FnOnce(&mut Views<'a>) -> Option<Parts<'a>>) {
        let instead = if let Parts::Wire(views) = &mut self.details { fill(views) } else { None };
        if let Some(instead) = instead {
            self.details = instead;
        }
        self.types = self.details.types();
    }

    /// With metadata that no `ErrorInfo` has yet.
    pub(crate) fn with_pending(mut self, metadata: Cow<'a, [Pending]>) -> Self {
        self.metadata = metadata;
        self
    }

    /// The machine identifier.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The gRPC status code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The HTTP status.
    pub fn status(&self) -> HttpStatus {
        self.status
    }

    /// As [`Error::message`](crate::Error::message).
    pub fn message(&self) -> Cow<'_, str> {
        match &self.message {
            Some(message) => Cow::Borrowed(message),
            None => self.default_message(),
        }
    }

    /// As [`Error::metadata`](crate::Error::metadata).
    pub fn metadata(&self) -> BTreeMap<String, String> {
        metadata(&self.kind, self.views(), &self.metadata)
    }

    /// As [`Error::detail`](crate::Error::detail).
    pub fn detail<M: prost::Message + prost::Name + Default>(&self) -> Option<M> {
        self.views().find_map(DetailView::decode)
    }

    /// As [`Error::field_violations`](crate::Error::field_violations).
    pub fn field_violations(&self) -> Vec<rpc::bad_request::FieldViolation> {
        field_violations(self.views())
    }

    /// As [`Error::retry_after`](crate::Error::retry_after).
    pub fn retry_after(&self) -> Option<Duration> {
        self.views_for(DetailType::RetryInfo).find_map(DetailView::retry_delay)
    }

    /// Where the message that was set or that arrived is; `None` where the kind's own stands in.
    pub(crate) fn own_message(&self) -> Option<&Text<'a>> {
        self.message.as_ref()
    }

    fn default_message(&self) -> Cow<'_, str> {
        default_message(&self.kind, self.status, self.code, || self.metadata())
    }

    /// The message of the kind, or of the code, without a copy if it is built in.
    pub(crate) fn default_text(&self) -> Text<'_> {
        let plain = self.kind.entry().and_then(|entry| entry.message.plain());
        plain.unwrap_or_else(|| Text::Owned(self.default_message().into_owned().into()))
    }

    /// The details of the rich error model, in order.
    pub(crate) fn parts(&self) -> PartsIter<'_> {
        self.details.iter()
    }

    /// The same, just to be looked at.
    pub(crate) fn views(&self) -> ViewsIter<'_> {
        self.parts().views()
    }

    /// The same if there is any detail of this type, else none: most errors have few types, and are not searched for others.
    pub(crate) fn views_for(&self, wanted: DetailType) -> ViewsIter<'_> {
        if self.has(wanted) { self.views() } else { ViewsIter::default() }
    }

    /// Whether there is a detail of this type.
    pub(crate) fn has(&self, wanted: DetailType) -> bool {
        self.types.has(wanted)
    }

    /// Whether there is one detail of this type, and no more.
    #[cfg(feature = "tonic")]
    pub(crate) fn has_one(&self, wanted: DetailType) -> bool {
        self.types.has_one(wanted)
    }
}

// What both forms of an error say, wherever its parts are.

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
        let fallback = kinds::kind_for_message(status, code);
        Cow::Owned(fallback.entry().map(|entry| entry.message.to_string()).unwrap_or_default())
    })
}

/// The fields that are wrong, from every `BadRequest`.
pub(super) fn field_violations<'a>(
    details: impl Iterator<Item = DetailView<'a>>,
) -> Vec<rpc::bad_request::FieldViolation> {
    details.filter_map(DetailView::decode::<rpc::BadRequest>).flat_map(|request| request.field_violations).collect()
}
