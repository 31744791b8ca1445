//! What the enum becomes.

mod entries;
mod from_error;
mod into_error;

use proc_macro2::TokenStream;
use quote::quote;

use crate::enumeration::Enumeration;

/// All of it, in a block of its own, so that no name of ours meets one of the user's.
pub(crate) fn expand(read: &Enumeration<'_>) -> TokenStream {
    let entries = entries::expand(read);
    let into_error = into_error::expand(read);
    let from_error = if read.one_way { TokenStream::new() } else { from_error::expand(read) };
    quote! {
        const _: () = {
            #entries
            #into_error
            #from_error
        };
    }
}
