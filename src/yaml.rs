//! YAML as a tree in which everything has its place. Catalogs and settings are read from it; catalogs in protobuf's text format become
//! the same tree.

#[cfg(feature = "yaml")]
mod parse;

use std::borrow::Cow;

#[cfg(feature = "server")]
pub(crate) use self::parse::parse;
#[cfg(feature = "yaml")]
pub(crate) use self::parse::{YamlProblem, parse_with};
use crate::diagnostic::Place;

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
    Null,
    Bool(bool),
    Int,
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
    Float,
    Text,
}

impl Scalar {
    /// The type in words for a message.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "true or false",
            Self::Int | Self::Float => "a number",
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
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
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
