//! Which member names the kind.

// docs/rules.md: R-GENERAL-2

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Path},
    message,
    roles::{self, Ranked, Role, Word},
};
use crate::{
    model::{Code, is_foldable, is_of_words},
    wire::http::json::{Json, Name, Object},
};

impl Finder<'_, '_> {
    /// Takes the kind, or the code, from the first member that names one.
    pub(super) fn identify(&mut self, object: &mut Object<'_>, path: &Path<'_>, has_text: bool) {
        if self.reading.kind.is_some() {
            return;
        }
        let sys = object.object("sys").and_then(|sys| sys.text("id")).filter(|id| has_text && is_token(id));
        if let Some(id) = sys {
            self.name(id.into(), path, "sys.id");
        }
        // What AWS writes is a shape, and what stands next to its name an address inside of AWS.
        if let Some(shape) = object.text("__type").map(shape).filter(|shape| is_token(shape)) {
            self.name(shape.into(), path, "__type");
            object.take("__type");
        }
        let named = object.ranked(roles::IDENTIFIERS, |_, json| matches!(json, Json::Text(_) | Json::Object(_)));
        self.identify_among(named, object, path, has_text);
        if self.reading.kind.is_none() {
            let is_meant = |word: Word, json: &Json<'_>| identifier(word, json).is_some_and(is_compound);
            let qualified = object.qualified(roles::IDENTIFIERS, is_meant);
            self.identify_among(qualified, object, path, has_text);
        }
    }

    fn identify_among(&mut self, members: Ranked<'_>, object: &mut Object<'_>, path: &Path<'_>, has_text: bool) {
        for (word, name) in members {
            let role = word.text();
            if self.reading.kind.is_some() {
                return;
            }
            // Beside an error of its own, a type may say what was asked for.
            if role == "type" && !has_text && self.holds_error(object) {
                continue;
            }
            // Where a code is stated, what follows it explains.
            let explains = self.reading.code.is_some() && word.is(roles::TOKENS);
            let Some(text) = object.get(&name).and_then(|json| identifier(word, json)) else { continue };
            // `OVER_QUERY_LIMIT` alone is not the state of anything.
            let is_sure = role == "status" && is_constant(text);
            if explains || word.is(roles::COMMON) && !has_text && !is_sure {
                continue;
            }
            // `error` alone is the text, unless nobody would write it for people.
            let has_other_text = || object.members().any(|(other, json)| *other != name && is_text(other, json));
            if matches!(role, "error" | "err") && !is_compound(text) && !has_other_text() {
                continue;
            }
            if let Some(code) = code_of(role, text) {
                if *self.reading.code.get_or_insert(code) == code {
                    object.take(&name);
                    self.found = true;
                    if self.reading.origins.code.is_none() {
                        self.reading.origins.code = self.origin(path, &name);
                    }
                }
                continue;
            }
            self.name(self.page.share(Cow::Borrowed(text)), path, &name);
            object.take_text(&name);
        }
    }

    /// Takes the kind from a member that no detail of an error has for anything else.
    pub(super) fn identify_explicitly(&mut self, object: &Object<'_>, path: &Path<'_>) {
        self.identify_by(roles::EXPLICIT, object, path, |_, text| is_token(text));
    }

    /// Where nothing else is an error, the first of the violations is, and its code names it.
    pub(super) fn identify_by_violation(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let is_named = self.reading.code.is_some() || self.reading.message.is_some();
        let is_error = |name: &String| matches!(Word::of(name).text(), "error" | "errors");
        let Some(name) = self.held.clone().filter(|name| !is_named && is_error(name)) else {
            return;
        };
        if let Some(first) = object.list(&name).and_then(|list| list.first()?.as_object()) {
            let path = path.item(&name, 0);
            self.identify_by(roles::OF_VIOLATION, first, &path, |_, text| Code::from_name(text).is_none());
            // An id may be the name of the field, but not in capitals.
            self.identify_by(roles::NUMBERS, first, &path, |word, text| word.text() == "id" && is_constant(text));
        }
    }

