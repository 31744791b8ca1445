//! Which files a catalog becomes.

use super::{proto, yaml};
use crate::{catalog::Catalog, model::Entry};

/// What a catalog file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// YAML.
    Yaml,
    /// An annotated enum.
    Proto,
}

/// A catalog file that was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The name of the file, with folders: `api.example.com.yaml`, `com/example/api/errors.proto`.
    pub name: String,
    /// The domain of its kinds.
    pub domain: String,
    /// The content.
    pub text: String,
}

/// Writes the kinds that users' files define, one file for each domain, so that loading the files gives the same entries.
/// Comments are not kept; neither are the numbers of enum values, which mean nothing in a catalog and follow the order.
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
    let mut files: Vec<Generated> = Vec::new();
    for domain in catalog.domains() {
        let entries = || catalog.own().filter_map(|kind| kind.entry()).filter(|entry| entry.domain == domain);
        let entries: Vec<&Entry> = entries().collect();
        // Domains that differ may look the same as a name.
        let mut number = 1;
        let mut file = one(domain, number, &entries, form);
        while files.iter().any(|other| other.name == file.name) {
            number += 1;
            file = one(domain, number, &entries, form);
        }
        files.push(file);
    }
    files
}

fn one(domain: &str, number: usize, entries: &[&Entry], form: Form) -> Generated {
    let (name, text) = match form {
        Form::Yaml => (yaml::name(domain, number), yaml::write(domain, entries)),
        Form::Proto => {
            let package = proto::package(domain, number);
            (format!("{}/errors.proto", package.replace('.', "/")), proto::write(&package, domain, entries))
        }
    };
    Generated { name, domain: domain.to_owned(), text }
}
