//! One change, and whether it breaks callers.

use std::fmt;

use crate::model::named;

named! {
    /// How an entry may change, with a stable name for tools that filter by it: `status-changed`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum ChangeRule {
        /// A kind is gone. Callers that match on it no longer do.
        KindRemoved = "kind-removed",
        /// A kind has another domain. Callers find their `ErrorInfo` by reason and domain
        /// ([AIP-193](https://google.aip.dev/193#errorinfo)).
        DomainChanged = "domain-changed",
        /// A kind has another HTTP status.
        StatusChanged = "status-changed",
        /// A kind has another gRPC code.
        CodeChanged = "code-changed",
        /// The message no longer has a placeholder, so its key is gone from the metadata, where callers
        /// [may rely on it](https://google.aip.dev/193#errorinfo).
        PlaceholderRemoved = "placeholder-removed",
        /// A caller that retries as the old catalog said does so too early, or without success.
        RetryStricter = "retry-stricter",
        /// Callers outside no longer see the message and the details.
        MadeInternal = "made-internal",
        /// Callers outside no longer see the value of a metadata key.
        KeyMadeInternal = "key-made-internal",
        /// A method whose errors were declared may fail with one more. Clients that match on all declared kinds do not know it.
        MethodKindAdded = "method-kind-added",
        /// A method no longer fails with a kind.
        MethodKindRemoved = "method-kind-removed",
        /// A method declares its errors for the first time.
        MethodAdded = "method-added",
        /// A method is gone, or no longer declares its errors.
        MethodRemoved = "method-removed",
        /// A kind is new.
        KindAdded = "kind-added",
        /// The message has a new placeholder. The code that makes the error has to fill it.
        PlaceholderAdded = "placeholder-added",
        /// A caller may retry where, or earlier than, the old catalog said.
        RetryRelaxed = "retry-relaxed",
        /// Callers outside see the message and the details.
        MadePublic = "made-public",
        /// Callers outside see the value of a metadata key.
        KeyMadePublic = "key-made-public",
        /// The message has other words.
        MessageChanged = "message-changed",
        /// The message is in another language too.
        LanguageAdded = "language-added",
        /// The message in a language is gone. Callers read the default one.
        LanguageRemoved = "language-removed",
        /// The message is in another language than it was.
        MessageLanguageChanged = "message-language-changed",
        /// The message in a language has other words.
        LanguageChanged = "language-changed",
        /// A kind is deprecated.
        Deprecated = "deprecated",
        /// A kind is no longer deprecated.
        Restored = "restored",
        /// The description, the page about the kind, the owner, or the words of a deprecation are others.
        DocumentationChanged = "documentation-changed",
    }
}

impl ChangeRule {
    /// What to do instead, if the change breaks callers: one sentence without its full stop.
    pub const fn remedy(self) -> Option<&'static str> {
        Some(match self {
            Self::KindRemoved => "Keep it, with `deprecated`, as long as callers may get it",
            Self::DomainChanged => "Keep the domain, or add the kind under another name",
            Self::StatusChanged => "Keep the status, or add a kind and deprecate this one",
            Self::CodeChanged => "Keep the code, or add a kind and deprecate this one",
            Self::PlaceholderRemoved => "Keep the key in the message",
            Self::RetryStricter => "Keep the retry, or add a kind and deprecate this one",
            Self::MadeInternal => "Keep it public, or add an internal kind",
            Self::KeyMadeInternal => "Keep it public, or add another key",
            Self::MethodKindAdded => "Announce it, or return it from a new method alone",
            _ => return None,
        })
    }

    /// The effect of the change on callers that rely on the old catalog.
    pub const fn effect(self) -> Effect {
        match self {
            Self::MethodKindAdded => Effect::Extends,
            _ if self.remedy().is_some() => Effect::Breaks,
            _ => Effect::Safe,
        }
    }

    /// Whether it breaks callers that rely on the old catalog.
    pub const fn breaks(self) -> bool {
        matches!(self.effect(), Effect::Breaks)
    }
}

named! {
    /// The effect of a change on callers that rely on the old catalog.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum Effect {
        /// Callers fail.
        Breaks = "breaks",
        /// Callers fail if they match on all kinds that a method declares, without a default case.
        Extends = "extends",
        /// No caller fails.
        Safe = "safe",
    }
}

impl fmt::Display for ChangeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One change of a kind, or of what a method declares.
///
/// `Display` writes `kind: what changed.`, or `method: what changed.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(super) kind: String,
    pub(super) rule: ChangeRule,
    pub(super) message: String,
}

impl Change {
    /// The kind; or the method, of a change of its declaration.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The effect of the change on callers that rely on the old catalog.
    pub fn effect(&self) -> Effect {
        self.rule.effect()
    }

    /// How it changed.
    pub fn rule(&self) -> ChangeRule {
        self.rule
    }

    /// Whether it breaks callers that rely on the old catalog.
    pub fn breaks(&self) -> bool {
        self.rule.breaks()
    }

    /// What changed: one sentence without its full stop.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}.", self.kind, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_variants_in_kebab_case() {
        for rule in ChangeRule::ALL {
            let mut kebab = String::new();
            for c in format!("{rule:?}").chars() {
                if c.is_ascii_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.push(c.to_ascii_lowercase());
            }
            assert_eq!(rule.name(), kebab);
        }
    }
}
