//! References of errors: what a catalog says, for people and for tools.
//!
//! A [`Reference`] says what there is to say; it is written in [Markdown](markdown), as [one HTML file](html) and as
//! [OpenAPI](openapi). The pages of a server are made of the same pieces.

pub(crate) mod fragments;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod openapi;
pub(crate) mod reference;
pub(crate) mod why;
pub(crate) mod words;

pub(crate) use fragments::kind as kind_content;
pub(crate) use html::STYLE;
pub(crate) use reference::Reference;
pub(crate) use words::example;
