//! From options in text format to the tree that YAML becomes too.

use std::borrow::Cow;

use super::text::{Member, Text, Value};
use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Place, Quoted, nearest},
    model::Code,
    yaml::{Node, Scalar, Value as Tree},
};

type Pair = (Node<'static>, Node<'static>);

/// The fields of `errwire.v1.KindOptions`. What has the value that stands for nothing is left out.
pub(super) fn kind(members: &[Member], findings: &mut Findings) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(members.len());
    let (mut localized, mut metadata) = (Map::default(), Map::default());
    for member in members {
        let node = match &*member.name {
            "override" => boolean(member, findings),
            "status" => number(member, findings),
            "code" => code(member, findings),
            "message" | "description" | "help_url" | "owner" => text(member, findings),
            "retry" => match word(member, "RETRY_", &["NEVER", "AFTER_BACKOFF", "AFTER_DELAY"], findings) {
                Some(node) => node,
                None => continue,
            },
            "visibility" => match visibility(member, findings) {
                Some(node) => node,
                None => continue,
            },
            "retry_delay" => delay(member, findings),
            "deprecated" => match inner(member, findings) {
                Some(inner) => Node { place: member.value.place, value: Tree::Mapping(texts(inner, findings)) },
                None => refused(member),
            },
            "localized" => {
                localized.add(
                    member,
                    text,
                    "Write `localized: {key: \"de\" value: \"...\"}` for each language",
                    findings,
                );
                continue;
            }
            "metadata" => {
                metadata.add(
                    member,
                    metadata_key,
                    "Write `metadata: {key: \"shard\" value: {visibility: VISIBILITY_INTERNAL}}`",
                    findings,
                );
                continue;
            }
            // The fields of an entry do not have this name, and say so.
            _ => refused(member),
        };
        pairs.push((key(member), node));
    }
    pairs.extend([localized, metadata].into_iter().filter_map(Map::into_pair));
    pairs
}

/// Fields that are all text.
pub(super) fn texts<'m>(members: impl IntoIterator<Item = &'m Member>, findings: &mut Findings) -> Vec<Pair> {
    members.into_iter().map(|member| (key(member), text(member, findings))).collect()
}

/// One item of a list of texts.
pub(super) fn item(value: &Text, findings: &mut Findings) -> Node<'static> {
    if let Value::Text(text) = &value.value {
        return scalar(value.place, Scalar::Text, text.clone());
    }
    let message = format!("A kind is {}, not text", value.value.describe());
    findings.report(Rule::WrongType, value.place, message, "Put it into quotes");
    Node { place: value.place, value: Tree::Refused }
}

fn key(member: &Member) -> Node<'static> {
    scalar(member.place, Scalar::Text, member.name.clone())
}

fn scalar(place: Place, scalar: Scalar, text: impl Into<Cow<'static, str>>) -> Node<'static> {
    Node { place, value: Tree::Scalar(scalar, text.into()) }
}

fn refused(member: &Member) -> Node<'static> {
    Node { place: member.value.place, value: Tree::Refused }
}

fn wrong_type(member: &Member, wanted: &str, remedy: &'static str, findings: &mut Findings) -> Node<'static> {
    let message = format!("{} is {}, not {wanted}", Quoted(&member.name), member.value.value.describe());
    findings.report(Rule::WrongType, member.value.place, message, remedy);
    refused(member)
}

fn text(member: &Member, findings: &mut Findings) -> Node<'static> {
    match &member.value.value {
        Value::Text(text) => scalar(member.value.place, Scalar::Text, text.clone()),
        _ => wrong_type(member, "text", "Put it into quotes", findings),
    }
}

fn boolean(member: &Member, findings: &mut Findings) -> Node<'static> {
    let value = match &member.value.value {
        Value::Word(word) if matches!(&**word, "true" | "True" | "t") => true,
        Value::Word(word) if matches!(&**word, "false" | "False" | "f") => false,
        Value::Number(number) if number == "1" => true,
        Value::Number(number) if number == "0" => false,
        _ => return wrong_type(member, "true or false", "Write true or false, without quotes", findings),
    };
    scalar(member.value.place, Scalar::Bool(value), "")
}

fn number(member: &Member, findings: &mut Findings) -> Node<'static> {
    match &member.value.value {
        Value::Number(number) if !number.contains('.') => {
            let decimal = integer(number).map_or_else(|| number.clone(), |number| number.to_string());
            scalar(member.value.place, Scalar::Int, decimal)
        }
        Value::Text(_) => wrong_type(member, "a number", "Remove the quotes", findings),
        _ => wrong_type(member, "a number", "Write a whole number", findings),
    }
}

/// Decimal, hexadecimal and octal, as protobuf writes them.
fn integer(number: &str) -> Option<i64> {
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

fn code(member: &Member, findings: &mut Findings) -> Node<'static> {
    let name = match &member.value.value {
        Value::Word(word) => Cow::Owned(word.clone()),
        Value::Number(number) => match integer(number).map(i32::try_from) {
            Some(Ok(0)) => Cow::Borrowed("OK"),
            Some(Ok(number)) => Code::try_from(number)
                .map_or_else(|_| Cow::Owned(number.to_string()), |code| Cow::Borrowed(code.name())),
            _ => Cow::Owned(number.clone()),
        },
        Value::Text(_) => return wrong_type(member, "the name of a code", "Remove the quotes", findings),
        _ => return wrong_type(member, "the name of a code", "Write a name such as NOT_FOUND", findings),
    };
    scalar(member.value.place, Scalar::Text, name)
}

