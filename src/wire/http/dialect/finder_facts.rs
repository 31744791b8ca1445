//! What the general reader finds besides kind and text: the delay before a retry, and violations.

// docs/rules.md: R-GENERAL-4

use std::{borrow::Cow, time::Duration};

use http::HeaderMap;

use super::{
    Dialect,
    finder::{Finder, Path},
    identifier, roles, violations,
};
use crate::{
    model::{fold, rpc},
    wire::http::{Evidence, Reading, headers::MAX_RETRY_DELAY, json::Json, object::Object},
};

impl Finder<'_, '_> {
    pub(super) fn delay(&mut self, object: &mut Object<'_>, path: &Path) {
        if self.reading.details.iter().any(|detail| detail.view().retry_delay().is_some()) {
            return;
        }
        if let Some((name, delay)) = take_delay(object) {
            return self.retry(delay, path.with(&name));
        }
        for (_, name) in object.ranked(&roles::DELAY_HOLDERS, |_, json| json.as_object().is_some()) {
            let Some(Json::Object(mut inner)) = object.take(&name) else { continue };
            let found = take_delay(&mut inner);
            object.put_back_as(&name, Json::Object(inner));
            if let Some((member, delay)) = found {
                return self.retry(delay, path.with(&format!("{name}.{member}")));
            }
        }
    }

    fn retry(&mut self, delay: Duration, at: String) {
        let seconds = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
        let retry_delay = Some(prost_types::Duration { seconds, nanos: delay.subsec_nanos() as i32 });
        self.reading.details.push(rpc::RetryInfo { retry_delay }.into());
        self.reading.origins.delay = Some(at.into());
    }

    pub(super) fn violations(&mut self, object: &mut Object<'_>, path: &Path) {
        let is_request_wrong = matches!(self.page.head.status, 400 | 422);
        for name in violations::holders(object) {
            if self.has::<rpc::BadRequest>() {
                return;
            }
            if let Some(detail) = violations::take(object, &name, is_request_wrong) {
                self.reading.details.push(detail);
                self.reading.origins.violations = Some(path.with(&name).into());
                self.held = Some(name);
                self.found = true;
            }
        }
        for (_, name) in object.ranked(&roles::VIOLATION_HOLDERS, |_, json| json.as_object().is_some()) {
            if self.has::<rpc::BadRequest>() {
                return;
            }
            let Some(Json::Object(mut inner)) = object.take(&name) else { continue };
            let mut lists = violations::holders(&inner).into_iter();
            let found = lists.find_map(|list| Some((violations::take(&mut inner, &list, is_request_wrong)?, list)));
            object.put_back_as(&name, Json::Object(inner));
            if let Some((detail, list)) = found {
                self.reading.details.push(detail);
                self.reading.origins.violations = Some(path.with(&format!("{name}.{list}")).into());
                self.found = true;
            }
        }
        if path.is_root()
            && is_request_wrong
            && !self.has::<rpc::BadRequest>()
            && let Some(detail) = violations::of_fields(object)
        {
            // Django: nothing in it says that it is an error, so the status must.
            self.reading.details.push(detail);
            self.reading.origins.violations = Some(Cow::Borrowed("body"));
            self.found = true;
            self.reading.take_message(object, self.page, &["non_field_errors", "__all__"]);
        }
    }

    /// An error that is itself about a field.
    pub(super) fn own_field(&mut self, object: &Object<'_>, path: &Path) {
        let Some(text) = self.reading.message.as_ref().filter(|_| !self.has::<rpc::BadRequest>()) else { return };
        let is_request_wrong = matches!(self.page.head.status, 400 | 422);
        if let Some((name, detail)) = violations::of_one(object, text, is_request_wrong) {
            self.reading.details.push(detail);
            self.reading.origins.violations = Some(path.with(&name).into());
        }
    }
}

/// Takes the delay, and names its member.
fn take_delay(object: &mut Object<'_>) -> Option<(String, Duration)> {
    let (role, name) = object.ranked(&roles::DELAYS, |_, json| number(json).is_some()).into_iter().next()?;
    let number = object.get(&name).and_then(number)?;
    let seconds = if role.ends_with("ms") || role.ends_with("milliseconds") { number / 1_000.0 } else { number };
    // As for the header, a year at most is believed.
    let delay = Duration::try_from_secs_f64(seconds).ok().filter(|delay| *delay <= MAX_RETRY_DELAY)?;
    object.take(&name);
    Some((name, delay))
}

/// A number of seconds, also as text, and with the unit that a `google.protobuf.Duration` has.
fn number(json: &Json<'_>) -> Option<f64> {
    let number = match json {
        Json::Number(number) => number.as_f64()?,
        Json::Text(text) => text.trim().trim_end_matches('s').parse().ok()?,
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// The header `x-amzn-errortype` names the kind of an error of AWS
/// (<https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>).
pub(in crate::wire::http) fn from_errortype(headers: &HeaderMap, reading: Reading) -> Reading {
    let shape = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(identifier::shape);
    let Some(shape) = shape.filter(|shape| fold(shape).is_some()) else { return reading };
    let message = reading.message.filter(|_| reading.evidence > Evidence::None);
    let names_other = reading.kind.as_deref().is_some_and(|kind| kind != shape);
    let (complete, notes, mut origins) = (reading.complete && !names_other, reading.notes, reading.origins);
    (origins.code, origins.kind) = (None, Some(Cow::Borrowed("header x-amzn-errortype")));
    Reading {
        kind: Some(shape.into()),
        message,
        complete,
        notes,
        origins,
        details: reading.details,
        ..Reading::strong(Dialect::Envelope)
    }
}
