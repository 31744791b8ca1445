//! From the enum to an error, and on to what the frameworks answer.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Generics, parse_quote_spanned};

use crate::{
    enumeration::Enumeration,
    field::{self, Field, Role, is_string},
    variant::{Variant, What},
};

/// `From<Enum>` for `errwire::Error` and `tonic::Status`, and `IntoResponse`.
pub(super) fn expand(read: &Enumeration<'_>) -> TokenStream {
    let Enumeration { input, errwire, variants, .. } = read;
    let ident = &input.ident;
    let generics = bounded(read);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let arms = variants.iter().map(|variant| arm(read, variant));
    // An enum without variants has no values.
    let body = if variants.is_empty() { quote!(match value {}) } else { quote!(match value { #(#arms)* }) };
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics ::core::convert::From<#ident #ty_generics> for #errwire::Error #where_clause {
            fn from(value: #ident #ty_generics) -> Self {
                #body
            }
        }

        #errwire::__if_tonic! {
            #[automatically_derived]
            impl #impl_generics ::core::convert::From<#ident #ty_generics> for #errwire::__private::tonic::Status
            #where_clause
            {
                fn from(value: #ident #ty_generics) -> Self {
                    Self::from(<#errwire::Error as ::core::convert::From<#ident #ty_generics>>::from(value))
                }
            }
        }

        #errwire::__if_axum! {
            #[automatically_derived]
            impl #impl_generics #errwire::__private::axum_core::response::IntoResponse for #ident #ty_generics
            #where_clause
            {
                fn into_response(self) -> #errwire::__private::axum_core::response::Response {
                    #errwire::__private::axum_core::response::IntoResponse::into_response(
                        <#errwire::Error as ::core::convert::From<Self>>::from(self),
                    )
                }
            }
        }
    }
}

fn arm(read: &Enumeration<'_>, variant: &Variant) -> TokenStream {
    let (enumeration, errwire) = (&read.input.ident, &read.errwire);
    let (name, constant) = (&variant.ident, &variant.constant);
    let (_, ty_generics, _) = read.input.generics.split_for_impl();
    let patterns = variant.fields.iter().map(|Field { member, binding, role, .. }| match role {
        Role::Skipped => quote!(#member: _),
        _ => quote!(#member: #binding),
    });
    if let (What::Transparent, Some(Field { binding, .. })) = (&variant.what, variant.fields.first()) {
        return quote!(#enumeration::#name { #(#patterns),* } => #errwire::Error::from(#binding),);
    }
    let steps = variant.fields.iter().map(step);
    quote! {
        #enumeration::#name { #(#patterns),* } => {
            let error = #errwire::Error::new(<#enumeration #ty_generics>::#constant);
            #(#steps)*
            error
        }
    }
}

/// What a field adds to the error.
fn step(field: &Field) -> TokenStream {
    let Field { binding, ty, role, .. } = field;
    let span = field::location(ty);
    let text = |ty: &syn::Type, value: TokenStream| match is_string(ty) {
        true => value,
        false => quote_spanned!(span=> ::std::string::ToString::to_string(&#value)),
    };
    match role {
        Role::Metadata { key, optional: Some(inner), .. } => {
            let text = text(inner, quote!(value));
            quote! {
                let error = match #binding {
                    ::core::option::Option::Some(value) => error.with_metadata(#key, #text),
                    ::core::option::Option::None => error,
                };
            }
        }
        Role::Metadata { key, optional: None, .. } => {
            let text = text(ty, quote!(#binding));
            quote!(let error = error.with_metadata(#key, #text);)
        }
        Role::Source { is_optional: true } => quote_spanned! {span=>
            let error = match #binding {
                ::core::option::Option::Some(value) => error.with_source(value),
                ::core::option::Option::None => error,
            };
        },
        Role::Source { is_optional: false } => quote_spanned!(span=> let error = error.with_source(#binding);),
        Role::Skipped | Role::Inner => TokenStream::new(),
    }
}

/// The generics with what the fields have to be able to, where they depend on a parameter.
fn bounded(read: &Enumeration<'_>) -> Generics {
    let errwire = &read.errwire;
    let mut generics = read.input.generics.clone();
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    if parameters.is_empty() {
        return generics;
    }
    let clause = generics.make_where_clause();
    for Field { ty, role, .. } in read.variants.iter().flat_map(|variant| &variant.fields) {
        let span = field::location(ty);
        clause.predicates.push(match role {
            Role::Metadata { optional, .. } => {
                let ty = optional.as_deref().unwrap_or(ty);
                parse_quote_spanned!(span=> #ty: ::core::fmt::Display)
            }
            Role::Source { is_optional: false } => {
                parse_quote_spanned!(span=> #ty: ::core::convert::Into<#errwire::BoxError>)
            }
            Role::Inner => parse_quote_spanned!(span=> #errwire::Error: ::core::convert::From<#ty>),
            Role::Source { is_optional: true } | Role::Skipped => continue,
        });
    }
    generics
}
