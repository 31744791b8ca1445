//! The arguments of an attribute: `status = 404, code = NOT_FOUND, deprecated(since = "2026-11")`.

use proc_macro2::Span;
use syn::{
    Ident, Lit, LitStr, Path, Result, Token,
    ext::IdentExt as _,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned as _,
    token,
};

use crate::{rules, suggestion::nearest};

/// One argument.
pub(crate) struct Arg {
    /// Its key, or its path: `status`, `kinds::INTERNAL_ERROR`.
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// What stands behind a key.
pub(crate) enum Value {
    /// Nothing: `transparent`.
    None,
    /// `= 404`.
    Lit(Lit),
    /// `= NOT_FOUND`, or a path in place of a key.
    Path(Path),
    /// `(since = "2026-11")`.
    List(Args),
}

/// All of an attribute.
#[derive(Default)]
pub(crate) struct Args(pub(crate) Vec<Arg>);

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            // The tag of a language may have a hyphen.
            let key: LitStr = input.parse()?;
            return Self::behind(key.value(), key.span(), input);
        }
        if input.peek2(Token![::]) || input.peek(Token![::]) || input.peek(Token![crate]) && !input.peek2(Token![=]) {
            let path: Path = input.call(Path::parse_mod_style)?;
            return Ok(Self { key: String::new(), span: path.span(), value: Value::Path(path) });
        }
        // `crate` and `override` are keywords.
        let key = Ident::parse_any(input)?;
        Self::behind(key.unraw().to_string(), key.span(), input)
    }
}

impl Arg {
    fn behind(key: String, span: Span, input: ParseStream<'_>) -> Result<Self> {
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            match input.peek(Lit) {
                true => Value::Lit(input.parse()?),
                false => Value::Path(input.call(Path::parse_mod_style)?),
            }
        } else if input.peek(token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::None
        };
        Ok(Self { key, span, value })
    }

    /// A text that is not blank.
    pub(crate) fn text(&self) -> Result<LitStr> {
        match &self.value {
            Value::Lit(Lit::Str(text)) if text.value().trim().is_empty() => {
                let what = format!("`{}` is empty. Write a text, or remove the key if it is optional.", self.key);
                Err(syn::Error::new(text.span(), what))
            }
            Value::Lit(Lit::Str(text)) => Ok(text.clone()),
            _ => Err(self.wrong("text", "Put it into quotes")),
        }
    }

    /// A path, or a word.
    pub(crate) fn path(&self) -> Result<Path> {
        match &self.value {
            Value::Path(path) => Ok(path.clone()),
            _ => Err(self.wrong("a name", "Write it without quotes")),
        }
    }

    /// One of a few words, with or without quotes.
    pub(crate) fn one_of(&self, words: &[&'static str]) -> Result<&'static str> {
        let (text, span) = match &self.value {
            Value::Lit(Lit::Str(text)) => (text.value(), text.span()),
            _ => {
                let path = self.path()?;
                (path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>().join("::"), path.span())
            }
        };
        if let Some(word) = words.iter().copied().find(|word| *word == text) {
            return Ok(word);
        }
        let remedy = nearest(&rules::snake(&text), words.iter().copied());
        let remedy = remedy.map_or_else(|| words.join(" or "), str::to_owned);
        Err(syn::Error::new(span, format!("`{}` cannot be `{text}`. Write {remedy}.", self.key)))
    }

    /// Nothing behind it.
    pub(crate) fn nothing(&self) -> Result<()> {
        match self.value {
            Value::None => Ok(()),
            _ => Err(syn::Error::new(self.span, format!("`{}` takes no value. Remove it.", self.key))),
        }
    }

    pub(crate) fn wrong(&self, wanted: &str, remedy: &str) -> syn::Error {
        let span = match &self.value {
            Value::Lit(lit) => lit.span(),
            Value::Path(path) => path.span(),
            Value::None | Value::List(_) => self.span,
        };
        syn::Error::new(span, format!("`{}` is not {wanted}. {remedy}.", self.key))
    }
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self(Punctuated::<Arg, Token![,]>::parse_terminated(input)?.into_iter().collect()))
    }
}

impl Args {
    /// Reports keys that are unknown or twice.
    pub(crate) fn check(&self, known: &[&str], errors: &mut rules::Errors) {
        for (at, arg) in self.0.iter().enumerate() {
            if !known.contains(&&*arg.key) {
                let near = nearest(&rules::snake(&arg.key), known.iter().copied());
                let remedy = match near {
                    Some(near) => format!("Write `{near}`."),
                    None => format!("Remove it; the keys here are {}.", known.join(", ")),
                };
                errors.add(syn::Error::new(arg.span, format!("The key `{}` is unknown. {remedy}", arg.key)));
            } else if self.0[..at].iter().any(|earlier| earlier.key == arg.key) {
                let message = format!("The key `{}` is here a second time. Keep one of the two.", arg.key);
                errors.add(syn::Error::new(arg.span, message));
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Arg> {
        self.0.iter().find(|arg| arg.key == key)
    }

    /// The value of a key by this reader; what is wrong with it is reported.
    pub(crate) fn read<T>(
        &self,
        key: &str,
        errors: &mut rules::Errors,
        read: impl FnOnce(&Arg) -> Result<T>,
    ) -> Option<T> {
        errors.keep(read(self.get(key)?))
    }
}
