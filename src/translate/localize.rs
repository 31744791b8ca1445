//! The message in a language that the caller asked for.

use bytestring::ByteString;

use super::audience::View;
use crate::{
    model::{KindEntry, rpc},
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

/// The message in the language that suits the caller best: the error's own, else the catalog's. `None` if neither has one
/// that the caller accepts, or what varies in the catalog's is missing or withheld.
pub(super) fn localized(
    view: &View<'_>,
    entry: Option<&KindEntry>,
    own: Option<&rpc::LocalizedMessage>,
    accepted: &str,
) -> Option<Localized> {
    let templates = entry.map(|entry| &*entry.localized).unwrap_or_default();
    let tags = own.map(|own| own.locale.as_str()).into_iter().chain(templates.iter().map(|(tag, _)| &**tag));
    let tag = language(accepted, tags)?;
    let text = match own.filter(|own| own.locale == tag) {
        Some(own) => own.message.clone().into(),
        None => {
            let (_, template) = templates.iter().find(|(other, _)| other == tag)?;
            view.fill(template)?
        }
    };
    Some(Localized { text, language: tag.to_owned() })
}
