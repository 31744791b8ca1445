//! Annotated enums, wherever they were read.

// docs/rules.md: R-CATALOG-3

use super::{
    lower,
    services::{self, Service},
    text::Member,
};
use crate::{
    catalog::{
        Rule,
        draft::{Draft, DraftFile, Override},
        problem::Findings,
        tree::{Field, Fields, domain, language_of_file, read_kind},
    },
    diagnostic::{Place, Quoted},
    model::{fold, is_reason},
    yaml::{Node, Scalar, Value},
};

/// An enum, and what it says of itself.
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.catalog)`.
    pub(super) catalog: Option<Vec<Member>>,
    pub(super) values: Vec<EnumValue>,
}

/// A value of an enum, and what it says of itself.
pub(super) struct EnumValue {
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.kind)`.
    pub(super) kind: Option<Vec<Member>>,
}

impl Enum {
    /// Whether anything says that the values are kinds.
    pub(super) fn is_annotated(&self) -> bool {
        self.catalog.is_some() || self.values.iter().any(|value| value.kind.is_some())
    }
}

/// Whether anything of a file is for a catalog.
pub(super) fn is_annotated(enums: &[Enum], services: &[Service]) -> bool {
    enums.iter().any(Enum::is_annotated) || services.iter().any(Service::is_annotated)
}

/// Reads what can be read of the annotated enums and services of a file, and reports the rest.
pub(super) fn read(enums: &[Enum], services: &[Service], findings: &mut Findings) -> DraftFile {
    let mut file = DraftFile { methods: services::read(services, findings), ..DraftFile::default() };
    for declared in enums.iter().filter(|declared| declared.is_annotated()) {
        findings.set_subject(Some(&declared.name));
        let (methods, options): (Vec<&Member>, Vec<&Member>) =
            declared.catalog.iter().flatten().partition(|member| member.name == "methods");
        let (domain, language) = declared_options(declared, &options, findings);
        file.methods.extend(services::elsewhere(&methods, findings));
        for value in &declared.values {
            findings.set_subject(Some(&value.name));
            let mut draft = draft(value, domain.as_deref().unwrap_or_default(), findings);
            if let Some((language, entry)) =
                language.as_ref().zip(draft.as_mut().and_then(|draft| draft.entry.as_mut()))
            {
                entry.language = language.clone().into();
            }
            file.kinds.extend(draft);
        }
        findings.set_subject(None);
        file.domains.extend(domain);
    }
    file
}

/// The domain and the language of an enum.
fn declared_options(declared: &Enum, options: &[&Member], findings: &mut Findings) -> (Option<String>, Option<String>) {
    if declared.catalog.is_none() {
        let message = format!("The enum {} has no option `(errwire.v1.catalog)`", Quoted(&declared.name));
        let remedy = "Add `option (errwire.v1.catalog) = {domain: \"api.example.com\"};`";
        findings.report(Rule::MissingKey, declared.place, message, remedy);
        return (None, None);
    }
    let pairs = lower::texts(options.iter().copied(), findings);
    let fields = Fields::new(&pairs, &["domain", "language"], findings);
    let owner = format!("The enum {}", Quoted(&declared.name));
    let field = fields.required("domain", &owner, declared.place, findings);
    let domain = field.and_then(|field| domain(field, findings)).map(str::to_owned);
    (domain, language_of_file(&fields, findings))
}

fn draft(value: &EnumValue, domain: &str, findings: &mut Findings) -> Option<Draft> {
    let EnumValue { name, number, place, kind } = value;
    if *number == 0 {
        if kind.is_some() {
            let message = format!("{} is the zero value, which stands for no kind", Quoted(name));
            findings.report(Rule::ZeroKind, *place, message, "Give the kind another number, and add `UNSPECIFIED = 0`");
        }
        return None;
    }
    if !is_reason(name) {
        let folded = fold(name);
        let remedy = match &folded {
            Some(folded) => format!("Write `{}`", folded.to_ascii_uppercase()),
            None => "A reason is 3 to 63 characters of A-Z, 0-9 and _, begins with a letter, and does not end with _"
                .to_owned(),
        };
        findings.report(Rule::BadKind, *place, format!("{} is not a reason", Quoted(name)), remedy);
    }
    let kind_name = name.to_ascii_lowercase();
    let draft = match kind {
        Some(members) => {
            let key = Node { place: *place, value: Value::Scalar(Scalar::Text, kind_name.clone().into()) };
            let value = Node { place: *place, value: Value::Mapping(lower::kind(members, findings)) };
            read_kind(Field { name: &kind_name, key: &key, value: &value }, domain, findings)
        }
        None => {
            let message = format!("{} has no option `(errwire.v1.kind)`", Quoted(name));
            let remedy = "Add `[(errwire.v1.kind) = {status: 404 code: NOT_FOUND message: \"...\"}]`";
            findings.report(Rule::MissingKey, *place, message, remedy);
            Draft {
                name: kind_name,
                file: findings.file().clone(),
                place: *place,
                overrides: Override::Unclear,
                replaced_by: None,
                fields: Box::default(),
                entry: None,
            }
        }
    };
    is_reason(name).then_some(draft)
}
