//! The message in a language that the caller asked for.

// docs/rules.md: R-WRITE-HTTP-5

use bytestring::ByteString;

use super::audience::View;
use crate::{
    model::{KindEntry, Text, rpc},
    wire::http::language,
};

/// A message, and its language as a BCP 47 tag.
pub(super) struct Localized {
    pub(super) text: ByteString,
    pub(super) language: String,
}

impl From<Localized> for rpc::LocalizedMessage {
    fn from(localized: Localized) -> Self {
        Self { locale: localized.language, message: localized.text.into() }
    }
}

/// The message in the language that suits the caller best: one of the error's own translations, else the catalog's. `None`
/// if the error's own message suits better, if the caller accepts none of them, or if what varies in the catalog's is missing
/// or withheld.
pub(super) fn localized(view: &View<'_>, own: &[rpc::LocalizedMessage], accepted: &str) -> Option<Localized> {
    let templates = view.entry().map(|entry| &*entry.localized).unwrap_or_default();
    // What does not say its language is in that of the catalog.
    let of_catalog = view.entry().map_or(KindEntry::DEFAULT_LANGUAGE, |entry| &*entry.language);
    let own = || own.iter().filter(|own| !own.message.is_empty());
    let tags = own().map(|own| own.locale.as_str()).chain(templates.iter().map(|(tag, _)| &**tag));
    let tag = language(accepted, tags.chain([of_catalog]))?;
    let own = own().find(|own| own.locale == tag).map(|own| own.message.clone().into());
    let text = own.or_else(|| {
        let (_, template) = templates.iter().find(|(other, _)| other == tag)?;
        view.fill(template).map(Text::into_owned)
    })?;
    Some(Localized { text, language: tag.to_owned() })
}
