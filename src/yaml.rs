//! YAML as a tree in which everything has its place. Catalogs and settings are read from it; catalogs in protobuf's text format become
//! the same tree.

#[cfg(feature = "yaml")]
mod parse;

use std::borrow::Cow;

#[cfg(feature = "server")]
pub(crate) use self::parse::parse;
#[cfg(feature = "yaml")]
pub(crate) use self::parse::parse_with;
use crate::{
    diagnostic::{DiagnosticRule, Findings, Place, Quoted, nearest},
    model::fold,
};

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
    Null,
    Bool(bool),
    Int,
    #[cfg_attr(not(any(feature = "proto", feature = "yaml")), expect(dead_code, reason = "descriptor sets have none"))]
    Float,
    /// A name in protobuf's text format: a value of an enum, or true or false.
    Word,
    Text,
}

impl Scalar {
    /// The type in words for a message.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "true or false",
            Self::Int | Self::Float => "a number",
            Self::Word => "a name",
            Self::Text => "text",
        }
    }
}

/// A value of a file, whatever the file is written in.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) place: Place,
    pub(crate) value: Value<'a>,
}

#[derive(Debug)]
pub(crate) enum Value<'a> {
    Scalar(Scalar, Cow<'a, str>),
    List(Vec<Node<'a>>),
    Mapping(Vec<(Node<'a>, Node<'a>)>),
    /// Already reported.
    Refused,
}

impl Node<'_> {
    /// What the value is, in words for a message.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar, _) => scalar.describe(),
            Value::List(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Refused => "refused",
        }
    }

    /// Whether nothing was written.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, Value::Scalar(Scalar::Null, _))
    }
}

/// What a file can have wrong, whatever it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "yaml"), allow(dead_code, reason = "the first four are of YAML"))]
pub(crate) enum YamlProblem {
    /// It is not YAML.
    Syntax,
    /// A file is one document.
    SeveralDocuments,
    /// Aliases are refused: a few lines of them stand for gigabytes.
    Alias,
    /// Tags are refused: every value has one type, which needs no tag.
    Tag,
    /// A key is a list or a mapping.
    NotText,
    /// A mapping has no such key.
    UnknownKey,
    /// A mapping has it already.
    RepeatedKey,
}

/// Rules of a kind of file that is written in YAML, or becomes the same tree.
pub(crate) trait YamlRule: DiagnosticRule + From<YamlProblem> {}

impl<R: DiagnosticRule + From<YamlProblem>> YamlRule for R {}

/// One key of a mapping with its value.
#[derive(Clone, Copy)]
pub(crate) struct Field<'n, 'a> {
    pub(crate) name: &'n str,
    pub(crate) key: &'n Node<'a>,
    pub(crate) value: &'n Node<'a>,
}

impl<'n, 'a> Field<'n, 'a> {
    /// A field of a message, whose key is a name.
    pub(crate) fn new(key: &'n Node<'a>, value: &'n Node<'a>) -> Self {
        let name = if let Value::Scalar(_, name) = &key.value { name } else { "" };
        Self { name, key, value }
    }

    pub(crate) fn of((key, value): &'n (Node<'a>, Node<'a>)) -> Self {
        Self::new(key, value)
    }
}

/// The keys of a mapping that are `known`, each once; the others are reported. `remedies` are those of a key that is not text, and of
/// one that is near to none.
pub(crate) fn fields<'n, 'a, R: YamlRule>(
    pairs: &'n [(Node<'a>, Node<'a>)],
    known: &[&str],
    remedies: (&'static str, &dyn Fn() -> String),
    findings: &mut Findings<R>,
) -> Vec<Field<'n, 'a>> {
    let mut fields: Vec<Field<'n, 'a>> = Vec::new();
    for (key, value) in pairs {
        let Some(name) = name(key, remedies.0, findings) else { continue };
        if !known.contains(&name) {
            let folded = fold(name);
            let remedy = match nearest(folded.as_deref().unwrap_or(name), known.iter().copied()) {
                Some(near) => format!("Write `{near}`"),
                None => remedies.1(),
            };
            let message = format!("The key {} is unknown", Quoted(name));
            findings.report(YamlProblem::UnknownKey.into(), key.place, message, remedy);
        } else if let Some(first) = fields.iter().find(|field| field.name == name) {
            let message = format!("The key {} is repeated, after line {}", Quoted(name), first.key.place.line);
            findings.report(YamlProblem::RepeatedKey.into(), key.place, message, "Keep one of the two");
        } else {
            fields.push(Field { name, key, value });
        }
    }
    fields
}

/// The text of a key, whatever it looks like without quotes.
pub(crate) fn name<'n, R: YamlRule>(
    key: &'n Node<'_>,
    remedy: &'static str,
    findings: &mut Findings<R>,
) -> Option<&'n str> {
    match &key.value {
        Value::Scalar(_, text) => Some(text),
        Value::Refused => None,
        Value::List(_) | Value::Mapping(_) => {
            let message = format!("A key is {}, not text", key.describe());
            findings.report(YamlProblem::NotText.into(), key.place, message, remedy);
            None
        }
    }
}
