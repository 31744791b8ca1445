//! Annotated services, wherever they were read.

use super::{
    lower,
    text::{Member, Text, Value},
};
use crate::{
    catalog::{
        HttpRoute, Rule,
        draft::DraftMethod,
        method,
        problem::Findings,
        tree::{read_kinds, report_bad_method},
    },
    diagnostic::{Place, Quoted},
};

/// A service, and what it says of the errors of its methods.
pub(super) struct Service {
    /// With its package.
    pub(super) name: String,
    pub(super) place: Place,
    /// The fields of the option `(errwire.v1.service_errors)`.
    pub(super) errors: Option<Vec<Member>>,
    pub(super) methods: Vec<Rpc>,
}

/// A method of a service, and what it says of itself.
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
pub(super) fn read(services: &[Service], findings: &mut Findings) -> Vec<DraftMethod> {
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

/// The declarations in the option of a catalog, for methods of services that say nothing themselves.
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
        Some((Value::Text(name), place)) if method::is_name(name) => {
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
