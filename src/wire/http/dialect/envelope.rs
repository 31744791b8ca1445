//! The general reader: any tree, by the names that its members have ([`roles`]).

// docs/rules.md: R-GENERAL-1, R-GENERAL-4

use std::time::Duration;

use bytestring::ByteString;

use super::{Dialect, identifier, message, roles, violations};
use crate::{
    model::{Code, Detail, fold, rpc},
    wire::http::{Evidence, Reading, context::Page, json::Json, object::Object},
};

/// How many wrappers may be around an error.
const MAX_LEVELS: u8 = 4;

/// How many members of a list are looked at.
const MAX_ITEMS: usize = 16;

/// Reads any object, and takes what it carries over. What is not understood costs the identifier and the text, never the code.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    let mut finder = Finder { page, reading: &mut reading, phrase: None, found: false };
    finder.search(object, &mut Path::default(), MAX_LEVELS);
    if finder.reading.message.is_none() && finder.phrase.is_none() && finder.reading.kind.is_none() {
        finder.only_sentence(object);
    }
    if let Some((text, at)) = finder.phrase.take().filter(|_| finder.reading.message.is_none()) {
        finder.reading.message = Some(text);
        finder.reading.origins.message = Some(at);
    }
    if reading.message.is_none() {
        reading.message = violations::first_text(&reading.details);
    }
    let is_named = reading.kind.is_some() || reading.code.is_some();
    if is_named || !reading.json_details.is_empty() || reading.details.iter().any(Detail::is::<rpc::BadRequest>) {
        reading.evidence = Evidence::Strong;
    }
    reading
}

/// Finds kind, text and the rest, from the root on.
struct Finder<'f, 'p> {
    page: &'f Page<'p>,
    reading: &'f mut Reading,
    /// A text that says no more than the status line, and where it was: the last resort.
    phrase: Option<(ByteString, String)>,
    /// Whether there was anything that an error has.
    found: bool,
}

