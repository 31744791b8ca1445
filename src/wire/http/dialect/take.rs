//! What a dialect with rules of its own takes out of an object.

// docs/rules.md: R-BODY-4

use std::borrow::Cow;

use super::{
    finder::Origin,
    message::{self, is_message},
    token::is_token,
};
use crate::{
    model::{Code, is_reason},
    wire::http::{
        Reading,
        json::{Json, Object},
        reading::Page,
    },
};

impl Reading {
    /// Takes the kind, or the code, from the member at this path from the root, whose last name is its own. A number, or what
    /// cannot be folded into a kind, names none and stays where it is.
    pub(super) fn identify(&mut self, object: &mut Object<'_>, page: &Page<'_>, path: &'static str) {
        if object.text(last(path)).is_some_and(|text| self.identify_as(text, page, path)) {
            object.take(last(path));
        }
    }

    /// The code that the member at this path from the root states.
    pub(super) fn state(&mut self, code: Code, path: &'static str) {
        (self.code, self.origins.code) = (Some(code), Some(Cow::Borrowed(path)));
    }

    /// Takes the kind from `reason` or `kind`, where also the name of a gRPC code is a kind.
    pub(super) fn take_kind(&mut self, object: &mut Object<'_>, page: &Page<'_>, path: &'static str) {
        if self.kind.is_none() {
            let text = object.take_text(last(path)).filter(|text| !text.is_empty());
            self.kind = text.map(|text| page.share(text));
            self.origins.kind = self.kind.is_some().then_some(Cow::Borrowed(path));
        }
    }

    /// The name of a gRPC code states the code, never a kind. Whether the identifier says anything.
    pub(super) fn identify_as(&mut self, identifier: &str, page: &Page<'_>, path: &'static str) -> bool {
        if let Some(code) = Code::from_name(identifier) {
            let is_it = *self.code.get_or_insert(code) == code;
            self.origins.code = self.origins.code.take().or(is_it.then_some(Cow::Borrowed(path)));
            return is_it;
        }
        let is_it = self.kind.is_none() && is_token(identifier);
        if is_it {
            (self.kind, self.origins.kind) = (Some(page.share(Cow::Borrowed(identifier))), Some(Cow::Borrowed(path)));
        }
        is_it
    }

    /// Takes the message from the first of these members that has one. Each is given as the path from the root, whose last name is
    /// that of the member.
    pub(super) fn take_message(&mut self, object: &mut Object<'_>, page: &Page<'_>, paths: &[&'static str]) {
        if let Some(path) = paths.iter().find(|path| object.get(last(path)).is_some_and(is_message)) {
            self.message = message::take(object, page, last(path));
            self.origins.message = Some(Cow::Borrowed(path));
        }
    }

    /// Takes the members of a list of ProtoJSON details; those without `@type` stay. `origin` says where the list is.
    pub(super) fn take_details(&mut self, object: &mut Object<'_>, name: &str, origin: Origin) {
        let typed = object.take_items(name, is_typed);
        if !typed.is_empty() {
            self.origins.details = origin;
        }
        self.json_details.extend(typed.into_iter().map(Json::into_value));
    }

    /// Takes the texts of a member that is a map; other values stay.
    pub(super) fn take_metadata(&mut self, object: &mut Object<'_>, name: &'static str) {
        object.within_object(name, |map| {
            let texts = map.take_texts().map(|(name, text)| (name.into_owned(), text.into_owned()));
            self.metadata.extend(texts);
        });
    }

    /// Takes the kind from the first `google.rpc.ErrorInfo` whose reason is valid. The detail keeps it too.
    pub(super) fn identify_by_error_info(&mut self) {
        let reason = self.json_details.iter().filter(|detail| is_error_info(detail)).find_map(|detail| {
            let reason = detail.get("reason")?.as_str()?;
            is_reason(reason).then(|| reason.into())
        });
        if self.kind.is_none() && reason.is_some() {
            (self.kind, self.origins.kind) = (reason, self.origins.details.clone());
        }
    }
}

/// Whether this is a `google.protobuf.Any` in ProtoJSON.
pub(super) fn is_typed(json: &Json<'_>) -> bool {
    json.as_object().and_then(|object| object.text("@type")).is_some_and(|name| !name.is_empty())
}

fn is_error_info(detail: &serde_json::Value) -> bool {
    let name = detail.get("@type").and_then(serde_json::Value::as_str).unwrap_or_default();
    name.rsplit('/').next() == Some("google.rpc.ErrorInfo")
}

/// `reason` of `error.errors[0].reason`.
fn last(path: &str) -> &str {
    &path[path.bytes().rposition(|byte| byte == b'.').map_or(0, |dot| dot + 1)..]
}
