//! The enum as a whole.

use std::collections::HashMap;

use syn::{Data, DeriveInput, Ident, LitStr, Path, Result, parse_quote};

use crate::{
    args::Arg,
    attribute,
    rules::{self, Errors},
    variant::{Variant, What},
};

/// An enum that is a catalog.
pub(crate) struct Enumeration<'i> {
    pub(crate) input: &'i DeriveInput,
    /// Where errwire is: `::errwire`, unless `crate` says otherwise.
    pub(crate) errwire: Path,
    pub(crate) domain: LitStr,
    /// The language of the messages, if it is not the default one.
    pub(crate) language: Option<LitStr>,
    /// Whether nothing leads back from an error.
    pub(crate) one_way: bool,
    pub(crate) variants: Vec<Variant>,
}

impl<'i> Enumeration<'i> {
    /// Reads it, and reports all that is wrong.
    pub(crate) fn read(input: &'i DeriveInput) -> Result<Self> {
        let Data::Enum(data) = &input.data else {
            return Err(syn::Error::new_spanned(&input.ident, "`Kinds` is for an enum whose variants are the kinds."));
        };
        let mut errors = Errors::default();
        let args = errors.keep(attribute::args(&input.attrs, "errwire")).flatten().unwrap_or_default();
        args.check(&["domain", "language", "crate", "one_way"], &mut errors);
        let errwire = args.read("crate", &mut errors, Arg::path);
        let domain = args.read("domain", &mut errors, Arg::text);
        let language = args.read("language", &mut errors, |arg| {
            let tag = arg.text()?;
            rules::language(&tag.value(), tag.span()).map(|()| tag)
        });
        let one_way = args.read("one_way", &mut errors, Arg::nothing).is_some();

        let variants = data.variants.iter().filter_map(|variant| Variant::read(variant, &mut errors));
        let variants: Vec<Variant> = variants.collect();
        if let Some(first) = variants.iter().find(|variant| matches!(variant.what, What::Own(_)))
            && args.get("domain").is_none()
        {
            let message = format!("`{}` has no `domain`. Add `#[errwire(domain = \"api.example.com\")]`.", input.ident);
            errors.add(syn::Error::new(first.ident.span(), message));
        }
        duplicates(&variants, &mut errors);
        errors.finish()?;
        Ok(Self {
            input,
            errwire: errwire.unwrap_or_else(|| parse_quote!(::errwire)),
            domain: domain.unwrap_or_else(|| LitStr::new("", input.ident.span())),
            language,
            one_way,
            variants,
        })
    }
}

/// Two variants may say the same kind by its path, but each kind has one entry.
fn duplicates(variants: &[Variant], errors: &mut Errors) {
    let mut seen: HashMap<&str, &Ident> = HashMap::new();
    for variant in variants {
        let What::Own(entry) = &variant.what else { continue };
        if let Some(first) = seen.insert(&entry.kind, &variant.ident) {
            let message = format!(
                "The kind `{}` is also at the variant {first}. Keep one of the two, or rename one.",
                entry.kind
            );
            errors.add(syn::Error::new(entry.span, message));
        }
    }
}
