//! A file as a tree in which everything has its place.

use std::borrow::Cow;

use super::Scalar;
use crate::diagnostic::Place;

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
