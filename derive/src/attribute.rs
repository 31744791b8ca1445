//! The attributes of ours among those of an item.

use syn::{Attribute, Expr, ExprLit, Lit, Meta, Result};

use crate::args::Args;

/// All arguments of the attributes of this name; `None` if there is no such attribute.
pub(crate) fn args(attributes: &[Attribute], name: &str) -> Result<Option<Args>> {
    let mut all: Option<Args> = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let args: Args = match &attribute.meta {
            Meta::Path(_) => Args::default(),
            Meta::List(list) => list.parse_args()?,
            Meta::NameValue(_) => {
                return Err(syn::Error::new_spanned(attribute, format!("Write `#[{name}(..)]`.")));
            }
        };
        all.get_or_insert_default().0.extend(args.0);
    }
    Ok(all)
}

/// The first paragraph of the documentation, on one line and without its full stop.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        let line = line.value();
        for line in line.lines().map(str::trim) {
            if line.is_empty() && !text.is_empty() {
                return text.trim_end_matches('.').to_owned();
            }
            if !text.is_empty() && !line.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
        }
        if line.trim().is_empty() && !text.is_empty() {
            break;
        }
    }
    text.trim_end_matches('.').to_owned()
}
