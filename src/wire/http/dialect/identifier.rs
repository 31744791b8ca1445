//! Which member names the kind.

// docs/rules.md: R-GENERAL-2

use std::borrow::Cow;

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
            } else if self.kind.is_none() && names_a_kind(text) && !(*name == "type" && is_exception_class(text)) {
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
            None if self.kind.is_none() && names_a_kind(&identifier) => self.kind = Some(page.share(identifier)),
            None => {}
        }
    }
}

/// Whether a text is an identifier, and none of those that say no more than that there is an error.
fn names_a_kind(text: &str) -> bool {
    !matches!(text, "error" | "Error" | "fail" | "failure") && fold(text).is_some()
}

/// `NullPointerException`, `builtins.ValueError`, `App\Exceptions\Handler`, `Foo::Bar`: how a program is written, not what
/// went wrong.
fn is_exception_class(text: &str) -> bool {
    let is_path = text.contains('.') && text.ends_with("Error");
    is_path || text.contains('\\') || text.contains("::") || text.ends_with("Exception")
}