impl Finder<'_, '_> {
    fn search<'a>(&mut self, object: &mut Object<'a>, path: &mut Path, levels: u8) {
        self.delay(object, path);
        self.violations(object, path);
        let text_name = object.named(|name, json| is_text(name, json)).is_some();
        self.identify(object, path, text_name);
        let had_text = self.reading.message.is_some();
        self.text(object, path);
        if !had_text {
            self.own_field(object, path);
        }
        self.reading.take_details(object);
        if self.reading.kind.is_none() {
            self.reading.identify_by_error_info();
        }
        self.take_status(object);
        let has_kind = self.reading.kind.is_some() || self.reading.code.is_some();
        if levels > 0 && (self.reading.message.is_none() || !has_kind) {
            self.descend(object, path, levels - 1);
        }
    }

    /// Looks into the members that wrap an error, else into the only object.
    fn descend<'a>(&mut self, object: &mut Object<'a>, path: &mut Path, levels: u8) {
        let had_text = self.reading.message.is_some() || self.phrase.is_some();
        let had_kind = self.reading.kind.is_some();
        for role in roles::WRAPPERS {
            // Beside a text, or a kind, only what is an error itself says more.
            if (had_text || had_kind) && self.reading.message.is_some() && !roles::ERRORS.contains(&role) {
                continue;
            }
            let is_wrapper = |name: &str, json: &Json<'_>| roles::is(name, role) && holds_object(json);
            let Some(name) = object.named(is_wrapper).map(str::to_owned) else { continue };
            self.enter(object, &name, path, levels);
            if self.reading.message.is_some() && self.reading.kind.is_some() {
                return;
            }
        }
        if self.found {
            return;
        }
        let mut inner = object.members().filter(|(_, json)| holds_object(json)).map(|(name, _)| name.to_owned());
        let (Some(name), None) = (inner.next(), inner.next()) else { return };
        drop(inner);
        self.enter(object, &name, path, levels);
        let is_generic = roles::WRAPPERS.iter().any(|wrapper| roles::is(&name, wrapper));
        if self.found && self.reading.kind.is_none() && !is_generic && identifier::is_token(&name) {
            self.reading.kind = Some(name.clone().into());
            self.reading.origins.kind = Some(path.with(&name));
        }
    }

    /// Of a list the first that reads as an error.
    fn enter<'a>(&mut self, object: &mut Object<'a>, name: &str, path: &mut Path, levels: u8) {
        let Some(mut value) = object.take(name) else { return };
        let before = self.found;
        self.found = false;
        match &mut value {
            Json::Object(inner) => path.inside(name, |path| self.search(inner, path, levels)),
            Json::List(list) => {
                for (at, item) in list.iter_mut().take(MAX_ITEMS).enumerate() {
                    if let Json::Object(inner) = item {
                        path.inside(&format!("{name}[{at}]"), |path| self.search(inner, path, levels));
                    }
                    if self.found {
                        break;
                    }
                }
            }
            _ => {}
        }
        self.found |= before;
        object.put_back_as(name, value);
    }

    fn identify(&mut self, object: &mut Object<'_>, path: &Path, has_text: bool) {
        if self.reading.kind.is_some() {
            return;
        }
        let sys = object.object("sys").and_then(|sys| sys.text("id")).filter(|id| has_text && identifier::is_token(id));
        if let Some(id) = sys.map(str::to_owned) {
            self.name(id.into(), path.with("sys.id"));
        }
        // What AWS writes is a shape, and what stands beside its name an address inside of AWS.
        if let Some(shape) = object.text("__type").map(identifier::shape).filter(|shape| identifier::is_token(shape)) {
            let shape = shape.to_owned();
            object.take("__type");
            self.name(shape.into(), path.with("__type"));
        }
        for role in roles::IDENTIFIERS {
            if self.reading.kind.is_some() {
                return;
            }
            let states_code = self.reading.code.is_some();
            // Where a code is stated, what follows it explains.
            if states_code && roles::TOKENS.contains(&role) || roles::COMMON.contains(&role) && !has_text {
                continue;
            }
            let Some(name) = object.named(|name, json| roles::is(name, role) && is_identifier(role, json)) else {
                continue;
            };
            let name = name.to_owned();
            // `error` alone is the text.
            if role == "error" && !has_other_text(object, &name) {
                continue;
            }
            let Some(text) = object.text(&name) else { continue };
            if role != "kind"
                && role != "reason"
                && let Some(code) = Code::from_name(text)
            {
                if *self.reading.code.get_or_insert(code) == code {
                    object.take(&name);
                    self.found = true;
                    self.reading.origins.kind.get_or_insert_with(|| path.with(&name));
                }
                continue;
            }
            if let Some(text) = object.take_text(&name) {
                let text = self.page.share(text);
                self.name(text, path.with(&name));
            }
        }
    }

    fn name(&mut self, kind: ByteString, at: String) {
        if self.reading.kind.is_none() {
            self.reading.kind = Some(kind);
            self.reading.origins.kind = Some(at);
            self.found = true;
        }
    }

    fn text(&mut self, object: &mut Object<'_>, path: &Path) {
        if self.reading.message.is_some() {
            return;
        }
        for role in roles::TEXTS {
            let Some(name) = object.named(|name, json| roles::is(name, role) && message::is_message(json)) else {
                continue;
            };
            let name = name.to_owned();
            let Some(text) = message::take(object, self.page, &[&name]) else { continue };
            self.found = true;
            let at = path.with(&name);
            if let Some((inner, inner_at)) = self.nested(&text) {
                self.reading.message = Some(inner);
                self.reading.origins.message = Some(format!("{at}.{inner_at}"));
                // Whoever looks for more finds it in the body.
                object.put_back_as(&name, Json::Text(text.to_string().into()));
                return;
            }
            if self.is_phrase(&text) {
                if self.phrase.is_none() {
                    self.phrase = Some((text, at));
                }
                continue;
            }
            self.reading.message = Some(text);
            self.reading.origins.message = Some(at);
            return;
        }
    }

    /// A text that is an object itself is read once more.
    fn nested(&mut self, text: &str) -> Option<(ByteString, String)> {
        let parsed = Some(text.trim()).filter(|text| text.starts_with('{')).and_then(Json::parse)?;
        let Json::Object(mut object) = parsed.json else { return None };
        let inner_text = ByteString::from(text);
        let page = Page { head: self.page.head, text: &inner_text };
        let inner = read_flat(&mut object, &page);
        if let (None, Some(kind)) = (&self.reading.kind, inner.kind) {
            self.reading.kind = Some(kind.to_string().into());
            self.reading.origins.kind = inner.origins.kind;
        }
        Some((inner.message?.to_string().into(), inner.origins.message.unwrap_or_default()))
    }

    /// `Bad Request` under a 400 says nothing that the status line does not.
    fn is_phrase(&self, text: &str) -> bool {
        self.page.reason_phrase().is_some_and(|phrase| phrase.eq_ignore_ascii_case(text))
    }

    fn delay(&mut self, object: &mut Object<'_>, path: &Path) {
        if self.reading.details.iter().any(Detail::is::<rpc::RetryInfo>) {
            return;
        }
        if let Some((name, delay)) = take_delay(object) {
            return self.retry(delay, path.with(&name));
        }
        for holder in roles::DELAY_HOLDERS {
            let Some(name) = object.named(|name, json| roles::is(name, holder) && json.as_object().is_some()) else {
                continue;
            };
            let name = name.to_owned();
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
        self.reading.origins.delay = Some(at);
    }

    fn violations(&mut self, object: &mut Object<'_>, path: &Path) {
        for holder in roles::VIOLATION_HOLDERS {
            let Some(name) = object.named(|name, json| roles::is(name, holder) && json.as_object().is_some()) else {
                continue;
            };
            let name = name.to_owned();
            let Some(Json::Object(mut inner)) = object.take(&name) else { continue };
            let inside = |name: &str, json: &Json<'_>| {
                json.as_list().is_some() && roles::VIOLATIONS.iter().any(|role| roles::is(name, role))
            };
            let list = inner.named(inside).map(str::to_owned);
            let found = list.and_then(|list| Some((violations::take(&mut inner, &list)?, list)));
            object.put_back_as(&name, Json::Object(inner));
            if let Some((detail, list)) = found {
                self.reading.details.push(detail);
                self.reading.origins.violations = Some(path.with(&format!("{name}.{list}")));
                self.found = true;
            }
        }
        for role in roles::VIOLATIONS {
            if self.reading.details.iter().any(Detail::is::<rpc::BadRequest>) {
                return;
            }
            let Some(name) = object.named(|name, json| roles::is(name, role) && !json.is_nothing()) else { continue };
            let name = name.to_owned();
            if let Some(detail) = violations::take(object, &name) {
                self.reading.details.push(detail);
                self.reading.origins.violations = Some(path.with(&name));
                self.found = true;
            }
        }
        if path.is_root()
            && matches!(self.page.head.status, 400 | 422)
            && let Some(detail) = violations::of_fields(object)
        {
            // Django: nothing in it says that it is an error, so the status must.
            self.reading.details.push(detail);
            self.reading.origins.violations = Some("*".to_owned());
            self.found = true;
            self.reading.message = message::take(object, self.page, &["non_field_errors", "__all__"]);
        }
    }

    /// An error that is itself about a field.
    fn own_field(&mut self, object: &Object<'_>, path: &Path) {
        if self.reading.details.iter().any(Detail::is::<rpc::BadRequest>) {
            return;
        }
        let text = self.reading.message.clone().unwrap_or_default();
        if let Some(detail) = violations::of_one(object, &text).filter(|_| !text.is_empty()) {
            self.reading.details.push(detail);
            self.reading.origins.violations = Some(path.with("field"));
        }
    }

    /// The members that repeat the status line.
    fn take_status(&self, object: &mut Object<'_>) {
        for name in ["status", "statusCode", "status_code", "code"] {
            if object.get(name).is_some_and(|json| self.page.is_status(json)) {
                object.take(name);
            }
        }
    }

    /// If no name is known and exactly one member holds a text with a blank in it, that is the text.
    fn only_sentence(&mut self, object: &mut Object<'_>) {
        let is_sentence = |json: &Json<'_>| json.as_text().is_some_and(|text| text.trim().contains(' '));
        let mut names = object.members().filter(|(_, json)| is_sentence(json)).map(|(name, _)| name.to_owned());
        let (Some(name), None) = (names.next(), names.next()) else { return };
        drop(names);
        self.reading.message = message::take(object, self.page, &[&name]);
        self.reading.origins.message = Some(name);
    }
}

