//! The common rest: `{"error": {"type" / "code", "message"}}` of Stripe, Azure, OpenAI and many, `{"code", "message"}`,
//! `{"message"}`, `{"error": "text"}`, `{"detail": "text" or [..]}`.

// docs/rules.md: R-GENERAL-1, R-GENERAL-4

use super::{
    Dialect,
    message::{self, MESSAGES},
    violations,
};
use crate::{
    model::Code,
    wire::http::{Evidence, Reading, context::Page, object::Object},
};

/// Members that name the kind, the usual one first.
const IDENTIFIERS: [&str; 5] = ["code", "errorCode", "error_code", "errcode", "type"];

/// Members that hold violations: Laravel and many; FastAPI; Symfony; RFC 7807 without its content type.
const VIOLATIONS: [&str; 4] = ["errors", "detail", "violations", "invalid-params"];

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    ["error", "detail"].into_iter().find_map(|name| read_inside(object, page, name)).or_else(|| read_flat(object, page))
}

/// `{"error": {...}}`, and `{"detail": {...}}` as FastAPI's `HTTPException` writes it.
fn read_inside(object: &mut Object<'_>, page: &Page<'_>, name: &'static str) -> Option<Reading> {
    let mut reading = object.within(name, |inner| {
        // Elasticsearch has its text in `reason`: https://www.elastic.co/docs/reference/elasticsearch/rest-apis
        let is_identified = ["kind"].iter().chain(&IDENTIFIERS).any(|name| inner.text(name).is_some());
        read_members(inner, page, &[&MESSAGES[..], &["reason"]].concat(), is_identified)
    })??;
    if reading.kind.is_none() && reading.code.is_none() {
        reading.take_kind(object, page, "kind");
        reading.identify(object, page, &["code"]);
    }
    reading.take_status(object, page);
    reading.settle(false);
    Some(reading)
}

fn read_flat(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    read_members(object, page, &[&MESSAGES[..], &["error", "errors"]].concat(), false)
}

/// `None` if there is neither a text nor a violation, unless something else shows that this is an error.
fn read_members(object: &mut Object<'_>, page: &Page<'_>, messages: &[&str], is_error: bool) -> Option<Reading> {
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    for name in VIOLATIONS {
        reading.details.extend(violations::take(object, name));
    }
    reading.message = message::take(object, page, messages);
    if reading.message.is_none() && reading.details.is_empty() && !is_error {
        return None;
    }
    let has_number = object.integer("code").is_some();
    reading.take_kind(object, page, "kind");
    reading.identify(object, page, &IDENTIFIERS);
    reading.take_details(object);
    if reading.kind.is_none() {
        reading.identify_by_error_info();
    }
    reading.take_status(object, page);
    reading.settle(has_number);
    Some(reading)
}

/// Django: `{"email": ["This field is required."]}`. Nothing in it says that it is an error, so the status must.
pub(super) fn read_fields(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if !matches!(page.head.status, 400 | 422) {
        return None;
    }
    let detail = violations::of_fields(object)?;
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    reading.details.push(detail);
    reading.message = message::take(object, page, &["non_field_errors", "__all__"]);
    Some(reading)
}

impl Reading {
    /// A text alone is what gateways write too.
    fn settle(&mut self, has_number: bool) {
        let is_named = self.kind.is_some() || self.code.is_some() || has_number;
        if is_named || !self.details.is_empty() || !self.json_details.is_empty() {
            self.evidence = Evidence::Strong;
        }
    }

    /// The members that repeat the status line, or name a gRPC code.
    fn take_status(&mut self, object: &mut Object<'_>, page: &Page<'_>) {
        for name in ["status", "statusCode", "status_code", "code"] {
            if object.get(name).is_some_and(|json| page.is_status(json)) {
                object.take(name);
            }
        }
        if let Some(code) = object.text("status").and_then(Code::from_name).filter(|_| self.code.is_none()) {
            self.code = Some(code);
            object.take("status");
        }
    }
}
