//! From options as protobuf's text format writes them to fields as YAML writes them.

use std::{borrow::Cow, slice};

use super::Member;
use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Place, Quoted, nearest},
    model::Code,
    yaml::{Field, Node, Scalar, Value},
};

/// The fields of `errwire.v1.KindOptions`. What has the value that stands for nothing is left out, and what is written alike in both
/// forms stays as it is.
pub(super) fn kind(members: Vec<Member>, findings: &mut Findings) -> Vec<Member> {
    let mut kind = Vec::with_capacity(members.len());
    let (mut localized, mut metadata) = (Map::default(), Map::default());
    for member in members {
        let field = Field::of(&member);
        let value = match field.name {
            "override" => boolean(field),
            "status" => number(field),
            "code" => Some(code(field, findings)),
            "retry" => match word(field, "RETRY_", &["NEVER", "AFTER_BACKOFF", "AFTER_DELAY"], findings) {
                None => continue,
                found => found,
            },
            "visibility" => match visibility(field, findings) {
                None => continue,
                found => found,
            },
            "retry_delay" => Some(delay(field, findings)),
            "localized" => {
                localized.add(member, "Write `localized: {key: \"de\" value: \"...\"}` for each language", findings);
                continue;
            }
            "metadata" => {
                let remedy = "Write `metadata: {key: \"shard\" value: {visibility: VISIBILITY_INTERNAL}}`";
                metadata.add(member, remedy, findings);
                continue;
            }
            _ => None,
        };
        let (key, written) = member;
        kind.push((key, value.unwrap_or(written)));
    }
    metadata.entries.iter_mut().for_each(|(_, of_key)| audience(of_key, findings));
    kind.extend([localized, metadata].into_iter().filter_map(Map::into_member));
    kind
}

/// The values of a field that may be repeated: those of a list, or the only one.
pub(super) fn values<'n>(node: &'n Node<'static>) -> &'n [Node<'static>] {
    if let Value::List(values) = &node.value { values } else { slice::from_ref(node) }
}

fn scalar(field: Field<'_, '_>, scalar: Scalar, text: impl Into<Cow<'static, str>>) -> Node<'static> {
    Node { place: field.value.place, value: Value::Scalar(scalar, text.into()) }
}

/// What is reported, so that it is not reported again.
fn refused(place: Place) -> Node<'static> {
    Node { place, value: Value::Refused }
}

fn wrong_type(field: Field<'_, '_>, wanted: &str, remedy: &'static str, findings: &mut Findings) -> Node<'static> {
    field.wrong_type::<()>(wanted, remedy, findings);
    refused(field.value.place)
}

/// As the text format writes true and false; `None` of anything else.
fn boolean(field: Field<'_, '_>) -> Option<Node<'static>> {
    let value = match &field.value.value {
        Value::Scalar(Scalar::Word, word) if matches!(&**word, "true" | "True" | "t") => true,
        Value::Scalar(Scalar::Word, word) if matches!(&**word, "false" | "False" | "f") => false,
        Value::Scalar(Scalar::Int, number) if number == "1" => true,
        Value::Scalar(Scalar::Int, number) if number == "0" => false,
        _ => return None,
    };
    Some(scalar(field, Scalar::Bool(value), ""))
}

/// A whole number in decimal; `None` of anything else.
fn number(field: Field<'_, '_>) -> Option<Node<'static>> {
    Some(scalar(field, Scalar::Int, integer(field.value)?.to_string()))
}

/// Decimal, hexadecimal and octal, as protobuf writes them.
fn integer(node: &Node<'_>) -> Option<i64> {
    let Value::Scalar(Scalar::Int, number) = &node.value else { return None };
    let digits = number.strip_prefix('-').unwrap_or(number);
    let value = if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        i64::from_str_radix(hex, 16).ok()?
    } else if let Some(octal) = digits.strip_prefix('0').filter(|octal| !octal.is_empty()) {
        i64::from_str_radix(octal, 8).ok()?
    } else {
        digits.parse().ok()?
    };
    Some(if digits.len() < number.len() { -value } else { value })
}

/// The name of a code, which may be written as its number.
fn code(field: Field<'_, '_>, findings: &mut Findings) -> Node<'static> {
    let name = match &field.value.value {
        Value::Scalar(Scalar::Word, word) => word.to_string().into(),
        Value::Scalar(Scalar::Int, number) => match integer(field.value).map(i32::try_from) {
            Some(Ok(0)) => Cow::Borrowed("OK"),
            Some(Ok(number)) => {
                Code::try_from(number).map_or_else(|_| number.to_string().into(), |code| code.name().into())
            }
            _ => number.to_string().into(),
        },
        Value::Scalar(Scalar::Text, _) => {
            return wrong_type(field, "the name of a code", "Remove the quotes", findings);
        }
        _ => return wrong_type(field, "the name of a code", "Write a name such as NOT_FOUND", findings),
    };
    scalar(field, Scalar::Text, name)
}

fn visibility(field: Field<'_, '_>, findings: &mut Findings) -> Option<Node<'static>> {
    word(field, "VISIBILITY_", &["PUBLIC", "INTERNAL"], findings)
}

