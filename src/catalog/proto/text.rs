//! Values in protobuf's [text format](https://protobuf.dev/reference/protobuf/textformat-spec/), with their places.
use crate::diagnostic::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) place: Place,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    /// An enum value, or true or false.
    Word(String),
    /// A number as it is written.
    Number(String),
    Message(Vec<Member>),
    List(Vec<Text>),
}

/// One field of a message.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) value: Text,
}

impl Value {
    /// What the value is, in words for a message.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Word(_) => "a name",
            Self::Number(_) => "a number",
            Self::Message(_) => "a message",
            Self::List(_) => "a list",
        }
    }
}

/// Puts a value where `(option).a.b = value` says: below `path`, each name with its place. A message at the end of the
/// path is taken apart, as several options may each say a part of it.
#[cfg(feature = "proto")]
pub(super) fn insert(members: &mut Vec<Member>, path: &[(String, Place)], value: Text) {
    let Some(((name, place), rest)) = path.split_first() else {
        match value.value {
            Value::Message(inner) => members.extend(inner),
            // Only a message has a meaning here; the compiler refuses the rest.
            _ => members.push(Member { name: String::new(), place: value.place, value }),
        }
        return;
    };
    if rest.is_empty() {
        members.push(Member { name: name.clone(), place: *place, value });
        return;
    }
    let known =
        members.iter().position(|member| member.name == *name && matches!(member.value.value, Value::Message(_)));
    let index = known.unwrap_or_else(|| {
        let empty = Text { place: *place, value: Value::Message(Vec::new()) };
        members.push(Member { name: name.clone(), place: *place, value: empty });
        members.len() - 1
    });
    if let Some(Member { value: Text { value: Value::Message(inner), .. }, .. }) = members.get_mut(index) {
        insert(inner, rest, value);
    }
}
