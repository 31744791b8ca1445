//! The message in a language that the caller asked for.

// docs/rules.md: R-WRITE-HTTP-5

use bytestring::ByteString;
use smallvec::SmallVec;

use super::audience::View;
use crate::{
    model::{DetailType, KindEntry, Part, Text, rpc, texts},
    wire::http::language,
};

/// Locale and message of a `google.rpc.LocalizedMessage`, `{string locale = 1; string message = 2}`.
pub(super) type Translation<'a> = [&'a str; 2];

/// A message, and its language as a BCP 47 tag.
pub(super) struct Localized {
    pub(super) text: ByteString,
    pub(super) language: String,
}

/// The message in the language that suits the caller best: one of the error's own translations, else the catalog's. `None`
/// if the error's own message suits better, if the caller accepts none of them, or if what varies in the catalog's is missing
/// or withheld.
pub(super) fn localized(view: &View<'_>, own: &[Translation<'_>], accepted: &str) -> Option<Localized> {
    let templates = view.entry().map(|entry| &*entry.localized).unwrap_or_default();
    // What does not say its language is in that of the catalog.
    let of_catalog = view.entry().map_or(KindEntry::DEFAULT_LANGUAGE, |entry| &*entry.language);
    let own = || own.iter().filter(|[_, message]| !message.is_empty());
    let tags = own().map(|[locale, _]| *locale).chain(templates.iter().map(|(tag, _)| &**tag));
    let tag = language(accepted, tags.chain([of_catalog]))?;
    let own = own().find(|[locale, _]| *locale == tag).map(|[_, message]| ByteString::from(*message));
    let text = own.or_else(|| {
        let (_, template) = templates.iter().find(|(other, _)| other == tag)?;
        view.fill(template).map(Text::into_owned)
    })?;
    Some(Localized { text, language: tag.to_owned() })
}

/// Adds the catalog's message in a language that the caller accepts, unless the error brings a translation of its own: each
/// type of detail is there at most once (<https://google.aip.dev/193>).
pub(super) fn localize(view: &View<'_>, accepted: &str, details: &mut SmallVec<[Part<'_>; 6]>) {
    let is = |part: &Part<'_>, wanted| part.view().detail_type() == wanted;
    if details.iter().any(|part| is(part, DetailType::LocalizedMessage)) {
        return;
    }
    if let Some(Localized { text, language }) = localized(view, &[], accepted) {
        let is_last = details.last().is_some_and(|part| is(part, DetailType::HttpResponse));
        let localized = Part::Own(rpc::LocalizedMessage { locale: language, message: text.into() }.into());
        details.insert(details.len() - usize::from(is_last), localized);
    }
}

/// The error's own `LocalizedMessage`s, as far as the audience may see them.
pub(super) fn own_translations<'a>(view: &View<'a>) -> Vec<Translation<'a>> {
    if view.is_secret() {
        return Vec::new();
    }
    let details = view.error.views_for(DetailType::LocalizedMessage);
    let own = details.filter(|detail| detail.detail_type() == DetailType::LocalizedMessage);
    own.filter_map(|detail| texts(detail.value())).filter(|[_, message]| !view.discloses(message)).collect()
}