    /// The first error of a list that only adds to this one, where nothing names it.
    pub(super) fn identify_by_details(&mut self, object: &Object<'_>, path: &Path<'_>) {
        for (_, name) in object.ranked(roles::ERRORS, |_, json| json.as_list().is_some()) {
            if let Some(first) = object.list(&name).and_then(|list| list.first()?.as_object()) {
                self.identify_explicitly(first, &path.item(&name, 0));
            }
        }
    }

    /// Where the first of a list says the same as this error, or is its only item, its code names it.
    pub(super) fn identify_by_same(&mut self, object: &Object<'_>, path: &Path<'_>) {
        if self.reading.code.is_some() || self.held.is_some() {
            return;
        }
        let is_list = |word: Word, json: &Json<'_>| word.text() == "errors" && json.as_list().is_some();
        let Some((_, name, json)) = object.first(roles::WRAPPERS, is_list) else { return };
        let list = json.as_list().unwrap_or_default();
        let Some(first) = list.first().and_then(Json::as_object) else { return };
        let is_same = |(_, json): (&Name<'_>, &Json<'_>)| json.as_text() == self.reading.message.as_deref();
        if list.len() == 1 || first.members().any(is_same) {
            let path = path.item(name, 0);
            self.identify_by(roles::OF_VIOLATION, first, &path, |_, text| Code::from_name(text).is_none());
            self.identify_by(roles::IDENTIFIERS, first, &path, |word, text| word.text() == "type" && is_compound(text));
        }
    }

    /// Where the error inside has no name, the type beside it does.
    pub(super) fn identify_by_type(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.reading.code.is_none()
            && self.found
            && let Some(name) = self.identify_by(roles::IDENTIFIERS, object, path, |word, _| word.text() == "type")
        {
            object.take(&name);
        }
    }

    /// Names the kind by the first member of these roles, if that is meant, and gives its name.
    fn identify_by<'a>(
        &mut self,
        role: Role,
        object: &Object<'a>,
        path: &Path<'_>,
        is_meant: impl Fn(Word, &str) -> bool,
    ) -> Option<Name<'a>> {
        if self.reading.kind.is_some() {
            return None;
        }
        let is_meant = |word, json: &Json<'_>| identifier(word, json).is_some_and(|text| is_meant(word, text));
        let (word, name, json) = object.first(role, is_meant)?;
        self.name(identifier(word, json)?.into(), path, name);
        Some(name.clone())
    }

    /// Takes `ERR_INVALID_ARG` or `zone_not_found` where a text for people should be for the identifier that it is. The name of a code
    /// is not one.
    pub(super) fn identify_by_text(&mut self, text: &ByteString, path: &Path<'_>, name: &str) -> bool {
        let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_snake = || text.contains('_') && text.split('_').all(is_word) && is_compound(text);
        let is_identifier = (is_constant(text) || is_snake()) && Code::from_name(text).is_none();
        if is_identifier {
            self.name(text.clone(), path, name);
        }
        is_identifier
    }

    /// Whether the error is in a wrapper that holds nothing else.
    fn holds_error(&self, object: &Object<'_>) -> bool {
        let mut members = object.members().filter(|(name, _)| self.held.as_deref() != Some(&***name));
        members
            .any(|(name, json)| matches!(name.word().text(), "error" | "errors" | "attributes") && json.holds_object())
    }

    fn name(&mut self, kind: ByteString, path: &Path<'_>, name: &str) {
        if self.reading.kind.is_none() {
            (self.reading.kind, self.reading.origins.kind) = (Some(kind), self.origin(path, name));
            self.found = true;
        }
    }
}

fn is_text(name: &Name<'_>, json: &Json<'_>) -> bool {
    message::is_message(json) && name.is(roles::TEXTS)
}

/// The code that an identifier states.
fn code_of(role: &str, text: &str) -> Option<Code> {
    if matches!(role, "kind" | "reason") { None } else { Code::from_name(text) }
}