/// A value of an enum, in YAML's spelling; `None` for the one that stands for nothing.
fn word(field: Field<'_, '_>, prefix: &str, words: &[&str], findings: &mut Findings) -> Option<Node<'static>> {
    let (text, found) = match &field.value.value {
        Value::Scalar(Scalar::Word, word) if word.strip_prefix(prefix) == Some("UNSPECIFIED") => return None,
        Value::Scalar(Scalar::Word, word) => {
            (word, words.iter().find(|known| word.strip_prefix(prefix) == Some(known)))
        }
        Value::Scalar(Scalar::Int | Scalar::Float, number) => match integer(field.value).map(usize::try_from) {
            Some(Ok(0)) => return None,
            Some(Ok(index)) => (number, words.get(index - 1)),
            _ => (number, None),
        },
        Value::Scalar(Scalar::Text, _) => return Some(wrong_type(field, "a name", "Remove the quotes", findings)),
        _ => return Some(wrong_type(field, "a name", "Write a name without quotes", findings)),
    };
    if let Some(word) = found {
        return Some(scalar(field, Scalar::Text, word.to_ascii_lowercase()));
    }
    let upper = text.to_ascii_uppercase();
    let bare = upper.strip_prefix(prefix).unwrap_or(&upper);
    let remedy = match nearest(bare, words.iter().copied()) {
        Some(near) => format!("Write {prefix}{near}"),
        None => format!("Write {prefix}{}", words.join(&format!(" or {prefix}"))),
    };
    let message = format!("`{}` cannot be {}", field.name, Quoted(text));
    findings.report(Rule::UnknownValue, field.value.place, message, remedy);
    Some(refused(field.value.place))
}

/// A `google.protobuf.Duration`, as YAML writes one.
fn delay(field: Field<'_, '_>, findings: &mut Findings) -> Node<'static> {
    let Some(members) = field.mapping(findings) else { return refused(field.value.place) };
    let (mut seconds, mut nanos) = (0, 0);
    for member in members.iter().map(Field::of) {
        match (member.name, integer(member.value)) {
            ("seconds", Some(number)) => seconds = number,
            ("nanos", Some(number)) => nanos = number,
            ("seconds" | "nanos", None) => return wrong_type(member, "a number", "Write a whole number", findings),
            _ => {
                unknown(member, "Write `seconds` or `nanos`", findings);
                return refused(field.value.place);
            }
        }
    }
    let text = match (seconds, nanos) {
        (0.., 0..=999_999_999) => format!("{seconds}.{nanos:09}s"),
        (_, 0) => format!("{seconds}s"),
        // No number with a unit says this: it is shown as it is, and refused.
        _ => format!("{seconds}s {nanos}ns"),
    };
    scalar(field, Scalar::Text, text)
}

/// Reports a field that a message does not have.
pub(super) fn unknown(field: Field<'_, '_>, remedy: &'static str, findings: &mut Findings) {
    let message = format!("The key {} is unknown", Quoted(field.name));
    findings.report(Rule::UnknownKey, field.key.place, message, remedy);
}

/// What holds for one key of the metadata.
fn audience(of_key: &mut Node<'static>, findings: &mut Findings) {
    let Value::Mapping(members) = &mut of_key.value else { return };
    members.retain_mut(|member| match Field::of(member) {
        field if field.name == "visibility" => visibility(field, findings).map(|node| member.1 = node).is_some(),
        // The keys of the metadata do not have this name, and say so.
        _ => true,
    });
}

/// A map, whose entries come one by one or several at once: `localized: {key: "de" value: "..."}`.
#[derive(Default)]
struct Map {
    /// The key of the first field of the map, and the place of its value.
    first: Option<(Node<'static>, Place)>,
    entries: Vec<Member>,
}

impl Map {
    fn add(&mut self, (key, node): Member, remedy: &'static str, findings: &mut Findings) {
        let first = node.place;
        let entries = match node {
            Node { value: Value::List(entries), .. } => entries,
            entry => vec![entry],
        };
        for entry in entries {
            let Node { place, value: Value::Mapping(members) } = entry else {
                wrong_type(Field::new(&key, &entry), "a message", remedy, findings);
                continue;
            };
            let empty = || Node { place, value: Value::Scalar(Scalar::Text, "".into()) };
            let (mut name, mut value) = (empty(), empty());
            for member in members {
                let field = Field::of(&member);
                match (field.name, &field.value.value) {
                    ("key", Value::Scalar(Scalar::Text, _)) => name = member.1,
                    ("key", _) => name = wrong_type(field, "text", "Put it into quotes", findings),
                    ("value", _) => value = member.1,
                    _ => unknown(field, "Write `key` or `value`", findings),
                }
            }
            self.entries.push((name, value));
        }
        self.first.get_or_insert((key, first));
    }

    fn into_member(self) -> Option<Member> {
        let (key, place) = self.first?;
        Some((key, Node { place, value: Value::Mapping(self.entries) }))
    }
}
