//! One field of a variant.

use proc_macro2::Span;
use syn::{GenericArgument, Ident, Member, PathArguments, Type, ext::IdentExt as _, spanned::Spanned as _};

use crate::{
    args::Arg,
    attribute,
    rules::{self, Errors},
};

/// A field.
pub(crate) struct Field {
    pub(crate) member: Member,
    /// The variable that holds it.
    pub(crate) binding: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
}

/// What becomes of a field.
pub(crate) enum Role {
    /// It is the error itself.
    Inner,
    /// It travels as metadata.
    Metadata {
        key: String,
        /// `T` of an `Option<T>`, which is left out if there is none.
        optional: Option<Box<Type>>,
        /// Never for the public.
        internal: bool,
    },
    /// It caused the error, and stays in the process.
    Source { is_optional: bool },
    /// It stays where it is.
    Skipped,
}

impl Field {
    pub(crate) fn read(index: usize, field: &syn::Field, is_inner: bool, errors: &mut Errors) -> Option<Self> {
        let args = errors.keep(attribute::args(&field.attrs, "kind"))?.unwrap_or_default();
        args.check(&["skip", "source", "key", "internal"], errors);
        let has = |name: &str| field.attrs.iter().any(|attribute| attribute.path().is_ident(name));
        let name = field.ident.as_ref().map(|ident| ident.unraw().to_string());
        let optional = inside_option(&field.ty);
        let is_source = args.read("source", errors, Arg::nothing).is_some()
            || has("source")
            || has("from")
            || name.as_deref() == Some("source");
        let key = args.read("key", errors, Arg::text);
        let span = key.as_ref().map(syn::LitStr::span).or(field.ident.as_ref().map(Ident::span));
        let role = if is_inner {
            Role::Inner
        } else if args.read("skip", errors, Arg::nothing).is_some() {
            Role::Skipped
        } else if is_source {
            Role::Source { is_optional: optional.is_some() }
        } else if let Some(key) = key.map(|key| key.value()).or(name) {
            errors.keep(rules::key(&key, span.unwrap_or_else(Span::call_site)))?;
            Role::Metadata {
                key,
                optional: optional.cloned().map(Box::new),
                internal: args.read("internal", errors, Arg::nothing).is_some(),
            }
        } else {
            let message =
                "A field without a name needs `#[kind(key = \"task_id\")]`, `#[kind(source)]` or `#[kind(skip)]`.";
            errors.add(syn::Error::new_spanned(&field.ty, message));
            return None;
        };
        let member = field.ident.clone().map_or_else(|| Member::from(index), Member::from);
        // A name of ours, which hides none of the user's.
        let binding = Ident::new(&format!("field_{index}"), Span::mixed_site());
        Some(Self { member, binding, ty: field.ty.clone(), role })
    }

    /// The metadata key that the field fills in any case.
    pub(crate) fn key(&self) -> Option<&str> {
        match &self.role {
            Role::Metadata { key, .. } => Some(key),
            _ => None,
        }
    }
}

/// Where a type is written, for code that is ours and not the user's.
pub(crate) fn location(ty: &Type) -> Span {
    ty.span().resolved_at(Span::call_site())
}

/// `T` of `Option<T>`.
fn inside_option(ty: &Type) -> Option<&Type> {
    let last = last_segment(ty)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == "Option" => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a value of this type is taken over without a copy.
pub(crate) fn is_string(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "String" && last.arguments.is_none())
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        // A type that `macro_rules` passed on.
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}
