//! Annotated enums and services, wherever they were read.

use super::{
    lower,
    text::{Member, Text, Value},
};
use crate::{
    catalog::{
        HttpRoute, Rule,
        join::{Draft, DraftFile, DraftMethod, Override},
        method::is_method_name,
        rule::Findings,
        tree::{Fields, domain, language_of_file, read_kind, read_kinds, report_bad_method},
    },
    diagnostic::{Place, Quoted},
    model::{fold, is_reason},
    yaml::{Field, Node, Scalar, Value as Tree},
};

// docs/rules.md: R-CATALOG-3

/// An enum with its annotations.
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.catalog)`.
    pub(super) catalog: Option<Vec<Member>>,
    pub(super) values: Vec<EnumValue>,
}

/// A value of an enum with its annotations.
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
    let mut file = DraftFile { methods: read_services(services, findings), ..DraftFile::default() };
    for declared in enums.iter().filter(|declared| declared.is_annotated()) {
        findings.set_subject(Some(&declared.name));
        let (methods, options): (Vec<&Member>, Vec<&Member>) =
            declared.catalog.iter().flatten().partition(|member| member.name == "methods");
        let (domain, language) = declared_options(declared, &options, findings);
        file.methods.extend(elsewhere(&methods, findings));
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
            let key = Node { place: *place, value: Tree::Scalar(Scalar::Text, kind_name.clone().into()) };
            let value = Node { place: *place, value: Tree::Mapping(lower::kind(members, findings)) };
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

/// A service with the errors that it declares for its methods.
pub(super) struct Service {
    /// With its package.
    pub(super) name: String,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.service_errors)`.
    pub(super) errors: Option<Vec<Member>>,
    pub(super) methods: Vec<Rpc>,
}

/// A method of a service with its annotations.
pub(super) struct Rpc {
    pub(super) name: String,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.errors)`.
    pub(super) errors: Option<Vec<Member>>,
    /// The fields of the option `(google.api.http)`.
    pub(super) http: Option<Vec<Member>>,
}

impl Service {
    /// Whether anything says which errors there are.
    pub(super) fn is_annotated(&self) -> bool {
        self.errors.is_some() || self.methods.iter().any(|rpc| rpc.errors.is_some())
    }
}

/// Reads what can be read of the services of a file in which one of them is annotated, and reports the rest.
fn read_services(services: &[Service], findings: &mut Findings) -> Vec<DraftMethod> {
    let mut methods = Vec::new();
    if !services.iter().any(Service::is_annotated) {
        return methods;
    }
    for Service { name, place, errors, methods: rpcs } in services {
        findings.set_subject(Some(name));
        if let Some(errors) = errors {
            let kinds = Some(kinds(errors, findings));
            methods.push(DraftMethod { name: name.clone(), place: *place, kinds, routes: Vec::new() });
        }
        for Rpc { name: rpc, place, errors, http } in rpcs {
            let name = format!("{name}/{rpc}");
            findings.set_subject(Some(&name));
            let kinds = errors.as_ref().map(|errors| kinds(errors, findings));
            let routes = http.iter().flat_map(|http| routes(http)).collect();
            methods.push(DraftMethod { name, place: *place, kinds, routes });
        }
    }
    findings.set_subject(None);
    methods
}

/// The declarations in the option of a catalog, for methods of services without declarations of their own.
pub(super) fn elsewhere(members: &[&Member], findings: &mut Findings) -> Vec<DraftMethod> {
    let values = members.iter().flat_map(|member| match &member.value.value {
        Value::List(values) => values.iter().collect(),
        _ => vec![&member.value],
    });
    values.filter_map(|value| one(value, findings)).collect()
}

fn one(value: &Text, findings: &mut Findings) -> Option<DraftMethod> {
    let Value::Message(members) = &value.value else {
        let message = format!("`methods` is {}, not a message", value.value.describe());
        findings.report(Rule::WrongType, value.place, message, "Write its fields in braces");
        return None;
    };
    let (names, others): (Vec<&Member>, Vec<&Member>) = members.iter().partition(|member| member.name == "method");
    let others: Vec<Member> = others.into_iter().cloned().collect();
    let kinds = Some(kinds(&others, findings));
    match names.last().map(|name| (&name.value.value, name.value.place)) {
        Some((Value::Text(name), place)) if is_method_name(name) => {
            Some(DraftMethod { name: name.clone(), place, kinds, routes: Vec::new() })
        }
        Some((Value::Text(name), place)) => {
            report_bad_method(name, place, findings);
            None
        }
        Some((other, place)) => {
            let message = format!("`method` is {}, not text", other.describe());
            findings.report(Rule::WrongType, place, message, "Put it into quotes");
            None
        }
        None => {
            let message = "A declaration has no `method`".to_owned();
            findings.report(Rule::MissingKey, value.place, message, "Add `method: \"tasks.v1.TaskService/GetTask\"`");
            None
        }
    }
}

/// The kinds of `errwire.v1.DeclaredErrors`: one list, or one after the other.
fn kinds(members: &[Member], findings: &mut Findings) -> Vec<(String, Place)> {
    let mut nodes = Vec::new();
    for member in members {
        match (&*member.name, &member.value.value) {
            ("kinds", Value::List(values)) => nodes.extend(values.iter().map(|value| lower::item(value, findings))),
            ("kinds", _) => nodes.push(lower::item(&member.value, findings)),
            (name, _) => {
                let message = format!("The key {} is unknown", Quoted(name));
                findings.report(Rule::UnknownKey, member.place, message, "Write `kinds`");
            }
        }
    }
    read_kinds(&nodes, findings)
}

/// The routes of a `google.api.HttpRule`. What it may not say is for its own compilers to refuse.
fn routes(rule: &[Member]) -> Vec<HttpRoute> {
    let text = |members: &[Member], wanted: &str| {
        members.iter().find_map(|member| match &member.value.value {
            Value::Text(text) if member.name == wanted => Some(text.clone()),
            _ => None,
        })
    };
    let mut routes = Vec::new();
    let has_body = text(rule, "body").is_some_and(|body| !body.is_empty());
    let mut add = |verb: &str, template: String| {
        let route = HttpRoute::new(verb, template);
        routes.push(if has_body { route.with_body() } else { route });
    };
    for verb in ["get", "put", "post", "delete", "patch"] {
        if let Some(template) = text(rule, verb) {
            add(&verb.to_ascii_uppercase(), template);
        }
    }
    for member in rule.iter().filter(|member| member.name == "custom") {
        if let Value::Message(custom) = &member.value.value
            && let (Some(verb), Some(template)) = (text(custom, "kind"), text(custom, "path"))
        {
            add(&verb, template);
        }
    }
    // They have no further ones, so this goes one level down.
    for member in rule.iter().filter(|member| member.name == "additional_bindings") {
        let one = std::slice::from_ref(&member.value);
        let values = if let Value::List(values) = &member.value.value { values } else { one };
        for value in values {
            if let Value::Message(binding) = &value.value {
                let binding: Vec<Member> =
                    binding.iter().filter(|member| member.name != "additional_bindings").cloned().collect();
                routes.extend(self::routes(&binding));
            }
        }
    }
    routes
}
