//! JSON as it stands in a body: borrowed, bounded in depth, each member once.
//!
//! `serde_json::Value` would keep the last of two members of one name, where another reader keeps the first
//! (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>), and would copy every string.

// docs/rules.md: R-BODY-2, R-BODY-3

mod parse;

use std::{borrow::Cow, cell::Cell, ops::Deref};

use serde_json::{Number, Value};

use super::dialect::Word;
use crate::model::Depth;

/// How many lists and objects may be inside one another. It also bounds the stack that dropping a tree takes.
pub(super) const MAX_DEPTH: Depth = Depth::of(64);

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

impl<'a> Json<'a> {
    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// Whether this is an object, or a list with one.
    pub(super) fn holds_object(&self) -> bool {
        match self {
            Self::Object(_) => true,
            Self::List(list) => list.iter().any(|item| item.as_object().is_some()),
            _ => false,
        }
    }

    pub(super) fn as_object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The whole number, also if it is written `5.0`.
    pub(super) fn as_integer(&self) -> Option<i64> {
        let Self::Number(number) = self else { return None };
        let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 1e15).then_some(float as i64);
        number.as_i64().or_else(|| number.as_f64().and_then(whole))
    }

    /// Whether this says nothing: `null`, `""`, `[]`, `{}`.
    #[inline]
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Object(object) => object.is_spent(),
            _ => false,
        }
    }

    /// The same value on its own.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(bool),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::String(text.into_owned()),
            Self::List(list) => list.into_iter().map(Self::into_value).collect(),
            Self::Object(object) => Value::Object(
                object.into_members().map(|(name, json)| (name.text.into_owned(), json.into_value())).collect(),
            ),
        }
    }
}

/// The name of a member.
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub(super) text: Cow<'a, str>,
    /// What it says, once somebody has asked.
    pub(super) word: Cell<Option<Word>>,
}

impl<'a> From<Cow<'a, str>> for Name<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self { text, word: Cell::new(None) }
    }
}

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A name and a value.
pub(super) type Member<'a> = (Name<'a>, Json<'a>);

/// The members of one object, in the order of the text.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    members: Vec<Member<'a>>,
    /// A bit for each name that it has or had, so that most names that it has not are not searched for.
    names: u64,
    /// What its names say, once somebody has asked; 0 before that.
    pub(super) roles: Cell<u32>,
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<'a> Object<'a> {
    /// Without the members that stand twice with different values: another reader takes the one or the other
    /// (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>). The names of these are added to `conflicts`.
    pub(super) fn new(mut members: Vec<Member<'a>>, conflicts: &mut Vec<String>) -> Self {
        let (mut names, mut may_repeat) = (0, members.len() > MAX_COMPARED);
        for (at, (name, _)) in members.iter().enumerate() {
            let bit = bit_of(name);
            may_repeat = may_repeat || names & bit != 0 && members[..at].iter().any(|(other, _)| is_same(other, name));
            names |= bit;
        }
        if may_repeat {
            remove_repeated(&mut members, conflicts);
        }
        Self { members, names, roles: Cell::new(0) }
    }

    fn position(&self, name: &str) -> Option<usize> {
        let may_be = self.names & bit_of(name) != 0;
        if may_be { self.members.iter().position(|(other, _)| is_same(other, name)) } else { None }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.position(name).map(|at| &self.members[at].1)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_integer()
    }

    pub(super) fn list(&self, name: &str) -> Option<&[Json<'a>]> {
        self.get(name)?.as_list()
    }

    pub(super) fn object(&self, name: &str) -> Option<&Object<'a>> {
        self.get(name)?.as_object()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&Name<'a>, &Json<'a>)> {
        self.members.iter().map(|(name, json)| (name, json))
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = Member<'a>> {
        self.members.into_iter()
    }

    /// Whether nothing is left that says anything. Called for nested objects only, so that values are looked at in place.
    #[inline(never)]
    pub(super) fn is_spent(&self) -> bool {
        self.members.iter().all(|(_, json)| json.is_nothing())
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.position(name)?;
        Some(self.members.remove(at).1)
    }

    /// Takes a text; another type stays.
    pub(super) fn take_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let at = self.position(name)?;
        self.members[at].1.as_text()?;
        if let Json::Text(text) = self.members.remove(at).1 { Some(text) } else { None }
    }

    /// Takes all members that are texts.
    pub(super) fn take_texts(&mut self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        let texts = self.members.extract_if(.., |(_, json)| json.as_text().is_some());
        texts.filter_map(|(name, json)| if let Json::Text(text) = json { Some((name.text, text)) } else { None })
    }

    /// Lets `read` take a part of the value of this name, which goes if nothing is left of it; `None` if it takes none.
    // What is read may be large, and to hand it on takes longer than to find it.
    #[inline]
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Json<'a>) -> Option<T>) -> Option<T> {
        let at = self.position(name)?;
        let json = &mut self.members[at].1;
        let result = read(json)?;
        if json.is_nothing() {
            self.members.remove(at);
        }
        Some(result)
    }

    /// Lets `read` take members of the object of this name.
    pub(super) fn within_object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.within(name, |json| if let Json::Object(inner) = json { Some(read(inner)) } else { None })
    }

    /// Lets `read` take members of the first object in the list of this name.
    pub(super) fn within_first<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.within(name, |json| {
            let Json::List(list) = json else { return None };
            let Some(Json::Object(first)) = list.first_mut() else { return None };
            let result = read(first);
            if list.iter().all(Json::is_nothing) {
                list.clear();
            }
            Some(result)
        })
    }

    /// Takes those of a list of this name that are meant.
    pub(super) fn take_items(&mut self, name: &str, is_meant: impl Fn(&Json<'a>) -> bool) -> Vec<Json<'a>> {
        let items = self.within(name, |json| match json {
            Json::List(list) => Some(list.extract_if(.., |item| is_meant(item)).collect()),
            _ => None,
        });
        items.unwrap_or_default()
    }
}

/// Up to how many members are compared with one another. To sort them costs more, until there are many.
const MAX_COMPARED: usize = 16;

/// Removes the members that stand twice, but for the first of those with one value.
fn remove_repeated(members: &mut Vec<Member<'_>>, conflicts: &mut Vec<String>) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members[*a].0.cmp(&members[*b].0).then(a.cmp(b)));
    let mut is_gone = vec![false; members.len()];
    for group in order.chunk_by(|a, b| members[*a].0 == members[*b].0) {
        let differs = group.iter().any(|at| members[*at].1 != members[group[0]].1);
        group[usize::from(!differs)..].iter().for_each(|at| is_gone[*at] = true);
        if differs {
            conflicts.push(members[group[0]].0.chars().take(64).collect());
        }
    }
    let mut is_gone = is_gone.into_iter();
    members.retain(|_| is_gone.next() != Some(true));
}

/// The bit of a name, of its first letter and its length.
#[inline]
fn bit_of(name: &str) -> u64 {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    1 << ((usize::from(first) + 5 * name.len()) % 64)
}

/// Whether two names are one. Most of the same length begin with another letter, which one look shows.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.as_bytes().first() == b.as_bytes().first() && a == b
}

/// RFC 8259 forbids the mark to writers and lets readers ignore it; some writers on Windows put it there.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