/// A value of an enum, in YAML's spelling; `None` for the one that stands for nothing.
fn word(member: &Member, prefix: &str, words: &[&str], findings: &mut Findings) -> Option<Node<'static>> {
    let found = match &member.value.value {
        Value::Word(word) if word.strip_prefix(prefix) == Some("UNSPECIFIED") => return None,
        Value::Word(word) => words.iter().find(|known| word.strip_prefix(prefix) == Some(known)),
        Value::Number(number) => match integer(number).map(usize::try_from) {
            Some(Ok(0)) => return None,
            Some(Ok(number)) => words.get(number - 1),
            _ => None,
        },
        Value::Text(_) => return Some(wrong_type(member, "a name", "Remove the quotes", findings)),
        _ => return Some(wrong_type(member, "a name", "Write a name without quotes", findings)),
    };
    if let Some(word) = found {
        return Some(scalar(member.value.place, Scalar::Text, word.to_ascii_lowercase()));
    }
    let (Value::Word(text) | Value::Number(text)) = &member.value.value else { return None };
    let upper = text.to_ascii_uppercase();
    let bare = upper.strip_prefix(prefix).unwrap_or(&upper);
    let remedy = match nearest(bare, words.iter().copied()) {
        Some(near) => format!("Write {prefix}{near}"),
        None => format!("Write {prefix}{}", words.join(&format!(" or {prefix}"))),
    };
    let message = format!("`{}` cannot be {}", member.name, Quoted(text));
    findings.report(Rule::UnknownValue, member.value.place, message, remedy);
    Some(refused(member))
}

/// A `google.protobuf.Duration`, as YAML writes one.
fn delay(member: &Member, findings: &mut Findings) -> Node<'static> {
    let Some(members) = inner(member, findings) else { return refused(member) };
    let (mut seconds, mut nanos) = (0, 0);
    for member in members {
        let number = match &member.value.value {
            Value::Number(number) => integer(number),
            _ => None,
        };
        match (&*member.name, number) {
            ("seconds", Some(number)) => seconds = number,
            ("nanos", Some(number)) => nanos = number,
            ("seconds" | "nanos", None) => return wrong_type(member, "a number", "Write a whole number", findings),
            _ => {
                let message = format!("The key {} is unknown", Quoted(&member.name));
                findings.report(Rule::UnknownKey, member.place, message, "Write `seconds` or `nanos`");
                return refused(member);
            }
        }
    }
    let text = match (seconds, nanos) {
        (0.., 0..=999_999_999) => format!("{seconds}.{nanos:09}s"),
        (_, 0) => format!("{seconds}s"),
        // No number with a unit says this: it is shown as it is, and refused.
        _ => format!("{seconds}s {nanos}ns"),
    };
    scalar(member.value.place, Scalar::Text, text)
}

fn inner<'m>(member: &'m Member, findings: &mut Findings) -> Option<&'m [Member]> {
    match &member.value.value {
        Value::Message(members) => Some(members),
        _ => {
            wrong_type(member, "a message", "Write its fields in braces", findings);
            None
        }
    }
}

/// What holds for one key of the metadata.
fn metadata_key(member: &Member, findings: &mut Findings) -> Node<'static> {
    let Some(members) = inner(member, findings) else { return refused(member) };
    let pairs = members.iter().filter_map(|member| {
        let value = match &*member.name {
            "visibility" => visibility(member, findings)?,
            // The keys of the metadata do not have this name, and say so.
            _ => refused(member),
        };
        Some((key(member), value))
    });
    Node { place: member.value.place, value: Tree::Mapping(pairs.collect()) }
}

fn visibility(member: &Member, findings: &mut Findings) -> Option<Node<'static>> {
    word(member, "VISIBILITY_", &["PUBLIC", "INTERNAL"], findings)
}

/// A map, whose entries come one by one or several at once: `localized: {key: "de" value: "..."}`.
#[derive(Default)]
struct Map<'m> {
    first: Option<&'m Member>,
    entries: Vec<Pair>,
}

impl<'m> Map<'m> {
    fn add(
        &mut self,
        member: &'m Member,
        read: fn(&Member, &mut Findings) -> Node<'static>,
        remedy: &'static str,
        findings: &mut Findings,
    ) {
        self.first = self.first.or(Some(member));
        let one = std::slice::from_ref(&member.value);
        let items = if let Value::List(items) = &member.value.value { items } else { one };
        for Text { place, value } in items {
            let Value::Message(fields) = value else {
                wrong_type(member, "a message", remedy, findings);
                continue;
            };
            let (mut name, mut value) = (None, None);
            for field in fields {
                match &*field.name {
                    "key" => name = Some(text(field, findings)),
                    "value" => value = Some(read(field, findings)),
                    _ => {
                        let message = format!("The key {} is unknown", Quoted(&field.name));
                        findings.report(Rule::UnknownKey, field.place, message, "Write `key` or `value`");
                    }
                }
            }
            let empty = || scalar(*place, Scalar::Text, "");
            self.entries.push((name.unwrap_or_else(empty), value.unwrap_or_else(empty)));
        }
    }

    fn into_pair(self) -> Option<Pair> {
        let first = self.first?;
        Some((key(first), Node { place: first.value.place, value: Tree::Mapping(self.entries) }))
    }
}