/// The identifier that a member of this role holds.
fn identifier<'j>(word: Word, json: &'j Json<'_>) -> Option<&'j str> {
    let role = word.text();
    let text = match json {
        Json::Text(text) => text,
        // SOAP 1.2 puts the code of the application into one of its own.
        Json::Object(object) if role == "code" => {
            let is_meant = |_, json: &Json<'_>| identifier(word, json).is_some();
            return object.first(roles::VALUES, is_meant).and_then(|(_, _, json)| identifier(word, json));
        }
        _ => return None,
    };
    // `REQUEST` and `BUSINESS` sort errors, and name none.
    let is_class = word.is(roles::CLASSES) && is_exception_class(text)
        || role == "category" && !is_compound(text) && code_of(role, text).is_none();
    let is_number = word.is(roles::NUMBERS) && (is_random(text) || has_scheme(text));
    let is_sentence = role == "title" && !text.contains(['_', '.']);
    let is_code = role != "title" && code_of(role, text).is_some();
    (!is_class && !is_number && !is_sentence && (is_code || is_token(bare(text)))).then(|| bare(text))
}

/// What a URI says of an error; any other text as it is.
fn bare(text: &str) -> &str {
    if has_scheme(text) || text.starts_with("urn:") { last_segment(text).unwrap_or_default() } else { text }
}

/// Where `://` is. To search for three bytes costs less than to prepare the search for a text.
fn scheme_len(text: &str) -> Option<usize> {
    text.as_bytes().windows(3).position(|three| three == b"://")
}

/// Whether a text is a URL, or has one in it.
fn has_scheme(text: &str) -> bool {
    scheme_len(text).is_some()
}

/// Whether the name of a wrapper may be an identifier: of several words, or the phrase of a status, and nothing that only says
/// that there is an error.
pub(super) fn is_named_wrapper(name: &str) -> bool {
    const ENDS: [&str; 11] =
        ["message", "response", "result", "error", "errors", "info", "details", "data", "status", "body", "envelope"];
    let is_generic =
        Word::of(name).is(roles::WRAPPERS) || ENDS.iter().any(|end| roles::Folded::of(name).ends_with(end));
    is_token(name)
        && !is_generic
        && !is_exception_class(name)
        && (is_compound(name) || PHRASES.iter().any(|phrase| phrase.eq_ignore_ascii_case(name)))
}

/// Whether an identifier has several words, as no text for people that is one word long.
pub(super) fn is_compound(text: &str) -> bool {
    is_token(text) && is_of_words(text)
}

/// `OVER_QUERY_LIMIT`
fn is_constant(text: &str) -> bool {
    is_compound(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// `oaeHfmOAx1iRLa0H`, `f07a0a50`, `ERRNO796977608T16`: the number of one event.
fn is_random(text: &str) -> bool {
    let after_digit = |pair: &[u8]| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic();
    let is_long_number = |eight: &[u8]| eight.iter().all(u8::is_ascii_digit);
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.bytes().all(is_hex) && text.bytes().any(|byte| byte.is_ascii_digit())
        || text.as_bytes().windows(2).filter(|pair| after_digit(pair)).count() >= 2
        || text.as_bytes().windows(8).any(is_long_number)
}

/// Whether a text is an identifier: no blanks, foldable, and none of those that say no more than that there is an error.
pub(super) fn is_token(text: &str) -> bool {
    let is_generic = |text: &str| {
        let letters = || text.bytes().filter(|byte| !matches!(byte, b'.' | b'_' | b'-'));
        let len = letters().count();
        let is = |generic: &str| letters().zip(generic.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b));
        roles::GENERIC.texts().iter().any(|generic| len == generic.len() && is(generic))
    };
    // `soap:Client`, `:resterrorresponse`, `sql#apiErrorResponse`
    let has_colon = text.as_bytes().contains(&b':');
    let is_qualified =
        || has_colon && text.split_once(':').is_some_and(|(_, local)| is_generic(local)) || is_shape(text);
    !text.contains(char::is_whitespace)
        && is_foldable(text)
        && !is_generic(text)
        && !is_qualified()
        && !is_uuid(text)
        && !PHRASES.contains(&text)
        && !has_scheme(text)
}

/// `:resterrorresponse`: what the body is, not what went wrong.
pub(super) fn is_shape(text: &str) -> bool {
    const SHAPE: &str = "errorresponse";
    text.len().checked_sub(SHAPE.len()).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(SHAPE))
}

