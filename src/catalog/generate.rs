//! Catalogs as files, in either form, and as Rust.

mod markdown;
mod proto;
mod rust;
mod yaml;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

#[cfg(feature = "server")]
pub(crate) use markdown::{fence, link, prose};
#[cfg(feature = "server")]
pub(crate) use yaml::Scalar as YamlScalar;

use super::{Catalog, Method, join::is_builtin};
use crate::model::{KindEntry, Retry, Visibility, kinds};

/// What a catalog is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// YAML.
    Yaml,
    /// An annotated enum.
    Proto,
    /// Rust that needs no more than errwire without features: a constant and a constructor for each kind, an enum to match on,
    /// and the catalog.
    Rust,
    /// The same, and the enum has the built-in kinds too.
    RustWithBuiltin,
}

/// A catalog file that was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The name of the file, with folders: `api.example.com.yaml`, `com/example/api/errors.proto`, `errors.rs`.
    pub name: String,
    /// The domain of its kinds; of several, the first.
    pub domain: String,
    /// The content.
    pub text: String,
}

/// Writes the kinds that users' files define, one file for each domain and each language of its messages, so that loading the
/// files gives the same entries. Rust is one file for all domains, since one `match` is for all kinds. Comments are not kept; neither
/// are the numbers of enum values, which mean nothing in a catalog and follow the order.
///
/// ```
/// # #[cfg(feature = "yaml")] {
/// use errwire::{Catalog, catalog::{Form, generate}};
///
/// let text = "domain: api.example.com\nkinds: {a_kind: {status: 404, code: NOT_FOUND, message: Look elsewhere.}}";
/// let files = generate(&Catalog::from_yaml("errors.yaml", text)?, Form::Proto);
/// assert_eq!(files[0].name, "com/example/api/errors.proto");
/// assert!(files[0].text.contains("A_KIND = 1"));
/// # }
/// # Ok::<(), errwire::catalog::Problems>(())
/// ```
pub fn generate(catalog: &Catalog, form: Form) -> Vec<Generated> {
    // A method that declares nothing has nothing to be written.
    let methods: Vec<&Method> = catalog.methods().filter(|method| method.is_declared()).collect();
    if matches!(form, Form::Rust | Form::RustWithBuiltin) {
        let entries: Vec<&KindEntry> = catalog.own().filter_map(|kind| kind.entry()).collect();
        return vec![one(catalog.domains().next().unwrap_or_default(), 1, &entries, &methods, form)];
    }
    let mut files: Vec<Generated> = Vec::new();
    let mut of_domain: HashMap<&str, Vec<Vec<&KindEntry>>> = HashMap::new();
    for entry in catalog.own().filter_map(|kind| kind.entry()) {
        let of_language = of_domain.entry(&entry.domain).or_default();
        match of_language.iter_mut().find(|others| others.first().is_some_and(|other| other.language == entry.language))
        {
            Some(others) => others.push(entry),
            None => of_language.push(vec![entry]),
        }
    }
    let mut names = HashSet::new();
    let all = catalog.domains().flat_map(|domain| {
        // A domain without kinds has a file too.
        let entries = of_domain.remove(domain).unwrap_or_else(|| vec![Vec::new()]);
        entries.into_iter().map(move |entries| (domain, entries))
    });
    for (domain, entries) in all {
        // Domains that differ may look the same as a name.
        let mut number = 1;
        // What methods declare may be of any domain, so all of it is in one file.
        let methods = if files.is_empty() { &*methods } else { &[] };
        let mut file = one(domain, number, &entries, methods, form);
        while !names.insert(file.name.clone()) {
            number += 1;
            file = one(domain, number, &entries, methods, form);
        }
        files.push(file);
    }
    files
}

