//! From an error back to the enum.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Generics, parse_quote_spanned};

use crate::{
    enumeration::Enumeration,
    field::{self, Field, Role},
    variant::{Variant, What},
};

/// `TryFrom<&errwire::Error>`: the variants in their order, and then those that stand for other errors.
pub(super) fn expand(read: &Enumeration<'_>) -> TokenStream {
    let Enumeration { input, errwire, variants, .. } = read;
    let ident = &input.ident;
    let generics = bounded(read);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let is_transparent = |variant: &&Variant| matches!(variant.what, What::Transparent);
    let kinds = variants.iter().filter(|variant| !is_transparent(variant)).filter_map(|variant| kind(read, variant));
    let others = variants.iter().filter(is_transparent).map(|variant| {
        let name = &variant.ident;
        let fields = variant.fields.iter().map(|Field { member, ty, .. }| {
            (
                quote!(#member: inner),
                quote_spanned!(field::location(ty)=> <#ty as ::core::convert::TryFrom<&#errwire::Error>>::try_from(error)),
            )
        });
        let (fields, inner): (Vec<_>, Vec<_>) = fields.unzip();
        quote! {
            #(if let ::core::result::Result::Ok(inner) = #inner {
                return ::core::result::Result::Ok(Self::#name { #fields });
            })*
        }
    });
    let name = ident.to_string();
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_variables)]
        impl #impl_generics ::core::convert::TryFrom<&#errwire::Error> for #ident #ty_generics #where_clause {
            type Error = #errwire::KindMismatch;

            fn try_from(error: &#errwire::Error) -> ::core::result::Result<Self, #errwire::KindMismatch> {
                #(#kinds)*
                #(#others)*
                ::core::result::Result::Err(#errwire::__private::mismatch(error, #name))
            }
        }
    }
}

/// `None` for a variant whose cause cannot come back.
fn kind(read: &Enumeration<'_>, variant: &Variant) -> Option<TokenStream> {
    let errwire = &read.errwire;
    let (name, constant) = (&variant.ident, &variant.constant);
    let mut members = Vec::new();
    let mut has_values = false;
    for Field { member, ty, role, .. } in &variant.fields {
        let span = field::location(ty);
        members.push(match role {
            Role::Metadata { key, optional: Some(_), .. } => {
                has_values = true;
                quote_spanned!(span=> #member: values.optional(#key)?)
            }
            Role::Metadata { key, optional: None, .. } => {
                has_values = true;
                quote_spanned!(span=> #member: values.required(#key)?)
            }
            Role::Source { is_optional: true } => quote!(#member: ::core::option::Option::None),
            Role::Skipped => quote_spanned!(span=> #member: ::core::default::Default::default()),
            Role::Source { is_optional: false } | Role::Inner => return None,
        });
    }
    let made = match has_values {
        false => quote!(return ::core::result::Result::Ok(Self::#name { #(#members),* });),
        true => quote! {
            let made = #errwire::__private::Values::of(error, &Self::#constant)
                .make(|values| ::core::option::Option::Some(Self::#name { #(#members),* }));
            if let ::core::option::Option::Some(made) = made {
                return ::core::result::Result::Ok(made);
            }
        },
    };
    Some(quote! {
        if *error.kind() == Self::#constant {
            #made
        }
    })
}

fn bounded(read: &Enumeration<'_>) -> Generics {
    let errwire = &read.errwire;
    let mut generics = read.input.generics.clone();
    if generics.type_params().next().is_none() {
        return generics;
    }
    let clause = generics.make_where_clause();
    for variant in &read.variants {
        for Field { ty, role, .. } in &variant.fields {
            let span = field::location(ty);
            clause.predicates.push(match role {
                Role::Metadata { optional, .. } => {
                    let ty = optional.as_deref().unwrap_or(ty);
                    parse_quote_spanned!(span=> #ty: #errwire::__private::FromMetadata)
                }
                Role::Skipped => parse_quote_spanned!(span=> #ty: ::core::default::Default),
                Role::Inner => {
                    parse_quote_spanned!(span=> #ty: for<'error> ::core::convert::TryFrom<&'error #errwire::Error>)
                }
                Role::Source { .. } => continue,
            });
        }
    }
    generics
}
