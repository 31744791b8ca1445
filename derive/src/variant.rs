//! One variant.

use std::time::Duration;

use proc_macro2::Span;
use syn::{Ident, Lit, LitInt, LitStr, Path, Result, ext::IdentExt as _, spanned::Spanned as _};

use crate::{
    args::{Arg, Value},
    attribute,
    field::{Field, Role},
    rules::{self, Errors},
};

const KEYS: [&str; 13] = [
    "name",
    "override",
    "status",
    "code",
    "message",
    "description",
    "help_url",
    "retry",
    "retry_delay",
    "visibility",
    "localized",
    "deprecated",
    "owner",
];

/// A variant, which is a kind or stands for other errors.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// The constant of its kind: `TASK_NOT_FOUND`.
    pub(crate) constant: Ident,
    pub(crate) what: What,
    pub(crate) fields: Vec<Field>,
}

/// What a variant is.
pub(crate) enum What {
    /// A kind that is defined here.
    Own(Box<Entry>),
    /// A kind from elsewhere, by its constant.
    Known(Path),
    /// Whatever error the only field is.
    Transparent,
}

/// What the attribute says of a kind, as `errwire::StaticKindEntry` has it.
pub(crate) struct Entry {
    pub(crate) span: Span,
    pub(crate) kind: String,
    pub(crate) status: u16,
    pub(crate) code: Ident,
    pub(crate) message: LitStr,
    pub(crate) description: String,
    pub(crate) help_url: Option<LitStr>,
    pub(crate) retry: Retry,
    pub(crate) visibility: Option<&'static str>,
    pub(crate) localized: Vec<(String, LitStr)>,
    pub(crate) deprecated: Option<(String, Option<String>)>,
    pub(crate) owner: Option<LitStr>,
    pub(crate) overrides: bool,
}

/// What a caller may do about a retry.
pub(crate) enum Retry {
    Never,
    AfterBackoff,
    AfterDelay(Duration),
}

impl Variant {
    pub(crate) fn read(variant: &syn::Variant, errors: &mut Errors) -> Option<Self> {
        let span = variant.ident.span();
        let Some(args) = errors.keep(attribute::args(&variant.attrs, "kind"))? else {
            let message = format!(
                "`{}` has no kind. Add `#[kind(status = 404, code = NOT_FOUND, message = \"...\")]`, \
                 `#[kind(kinds::INTERNAL_ERROR)]` or `#[kind(transparent)]`.",
                variant.ident
            );
            errors.add(syn::Error::new(span, message));
            return None;
        };
        let name = rules::snake(&variant.ident.unraw().to_string());
        let what = match args.0.first() {
            Some(Arg { value: Value::Path(path), key, .. }) if key.is_empty() => Some(What::Known(path.clone())),
            Some(Arg { key, value: Value::None, .. }) if key == "transparent" => Some(What::Transparent),
            // A constant that is imported by its name.
            Some(Arg { key, value: Value::None, span }) if key.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Some(What::Known(Ident::new(key, *span).into()))
            }
            _ => Entry::read(variant, name.clone(), &args, errors).map(|entry| What::Own(Box::new(entry))),
        };
        if !matches!(what, Some(What::Own(_)) | None)
            && let Some(arg) = args.0.get(1)
        {
            errors.add(syn::Error::new(arg.span, "Nothing else belongs here: the kind is defined elsewhere."));
        }
        let is_transparent = matches!(what, Some(What::Transparent));
        let fields: Vec<Field> = variant
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| Field::read(index, field, is_transparent, errors))
            .collect();
        if is_transparent && fields.len() != 1 {
            errors.add(syn::Error::new(span, "`transparent` is for a variant with one field, which is an error."));
        }
        let what = what?;
        if let What::Own(entry) = &what {
            entry.compare(&fields, variant.fields.len(), errors);
        }
        let constant = Ident::new(&name.to_ascii_uppercase(), span);
        Some(Self { ident: variant.ident.clone(), constant, what, fields })
    }
}

impl Entry {
    fn read(variant: &syn::Variant, name: String, args: &crate::args::Args, errors: &mut Errors) -> Option<Self> {
        args.check(&KEYS, errors);
        let attribute = variant.attrs.iter().find(|attribute| attribute.path().is_ident("kind"))?;
        let span = attribute.path().span();
        let kind = match args.read("name", errors, Arg::text) {
            Some(name) => {
                errors.keep(rules::kind(&name.value(), name.span()));
                name.value()
            }
            None => {
                errors.keep(rules::kind(&name, variant.ident.span()));
                name
            }
        };
        for (key, example) in [
            ("status", "`status = 404`, or another number from 400 to 599"),
            ("code", "`code = NOT_FOUND`, or another name of google.rpc.Code"),
            ("message", "`message = \"...\"`, which tells the user what to do"),
        ] {
            if args.get(key).is_none() {
                errors.add(syn::Error::new(span, format!("`{kind}` has no `{key}`. Add {example}.")));
            }
        }
        let status = args.read("status", errors, |arg| rules::status(&number(arg)?));
        let code = args.read("code", errors, |arg| rules::code(&arg.path()?));
        let message = args.read("message", errors, Arg::text);
        let description = args.read("description", errors, Arg::text).map(|text| text.value());
        let help_url = args.read("help_url", errors, help_url);
        let retry = retry(args, errors);
        let visibility = args.read("visibility", errors, |arg| arg.one_of(&["public", "internal"]));
        let localized = args.read("localized", errors, localized).unwrap_or_default();
        let deprecated = args.read("deprecated", errors, deprecated);
        let owner = args.read("owner", errors, Arg::text);
        let overrides = args.read("override", errors, Arg::nothing).is_some();
        Some(Self {
            span,
            kind,
            status: status?,
            code: code?,
            message: message?,
            description: description.unwrap_or_else(|| attribute::documentation(&variant.attrs)),
            help_url,
            retry,
            visibility,
            localized,
            deprecated,
            owner,
            overrides,
        })
    }

