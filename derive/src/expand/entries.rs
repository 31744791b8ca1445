//! The kinds as constants, and the catalog.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::{
    enumeration::Enumeration,
    variant::{Entry, Retry, Variant, What},
};

/// The entries, a constant for each variant that is a kind, and `catalog()`.
pub(super) fn expand(read: &Enumeration<'_>) -> TokenStream {
    let Enumeration { input, errwire, variants, .. } = read;
    let (ident, vis) = (&input.ident, &input.vis);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();

    let own: Vec<(&Variant, &Entry)> = variants
        .iter()
        .filter_map(|variant| match &variant.what {
            What::Own(entry) => Some((variant, &**entry)),
            What::Known(_) | What::Transparent => None,
        })
        .collect();
    let count = own.len();
    let entries = own.iter().map(|(variant, entry)| self::entry(read, variant, entry));
    let checks = own.iter().map(|(_, entry)| check(read, entry));

    let mut index = 0_usize;
    let constants = variants.iter().filter_map(|variant| {
        let (constant, name) = (&variant.constant, &variant.ident);
        let docs = format!("The kind of [`Self::{name}`].");
        let value = match &variant.what {
            What::Own(_) => {
                index += 1;
                let at = index - 1;
                quote!(#errwire::Kind::from_static(&ENTRIES[#at]))
            }
            What::Known(path) => quote!(#path),
            What::Transparent => return None,
        };
        Some(quote! {
            #[doc = #docs]
            #vis const #constant: #errwire::Kind = #value;
        })
    });
    let kinds = (0..count).map(|at| quote!(#errwire::Kind::from_static(&ENTRIES[#at])));
    let docs = format!(
        "The built-in kinds and those of `{ident}`, for a `Translator` and the layers. Made once; cloning it is cheap."
    );
    quote! {
        static ENTRIES: [#errwire::KindEntry; #count] = [#(#entries),*];
        #(#checks)*

        #[automatically_derived]
        #[allow(dead_code, deprecated)]
        impl #impl_generics #ident #ty_generics #where_clause {
            #(#constants)*

            #[doc = #docs]
            #[must_use]
            #vis fn catalog() -> #errwire::Catalog {
                static MADE: ::std::sync::LazyLock<#errwire::Catalog> =
                    ::std::sync::LazyLock::new(|| #errwire::Catalog::with_kinds([#(#kinds),*] as [#errwire::Kind; #count]));
                MADE.clone()
            }
        }
    }
}

/// One entry, with what differs from the defaults.
fn entry(read: &Enumeration<'_>, variant: &Variant, entry: &Entry) -> TokenStream {
    let Enumeration { errwire, domain, language, .. } = read;
    let language = language.iter();
    let Entry { kind, status, code, message, description, .. } = entry;
    let reason = kind.to_ascii_uppercase();
    let help_url = entry.help_url.iter();
    let owner = entry.owner.iter();
    let retry = match entry.retry {
        Retry::Never => quote!(Never),
        Retry::AfterBackoff => quote!(AfterBackoff),
        Retry::AfterDelay(delay) => {
            let (seconds, nanos) = (delay.as_secs(), delay.subsec_nanos());
            quote!(AfterDelay(::core::time::Duration::new(#seconds, #nanos)))
        }
    };
    let visibility = entry.visibility.iter().map(|word| match *word {
        "public" => quote!(#errwire::Visibility::Public),
        _ => quote!(#errwire::Visibility::Internal),
    });
    let deprecated = entry.deprecated.iter().map(|(since, by)| {
        let by = by
            .as_ref()
            .map_or_else(|| quote!(::core::option::Option::None), |by| quote!(::core::option::Option::Some(#by)));
        quote!(#errwire::StaticDeprecation { since: #since, replaced_by: #by })
    });
    let keys = Entry::internal_keys(&variant.fields);
    let tags = entry.localized.iter().map(|(tag, _)| tag);
    let texts = entry.localized.iter().map(|(_, text)| text);
    quote! {
        #errwire::KindEntry::from_static(#errwire::StaticKindEntry {
            kind: #kind,
            reason: #reason,
            status: #status,
            code: #errwire::Code::#code,
            message: #message,
            #(language: #language,)*
            description: #description,
            retry: #errwire::Retry::#retry,
            #(help_url: ::core::option::Option::Some(#help_url),)*
            #(owner: ::core::option::Option::Some(#owner),)*
            #(visibility: ::core::option::Option::Some(#visibility),)*
            #(deprecated: ::core::option::Option::Some(#deprecated),)*
            metadata: &[#((::std::borrow::Cow::Borrowed(#keys), #errwire::Visibility::Internal)),*],
            localized: {
                const TEXTS: &[(::std::borrow::Cow<'static, str>, #errwire::MessageTemplate)] = &[
                    #((::std::borrow::Cow::Borrowed(#tags), #errwire::MessageTemplate::from_static(#texts))),*
                ];
                TEXTS
            },
            ..#errwire::StaticKindEntry::of(#domain)
        })
    }
}

/// Only the compiler of errwire's user knows the built-in kinds.
fn check(read: &Enumeration<'_>, entry: &Entry) -> TokenStream {
    let Entry { span, kind, status, code, overrides, .. } = entry;
    let errwire = &read.errwire;
    let shadows = format!(
        "The kind `{kind}` is built in with another status or code. Add `override` to replace it, or rename yours."
    );
    let nothing =
        format!("No built-in kind is named `{kind}`. Remove `override`, or write the name of a built-in kind.");
    // Reported at the attribute.
    let (shadows, nothing) = (quote_spanned!(*span=> panic!(#shadows)), quote_spanned!(*span=> panic!(#nothing)));
    quote! {
        const _: () = match #errwire::__private::replaces(#kind, #status, #errwire::Code::#code) {
            ::core::option::Option::Some(true) if !#overrides => #shadows,
            ::core::option::Option::None if #overrides => #nothing,
            _ => (),
        };
    }
}
