//! The derive macro of errwire. Use it as `#[derive(errwire::Kinds)]`, through errwire's feature `derive`; the documentation
//! is there.

mod args;
mod attribute;
mod enumeration;
mod expand;
mod field;
mod rules;
// A link to errwire's own file, so that the two suggest the same.
mod suggestion;
mod variant;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// See `errwire::Kinds`.
#[proc_macro_derive(Kinds, attributes(errwire, kind))]
pub fn kinds(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match enumeration::Enumeration::read(&input) {
        Ok(read) => expand::expand(&read).into(),
        Err(error) => error.into_compile_error().into(),
    }
}
