//! Which member names the kind.

// docs/rules.md: R-GENERAL-2

use std::borrow::Cow;

use http::StatusCode;

use crate::{
    model::{Code, fold},
    wire::http::{Reading, context::Page, object::Object},
};

impl Reading {
    /// Takes the kind from the first of these members that names one.
    ///
    /// The name of a gRPC code in any of them states the code, never a kind. A number, or what cannot be folded into a
    /// kind, names none and stays where it is.
    pub(super) fn identify(&mut self, object: &mut Object<'_>, page: &Page<'_>, names: &[&str]) {
        for name in names {
            let Some(text) = object.text(name) else { continue };
            if let Some(code) = Code::from_name(text) {
                if *self.code.get_or_insert(code) == code {
                    object.take(name);
                }
            } else if self.kind.is_none() && is_token(text) {
                self.kind = page.share_some(object.take_text(name));
            }
        }
    }

    /// Takes the kind from `reason` or `kind`, where also the name of a gRPC code is a kind.
    pub(super) fn take_kind(&mut self, object: &mut Object<'_>, page: &Page<'_>, name: &str) {
        if self.kind.is_none() {
            self.kind = page.share_some(object.take_text(name));
        }
    }

    /// The same rule for an identifier that is only a part of a member.
    pub(super) fn identify_as(&mut self, identifier: Cow<'_, str>, page: &Page<'_>) {
        match Code::from_name(&identifier) {
            Some(code) => drop(self.code.get_or_insert(code)),
            None if self.kind.is_none() && is_token(&identifier) => self.kind = Some(page.share(identifier)),
            None => {}
        }
    }
}

/// Whether a text is an identifier: no blanks, foldable, and none of those that say no more than that there is an error.
pub(super) fn is_token(text: &str) -> bool {
    const GENERIC: [&str; 14] = [
        "error",
        "errors",
        "fail",
        "failed",
        "failure",
        "fault",
        "exception",
        "ok",
        "success",
        "status",
        "sender",
        "receiver",
        "client",
        "server",
    ];
    let is_generic = GENERIC.iter().any(|generic| text.eq_ignore_ascii_case(generic));
    // `soap:Client`
    let is_qualified =
        text.split_once(':').is_some_and(|(_, local)| GENERIC.iter().any(|g| local.eq_ignore_ascii_case(g)));
    !is_generic
        && !is_qualified
        && !text.contains(char::is_whitespace)
        && !is_uuid(text)
        && !is_phrase(text)
        && !text.contains("://")
        && fold(text).is_some()
}

/// `Forbidden`: the phrase of a status line, which its number says already.
fn is_phrase(text: &str) -> bool {
    (400..600).filter_map(|status| StatusCode::from_u16(status).ok()?.canonical_reason()).any(|phrase| phrase == text)
}

fn is_uuid(text: &str) -> bool {
    let hex = text.bytes().filter(|byte| *byte != b'-');
    hex.clone().count() == 32 && hex.clone().all(|byte| byte.is_ascii_hexdigit())
}

/// `NullPointerException`, `builtins.ValueError`, `App\Exceptions\Handler`, `Foo::Bar`: how a program is written, not what
/// went wrong.
pub(super) fn is_exception_class(text: &str) -> bool {
    let is_camel = text.starts_with(|first: char| first.is_ascii_uppercase()) || text.contains('.');
    text.contains('\\') || text.contains("::") || is_camel && (text.ends_with("Exception") || text.ends_with("Error"))
}

/// `Foo` of `com.amazon#Foo:http://internal.amazon.com/coral/`.
pub(super) fn shape(error: &str) -> &str {
    let error = error.split(':').next().unwrap_or_default();
    error.rsplit('#').next().unwrap_or_default().trim()
}