fn one(domain: &str, number: usize, entries: &[&KindEntry], methods: &[&Method], form: Form) -> Generated {
    let (name, text) = match form {
        Form::Yaml => (yaml::name(domain, number), yaml::write(domain, entries, methods)),
        Form::Proto => {
            let package = proto::package(domain, number);
            (format!("{}/errors.proto", package.replace('.', "/")), proto::write(&package, domain, entries, methods))
        }
        Form::Rust => ("errors.rs".to_owned(), rust::write(entries, &[], methods)),
        Form::RustWithBuiltin => ("errors.rs".to_owned(), rust::write(entries, &builtin_besides(entries), methods)),
    };
    Generated { name, domain: domain.to_owned(), text }
}

/// The built-in kinds that none of these replaces.
fn builtin_besides<'e>(entries: &[&'e KindEntry]) -> Vec<&'e KindEntry> {
    let own: HashSet<&str> = entries.iter().map(|entry| &*entry.kind).collect();
    kinds::ALL.iter().copied().filter(|entry| !own.contains(&*entry.kind)).collect()
}

/// The value of a field, for both forms.
enum Value<'e> {
    /// A number, or a word without quotes.
    Plain(String),
    Text(&'e str),
    /// A text that has quotes in YAML too, whatever it says.
    Quoted(&'e str),
    /// A value of an enum: what protobuf writes in front of it, and its name.
    Word(&'static str, &'static str),
    Fields(Vec<(&'e str, Value<'e>)>),
    Map(Vec<(&'e str, Value<'e>)>),
}

/// What a file says of a kind, in the order of its fields. The forms write a delay differently.
fn fields(entry: &KindEntry, delay: fn(Duration) -> Value<'static>) -> Vec<(&'static str, Value<'_>)> {
    let visibility = |visibility| match visibility {
        Visibility::Public => Value::Word("VISIBILITY_", "PUBLIC"),
        Visibility::Internal => Value::Word("VISIBILITY_", "INTERNAL"),
    };
    let mut fields = Vec::new();
    if is_builtin(&entry.kind) {
        fields.push(("override", Value::Plain("true".to_owned())));
    }
    fields.push(("status", Value::Plain(entry.status.to_string())));
    fields.push(("code", Value::Plain(entry.code.to_string())));
    fields.push(("message", Value::Quoted(entry.message.as_str())));
    if !entry.description.is_empty() {
        fields.push(("description", Value::Text(&entry.description)));
    }
    fields.extend(entry.help_url.as_deref().map(|url| ("help_url", Value::Text(url))));
    match entry.retry {
        Retry::Never => {}
        Retry::AfterBackoff => fields.push(("retry", Value::Word("RETRY_", "AFTER_BACKOFF"))),
        Retry::AfterDelay(time) => {
            fields.extend([("retry", Value::Word("RETRY_", "AFTER_DELAY")), ("retry_delay", delay(time))]);
        }
    }
    if entry.visibility != Visibility::of(entry.status) {
        fields.push(("visibility", visibility(entry.visibility)));
    }
    if !entry.localized.is_empty() {
        let texts = entry.localized.iter().map(|(tag, text)| (&**tag, Value::Quoted(text.as_str())));
        fields.push(("localized", Value::Map(texts.collect())));
    }
    if let Some(deprecated) = &entry.deprecated {
        let since = Some(&*deprecated.since).filter(|since| !since.is_empty());
        let since = since.map(|since| ("since", Value::Quoted(since)));
        let by = deprecated.replaced_by.as_deref().map(|by| ("replaced_by", Value::Text(by)));
        fields.push(("deprecated", Value::Fields(since.into_iter().chain(by).collect())));
    }
    fields.extend(entry.owner.as_deref().map(|owner| ("owner", Value::Text(owner))));
    if !entry.metadata.is_empty() {
        let audience = |of: &Visibility| Value::Fields(vec![("visibility", visibility(*of))]);
        let keys = entry.metadata.iter().map(|(key, of)| (&**key, audience(of)));
        fields.push(("metadata", Value::Map(keys.collect())));
    }
    fields
}
