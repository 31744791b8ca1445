//! The members `details` and `metadata`.

// docs/rules.md: R-BODY-4

use std::borrow::Cow;

use crate::{
    model::is_reason,
    wire::http::{Reading, json::Json, object::Object},
};

impl Reading {
    /// Takes the members of the ProtoJSON list `details`; those without `@type` stay. `path` names the list.
    pub(super) fn take_details(&mut self, object: &mut Object<'_>, path: impl FnOnce() -> Cow<'static, str>) {
        let Some(list) = object.take_list("details") else { return };
        let (typed, rest): (Vec<_>, Vec<_>) = list.into_iter().partition(is_typed);
        if !typed.is_empty() {
            self.origins.details = Some(path());
        }
        self.json_details.extend(typed.into_iter().map(Json::into_value));
        if !rest.is_empty() {
            object.put_back("details", Json::List(rest));
        }
    }

    /// Takes the texts of a member that is a map; other values stay.
    pub(super) fn take_metadata(&mut self, object: &mut Object<'_>, name: &'static str) {
        object.within(name, |map| {
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
