//! The members of a JSON object. A dialect takes those that it understands; what is left was not carried over.

use std::borrow::Cow;

use super::json::Json;

/// The members of one object, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// Without the members that stand twice with different values: another reader takes the one or the other
    /// (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>). The names of these are added to `conflicts`.
    pub(super) fn new(mut members: Vec<(Cow<'a, str>, Json<'a>)>, conflicts: &mut Vec<String>) -> Self {
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| members[*a].0.cmp(&members[*b].0).then(a.cmp(b)));
        let same = |pair: &[usize]| members[pair[0]].0 == members[pair[1]].0;
        if !order.windows(2).any(same) {
            return Self(members);
        }
        let mut is_gone = vec![false; members.len()];
        for group in order.chunk_by(|a, b| members[*a].0 == members[*b].0) {
            let differs = group.iter().any(|at| members[*at].1 != members[group[0]].1);
            group[usize::from(!differs)..].iter().for_each(|at| is_gone[*at] = true);
            if differs {
                conflicts.push(members[group[0]].0.chars().take(64).collect());
            }
        }
        let mut at = 0;
        members.retain(|_| {
            at += 1;
            !is_gone[at - 1]
        });
        Self(members)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(candidate, _)| candidate == name).map(|(_, json)| json)
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

    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, json)| (name.as_ref(), json))
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.0.into_iter()
    }

    /// Whether nothing is left that says anything.
    pub(super) fn is_spent(&self) -> bool {
        self.0.iter().all(|(_, json)| json.is_nothing())
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.0.iter().position(|(candidate, _)| candidate == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes a text; another type stays.
    pub(super) fn take_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name)?;
        if let Some(Json::Text(text)) = self.take(name) { Some(text) } else { None }
    }

    /// Takes all members that are texts.
    pub(super) fn take_texts(&mut self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        let (texts, rest) = std::mem::take(&mut self.0).into_iter().partition(|(_, json)| json.as_text().is_some());
        self.0 = rest;
        let texts: Vec<_> = texts;
        texts.into_iter().filter_map(|(name, json)| if let Json::Text(text) = json { Some((name, text)) } else { None })
    }

    /// Takes a list; another type stays.
    pub(super) fn take_list(&mut self, name: &str) -> Option<Vec<Json<'a>>> {
        self.list(name)?;
        if let Some(Json::List(list)) = self.take(name) { Some(list) } else { None }
    }

    /// Puts back what could not be carried over.
    pub(super) fn put_back(&mut self, name: &'static str, json: Json<'a>) {
        if !json.is_nothing() {
            self.0.push((Cow::Borrowed(name), json));
        }
    }

    /// The same under any name.
    pub(super) fn put_back_as(&mut self, name: &str, json: Json<'a>) {
        if !json.is_nothing() {
            self.0.push((Cow::Owned(name.to_owned()), json));
        }
    }

    /// Lets `read` take members of the object of this name.
    pub(super) fn within<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.object(name)?;
        let Some(Json::Object(mut inner)) = self.take(name) else { return None };
        let result = read(&mut inner);
        self.put_back(name, Json::Object(inner));
        Some(result)
    }

    /// Lets `read` take members of the first object in the list of this name.
    pub(super) fn within_first<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.list(name)?.first()?.as_object()?;
        let mut list = self.take_list(name)?;
        let Some(Json::Object(first)) = list.first_mut() else { return None };
        let result = read(first);
        if list.iter().any(|json| !json.is_nothing()) {
            self.put_back(name, Json::List(list));
        }
        Some(result)
    }
}
