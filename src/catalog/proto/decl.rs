//! Annotated enums and services, wherever they were read.

use super::{
    Enum, EnumValue, Member, Rpc, Service,
    lower::{self, unknown, values},
    member,
};
use crate::{
    catalog::{
        HttpRoute, Rule,
        join::{Draft, DraftFile, DraftMethod},
        method::is_method_name,
        rule::Findings,
        tree::{Fields, domain, language_of_file, read_kind, read_kinds, report_bad_method},
    },
    diagnostic::{Place, Quoted},
    model::{fold, is_reason},
    yaml::{Field, Node, Scalar, Value},
};

// docs/rules.md: R-CATALOG-3

/// Whether anything of a file is for a catalog.
pub(super) fn is_annotated(enums: &[Enum], services: &[Service]) -> bool {
    enums.iter().any(Enum::is_annotated) || services.iter().any(Service::is_annotated)
}

/// Reads what can be read of the annotated enums and services of a file, and reports the rest.
pub(super) fn read(enums: Vec<Enum>, services: Vec<Service>, findings: &mut Findings) -> DraftFile {
    let mut file = DraftFile { methods: read_services(&services, findings), ..DraftFile::default() };
    for Enum { name, place, catalog, values } in enums.into_iter().filter(Enum::is_annotated) {
        findings.set_subject(Some(&name));
        let (domain, language) = match catalog {
            Some(members) => {
                let (methods, options): (Vec<Member>, Vec<Member>) =
                    members.into_iter().partition(|member| Field::of(member).name == "methods");
                let fields = Fields::new(&options, &["domain", "language"], findings);
                let field = fields.required("domain", &format!("The enum {}", Quoted(&name)), place, findings);
                let domain = field.and_then(|field| domain(field, findings)).map(str::to_owned);
                let language = language_of_file(&fields, findings);
                file.methods.extend(elsewhere(&methods, findings));
                (domain, language)
            }
            None => {
                let message = format!("The enum {} has no option `(errwire.v1.catalog)`", Quoted(&name));
                let remedy = "Add `option (errwire.v1.catalog) = {domain: \"api.example.com\"};`";
                findings.report(Rule::MissingKey, place, message, remedy);
                (None, None)
            }
        };
        for value in values {
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

fn draft(value: EnumValue, domain: &str, findings: &mut Findings) -> Option<Draft> {
    let EnumValue { name, number, place, kind } = value;
    if number == 0 {
        if kind.is_some() {
            let message = format!("{} is the zero value, which stands for no kind", Quoted(&name));
            findings.report(Rule::ZeroKind, place, message, "Give the kind another number, and add `UNSPECIFIED = 0`");
        }
        return None;
    }
    if !is_reason(&name) {
        let folded = fold(&name);
        let remedy = match &folded {
            Some(folded) => format!("Write `{}`", folded.to_ascii_uppercase()),
            None => "A reason is 3 to 63 characters of A-Z, 0-9 and _, begins with a letter, and does not end with _"
                .to_owned(),
        };
        findings.report(Rule::BadKind, place, format!("{} is not a reason", Quoted(&name)), remedy);
    }
    let kind_name = name.to_ascii_lowercase();
    let draft = match kind {
        Some(members) => {
            let value = Node { place, value: Value::Mapping(lower::kind(members, findings)) };
            read_kind(Field::of(&member(kind_name, place, value)), domain, findings)
        }
        None => {
            let message = format!("{} has no option `(errwire.v1.kind)`", Quoted(&name));
            let remedy = "Add `[(errwire.v1.kind) = {status: 404 code: NOT_FOUND message: \"...\"}]`";
            findings.report(Rule::MissingKey, place, message, remedy);
            Draft::new(kind_name, place, findings)
        }
    };
    is_reason(&name).then_some(draft)
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
fn elsewhere(members: &[Member], findings: &mut Findings) -> Vec<DraftMethod> {
    let declarations =
        members.iter().flat_map(|(key, value)| values(value).iter().map(move |one| Field::new(key, one)));
    declarations.filter_map(|field| declaration(field, findings)).collect()
}

fn declaration(field: Field<'_, 'static>, findings: &mut Findings) -> Option<DraftMethod> {
    let members = field.mapping(findings)?;
    let is_name = |member: &&Member| Field::of(member).name == "method";
    let kinds = Some(kinds(members.iter().filter(|member| !is_name(member)), findings));
    let Some(method) = members.iter().rfind(is_name).map(Field::of) else {
        let message = "A declaration has no `method`".to_owned();
        let remedy = "Add `method: \"tasks.v1.TaskService/GetTask\"`";
        findings.report(Rule::MissingKey, field.value.place, message, remedy);
        return None;
    };
    let (name, place) = (method.text_or_empty(findings)?.to_owned(), method.value.place);
    if !is_method_name(&name) {
        report_bad_method(&name, place, findings);
        return None;
    }
    Some(DraftMethod { name, place, kinds, routes: Vec::new() })
}

/// The kinds of `errwire.v1.DeclaredErrors`: one list, or one after the other.
fn kinds<'m>(members: impl IntoIterator<Item = &'m Member>, findings: &mut Findings) -> Vec<(String, Place)> {
    let mut nodes = Vec::new();
    for field in members.into_iter().map(Field::of) {
        match field.name {
            "kinds" => nodes.extend(values(field.value)),
            _ => unknown(field, "Write `kinds`", findings),
        }
    }
    read_kinds(nodes, findings)
}

/// The routes of a `google.api.HttpRule`. What it may not say is for its own compilers to refuse.
fn routes(rule: &[Member]) -> Vec<HttpRoute> {
    fn text<'m>(members: &'m [Member], wanted: &str) -> Option<&'m str> {
        members.iter().map(Field::of).find_map(|field| match &field.value.value {
            Value::Scalar(Scalar::Text, text) if field.name == wanted => Some(&**text),
            _ => None,
        })
    }
    /// The messages of a field.
    fn messages<'m>(members: &'m [Member], wanted: &'static str) -> impl Iterator<Item = &'m Vec<Member>> {
        let fields = members.iter().map(Field::of).filter(move |field| field.name == wanted);
        fields.flat_map(|field| values(field.value)).filter_map(|node| match &node.value {
            Value::Mapping(members) => Some(members),
            _ => None,
        })
    }
    let verbs = ["get", "put", "post", "delete", "patch"];
    let usual = verbs.iter().filter_map(|verb| Some((verb.to_ascii_uppercase(), text(rule, verb)?)));
    let custom = messages(rule, "custom").filter_map(|one| Some((text(one, "kind")?.to_owned(), text(one, "path")?)));
    let has_body = text(rule, "body").is_some_and(|body| !body.is_empty());
    let route = |(verb, template): (String, &str)| match HttpRoute::new(verb, template) {
        route if has_body => route.with_body(),
        route => route,
    };
    usual.chain(custom).map(route).chain(messages(rule, "additional_bindings").flat_map(|rule| routes(rule))).collect()
}
