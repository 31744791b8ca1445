//! The members of a JSON object. A dialect takes those that it understands; what is left was not carried over.

use std::borrow::Cow;

use super::json::Json;

/// The members of one object, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// `None` if a name stands twice.
    pub(super) fn new(members: Vec<(Cow<'a, str>, Json<'a>)>) -> Option<Self> {
        let mut names: Vec<_> = members.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) { None } else { Some(Self(members)) }
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