/// The phrases of a status line that are one word: its number says that already.
const PHRASES: [&str; 5] = ["Unauthorized", "Forbidden", "Conflict", "Gone", "Locked"];

fn is_uuid(text: &str) -> bool {
    let hex = text.bytes().filter(|byte| *byte != b'-');
    text.len() >= 32 && hex.clone().count() == 32 && hex.clone().all(|byte| byte.is_ascii_hexdigit())
}

/// `out-of-credit` of `https://example.com/probs/out-of-credit` and of `urn:problem:out-of-credit`. `None` if the type
/// only says which standard defines the status.
pub(super) fn last_segment(uri: &str) -> Option<&str> {
    let fragment_at = uri.bytes().position(|byte| byte == b'#').unwrap_or(uri.len());
    let (uri, fragment) = (&uri[..fragment_at], uri.get(fragment_at + 1..).unwrap_or_default());
    let uri = &uri[..uri.bytes().position(|byte| byte == b'?').unwrap_or(uri.len())];
    let (path, is_url) = match scheme_len(uri) {
        _ if uri == "about:blank" => return None,
        Some(at) => {
            let (host, path) = uri[at + 3..].split_once('/')?;
            if is_standards_body(host) {
                return None;
            }
            (path, true)
        }
        None => (uri, false),
    };
    let is_separator = |byte: &u8| *byte == b'/' || !is_url && *byte == b':';
    let last = |path: &'_ str| path.bytes().rposition(|byte| is_separator(&byte)).map_or(0, |at| at + 1);
    let folder = path.len() - path.bytes().rev().take_while(is_separator).count();
    let is_of_rfc = is_rfc(&path[last(&path[..folder])..folder]);
    let last_of_fragment = fragment.rsplit('/').next().unwrap_or_default();
    if message::is_generic(last_of_fragment) {
        return None;
    }
    if !is_of_rfc && is_token(last_of_fragment) {
        return Some(last_of_fragment);
    }
    // A folder is a page about many errors, and so is a file.
    let segment = Some(&path[last(path)..]).filter(|segment| !segment.is_empty() && !segment.contains('.'))?;
    if is_rfc(segment) { None } else { Some(segment) }
}

fn is_standards_body(host: &str) -> bool {
    ["iana.org", "ietf.org", "rfc-editor.org", "w3.org"].iter().any(|body| {
        let subdomain = host.len().checked_sub(body.len()).and_then(|at| host.split_at_checked(at));
        subdomain.is_some_and(|(sub, end)| end.eq_ignore_ascii_case(body) && (sub.is_empty() || sub.ends_with('.')))
    })
}

/// `rfc9110.html`
fn is_rfc(segment: &str) -> bool {
    let number = segment.get(..3).filter(|start| start.eq_ignore_ascii_case("rfc")).map(|_| &segment[3..]);
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// `NullPointerException`, `builtins.ValueError`, `App\Exceptions\Handler`, `Foo::Bar`: how a program is written, not what
/// went wrong.
pub(super) fn is_exception_class(text: &str) -> bool {
    let is_camel = text.starts_with(|first: char| first.is_ascii_uppercase()) || text.contains('.');
    text.contains('\\') || text.contains("::") || is_camel && (text.ends_with("Exception") || text.ends_with("Error"))
}

/// `Foo` of `com.amazon#Foo:http://internal.amazon.com/coral/`.
pub(in crate::wire::http) fn shape(error: &str) -> &str {
    let error = error.split(':').next().unwrap_or_default();
    error.rsplit('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn phrases_of_one_word() {
        let all = (400..600).filter_map(|status| StatusCode::from_u16(status).ok()?.canonical_reason());
        assert_eq!(all.filter(|phrase| !phrase.contains(' ')).collect::<Vec<_>>(), PHRASES);
    }
}