    /// Each placeholder wants a field that fills it, in every language.
    fn compare(&self, fields: &[Field], count: usize, errors: &mut Errors) {
        // A field that is wrong is reported already.
        if fields.len() < count {
            return;
        }
        let keys: Vec<&str> = fields.iter().filter_map(Field::key).collect();
        let message = self.message.value();
        let expected = rules::placeholders(&message);
        for name in expected.iter().filter(|name| !keys.contains(*name)) {
            let text = format!("No field fills {{{name}}}. Add a field `{name}`, or remove it here.");
            errors.add(syn::Error::new(self.message.span(), text));
        }
        for (tag, text) in &self.localized {
            let value = text.value();
            let found = rules::placeholders(&value);
            for name in expected.iter().filter(|name| !found.contains(*name)) {
                let words = format!(
                    "The message in `{tag}` lacks {{{name}}}. Use the placeholders of `message` in every language."
                );
                errors.add(syn::Error::new(text.span(), words));
            }
            for name in found.iter().filter(|name| !expected.contains(*name)) {
                let words = format!(
                    "The message in `{tag}` has {{{name}}}, which `message` does not have. Use it in `message` too, or remove it here."
                );
                errors.add(syn::Error::new(text.span(), words));
            }
        }
    }

    /// The metadata keys that never leave for the public.
    pub(crate) fn internal_keys<'f>(fields: &'f [Field]) -> Vec<&'f str> {
        let internal = |field: &'f Field| match &field.role {
            Role::Metadata { key, internal: true, .. } => Some(key.as_str()),
            _ => None,
        };
        let mut keys: Vec<&str> = fields.iter().filter_map(internal).collect();
        keys.sort_unstable();
        keys
    }
}

fn number(arg: &Arg) -> Result<LitInt> {
    match &arg.value {
        Value::Lit(Lit::Int(number)) => Ok(number.clone()),
        Value::Lit(Lit::Str(_)) => Err(arg.wrong("a number", "Remove the quotes")),
        _ => Err(arg.wrong("a number", "Write a whole number")),
    }
}

fn help_url(arg: &Arg) -> Result<LitStr> {
    let url = arg.text()?;
    let value = url.value();
    if value.starts_with("https://") || value.starts_with("http://") {
        return Ok(url);
    }
    Err(syn::Error::new(url.span(), format!("`{value}` is not a web address. Begin it with https://.")))
}

fn retry(args: &crate::args::Args, errors: &mut Errors) -> Retry {
    let word = args.read("retry", errors, |arg| arg.one_of(&["never", "after_backoff", "after_delay"]));
    let delay = args.read("retry_delay", errors, |arg| rules::delay(&arg.text()?));
    match (word, args.get("retry"), args.get("retry_delay")) {
        (Some("after_delay"), Some(retry), None) => {
            let message = "`retry = after_delay` has no `retry_delay`. Add `retry_delay = \"30s\"`, or another delay.";
            errors.add(syn::Error::new(retry.span, message));
        }
        (Some("never" | "after_backoff"), _, Some(delay)) | (None, None, Some(delay)) => {
            let message = "`retry_delay` is used only with `retry = after_delay`. Add `retry = after_delay`, or remove \
                           the delay.";
            errors.add(syn::Error::new(delay.span, message));
        }
        _ => {}
    }
    match (word, delay) {
        (Some("after_backoff"), _) => Retry::AfterBackoff,
        (Some("after_delay"), Some(delay)) => Retry::AfterDelay(delay),
        _ => Retry::Never,
    }
}

/// The messages by language, in the order of the tags, as an entry wants them.
fn localized(arg: &Arg) -> Result<Vec<(String, LitStr)>> {
    let Value::List(texts) = &arg.value else { return Err(arg.wrong("a list", "Write `localized(de = \"...\")`")) };
    let mut all = Vec::new();
    for text in &texts.0 {
        rules::language(&text.key, text.span)?;
        all.push((text.key.clone(), text.text()?));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

fn deprecated(arg: &Arg) -> Result<(String, Option<String>)> {
    let Value::List(args) = &arg.value else {
        return Err(arg.wrong("a list", "Write `deprecated(since = \"2026-11\", replaced_by = \"job_not_found\")`"));
    };
    let mut errors = Errors::default();
    args.check(&["since", "replaced_by"], &mut errors);
    let since = args.read("since", &mut errors, Arg::text).map(|text| text.value());
    let by = args.read("replaced_by", &mut errors, Arg::text).map(|text| text.value());
    errors.finish()?;
    Ok((since.unwrap_or_default(), by))
}