/// The reading of an object that stands in a text.
fn read_flat(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut finder = Finder { page, reading: &mut reading, phrase: None, found: false };
    // What stands in a text there is a text.
    finder.search(object, &mut Path::default(), 1);
    reading
}

/// Whether a member can be the text of an error.
fn is_text(name: &str, json: &Json<'_>) -> bool {
    message::is_message(json) && roles::TEXTS.iter().any(|role| roles::is(name, role))
}

fn has_other_text(object: &Object<'_>, name: &str) -> bool {
    object.named(|other, json| other != name && is_text(other, json)).is_some()
}

fn is_identifier(role: &str, json: &Json<'_>) -> bool {
    let Some(text) = json.as_text() else { return false };
    let is_class = roles::CLASSES.contains(&role) && identifier::is_exception_class(text);
    let states_code = !matches!(role, "kind" | "reason" | "title") && Code::from_name(text).is_some();
    !is_class && (states_code || identifier::is_token(text)) && (role != "title" || text.contains(['_', '.']))
}

fn holds_object(json: &Json<'_>) -> bool {
    match json {
        Json::Object(_) => true,
        Json::List(list) => list.iter().any(|item| item.as_object().is_some()),
        _ => false,
    }
}

/// Takes the delay, and names its member.
fn take_delay(object: &mut Object<'_>) -> Option<(String, Duration)> {
    for role in roles::DELAYS {
        let Some(name) = object.named(|name, _| roles::is(name, role)).map(str::to_owned) else { continue };
        let Some(number) = object.get(&name).and_then(number) else { continue };
        let seconds = if role.ends_with("ms") || role.ends_with("milliseconds") { number / 1_000.0 } else { number };
        // As for the header, a year at most is believed.
        let most = crate::wire::http::headers::MAX_RETRY_DELAY;
        let delay = Duration::try_from_secs_f64(seconds).ok().filter(|delay| *delay <= most)?;
        object.take(&name);
        return Some((name, delay));
    }
    None
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

/// Where in the tree, as `error.errors[0]`.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn with(&self, name: &str) -> String {
        let mut all = self.0.join(".");
        if !all.is_empty() {
            all.push('.');
        }
        all + name
    }

    fn inside<T>(&mut self, name: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(name.chars().take(64).collect());
        let result = run(self);
        self.0.pop();
        result
    }

    fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

/// The header `x-amzn-errortype` names the kind of an error of AWS
/// (<https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>).
pub(in crate::wire::http) fn from_errortype(headers: &http::HeaderMap, reading: Reading) -> Reading {
    let shape = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(identifier::shape);
    let Some(shape) = shape.filter(|shape| fold(shape).is_some()) else { return reading };
    let message = reading.message.filter(|_| reading.evidence > Evidence::None);
    let names_other = reading.kind.as_deref().is_some_and(|kind| kind != shape);
    let (complete, notes, mut origins) = (reading.complete && !names_other, reading.notes, reading.origins);
    origins.kind = Some("x-amzn-errortype".to_owned());
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
