//! The content of a catalog file, whatever its notation. [Nodes](crate::yaml::Node), which have places, become [fields](Fields) of the
//! format, and fields become [drafts](super::join) of entries. Each step reports what it finds and goes on.

mod entry;
mod values;

#[cfg(feature = "yaml")]
pub(super) use entry::read_methods;
pub(super) use entry::{read_kind, read_kinds, report_bad_method};
#[cfg(feature = "server")]
pub(crate) use values::parse_delay;
pub(super) use values::{domain, language_of_file};

use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Notation, Place, Quoted},
    model::is_refused_in_catalog,
    yaml::{self, Field, Node, Scalar, Value},
};

/// The keys of one mapping that the format has, each once.
pub(super) struct Fields<'n, 'a>(Vec<Field<'n, 'a>>);

impl<'n, 'a> Fields<'n, 'a> {
    /// Keeps those that are `known`, and reports the others.
    pub(super) fn new(pairs: &'n [(Node<'a>, Node<'a>)], known: &[&str], findings: &mut Findings) -> Self {
        let otherwise = || format!("Remove it; the keys here are {}", known.join(", "));
        Self(yaml::fields(pairs, known, (WRITE_A_NAME, &otherwise), findings))
    }

    pub(super) fn get(&self, name: &str) -> Option<Field<'n, 'a>> {
        self.0.iter().find(|field| field.name == name).copied()
    }

    /// A key that has to be there; `place` and `owner` are of the mapping.
    pub(super) fn required(
        &self,
        name: &str,
        owner: &str,
        place: Place,
        findings: &mut Findings,
    ) -> Option<Field<'n, 'a>> {
        let field = self.get(name);
        if field.is_none() {
            let message = format!("{owner} has no `{name}`");
            findings.report(Rule::MissingKey, place, message, format!("Add {}", example(name, findings.notation())));
        }
        field
    }
}

impl<'n, 'a> Field<'n, 'a> {
    /// The place of the value; of the key, if there is no value.
    pub(super) fn place(&self) -> Place {
        if self.value.is_null() { self.key.place } else { self.value.place }
    }

    /// The keys of a mapping; nothing at all is a mapping without keys.
    pub(super) fn mapping(&self, findings: &mut Findings) -> Option<&'n [(Node<'a>, Node<'a>)]> {
        match &self.value.value {
            Value::Mapping(pairs) => Some(pairs),
            Value::Scalar(Scalar::Null, _) => Some(&[]),
            _ if findings.notation() == Notation::Proto => {
                self.wrong_type("a message", "Write its fields in braces", findings)
            }
            _ => self.wrong_type("a mapping", "Write keys with values below it, indented", findings),
        }
    }

    /// A text that is not blank.
    pub(super) fn text(&self, findings: &mut Findings) -> Option<&'n str> {
        let text = self.text_or_empty(findings)?;
        if text.trim().is_empty() {
            let message = format!("{} is empty", Quoted(self.name));
            findings.report(
                Rule::EmptyText,
                self.place(),
                message,
                "Write a text, or remove the key if it is optional",
            );
            return None;
        }
        Some(text)
    }

    /// A text.
    pub(super) fn text_or_empty(&self, findings: &mut Findings) -> Option<&'n str> {
        match &self.value.value {
            Value::Scalar(Scalar::Text, text) => {
                self.refuses_unsafe(text, findings);
                Some(text)
            }
            Value::Scalar(Scalar::Null, _) => self.wrong_type("text", "Write a text", findings),
            Value::Scalar(..) => self.wrong_type("text", "Put it into quotes", findings),
            _ => self.wrong_type("text", "Write a text on one line, in quotes", findings),
        }
    }

    fn refuses_unsafe(&self, text: &str, findings: &mut Findings) {
        if let Some(c) = text.chars().find(|c| is_refused_in_catalog(*c)) {
            let message = format!("{} has the character U+{:04X}", Quoted(self.name), u32::from(c));
            let remedy = "Remove it: it would act on a terminal, or make the text look like another one";
            findings.report(Rule::UnsafeText, self.place(), message, remedy);
        }
    }

    /// A text, or a number as it is written, for a value that is a number with a unit.
    pub(super) fn text_or_number(&self, findings: &mut Findings) -> Option<&'n str> {
        match &self.value.value {
            Value::Scalar(Scalar::Int | Scalar::Float, text) => Some(text),
            _ => self.text(findings),
        }
    }

    /// The digits of a number, with what else belongs to a number in YAML.
    pub(super) fn number(&self, findings: &mut Findings) -> Option<&'n str> {
        match &self.value.value {
            Value::Scalar(Scalar::Int, text) => Some(text),
            Value::Scalar(Scalar::Text, text) if text.parse::<u16>().is_ok() => {
                self.wrong_type("a number", "Remove the quotes", findings)
            }
            _ => self.wrong_type("a number", "Write a whole number", findings),
        }
    }

    /// True or false.
    pub(super) fn boolean(&self, findings: &mut Findings) -> Option<bool> {
        match &self.value.value {
            Value::Scalar(Scalar::Bool(value), _) => Some(*value),
            _ => self.wrong_type("true or false", "Write true or false, without quotes", findings),
        }
    }

    /// Reports a value that should be `wanted`, unless it is reported already.
    pub(super) fn wrong_type<T>(&self, wanted: &str, remedy: &'static str, findings: &mut Findings) -> Option<T> {
        if !matches!(self.value.value, Value::Refused) {
            let found = describe(self.value, findings.notation());
            let message = format!("{} is {found}, not {wanted}", Quoted(self.name));
            findings.report(Rule::WrongType, self.place(), message, remedy);
        }
        None
    }
}

/// What a value is, in words of the notation.
fn describe(node: &Node<'_>, notation: Notation) -> &'static str {
    match &node.value {
        Value::Mapping(_) if notation == Notation::Proto => "a message",
        _ => node.describe(),
    }
}

const WRITE_A_NAME: &str = "Write a name as the key";

/// The text of a key, whatever it looks like without quotes.
pub(super) fn name<'n>(key: &'n Node<'_>, findings: &mut Findings) -> Option<&'n str> {
    yaml::name(key, WRITE_A_NAME, findings)
}

/// A required key as a file would write it.
fn example(name: &str, notation: Notation) -> &'static str {
    match name {
        "domain" if notation == Notation::Proto => "`domain: \"api.example.com\"`",
        "domain" => "`domain: api.example.com`",
        "status" => "`status: 404`, or another number from 400 to 599",
        "code" => "`code: NOT_FOUND`, or another name of google.rpc.Code",
        "message" => "`message: \"...\"`, which tells the user what to do",
        _ => "the key",
    }
}
