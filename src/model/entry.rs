//! What a catalog says of a kind.

use std::{borrow::Cow, time::Duration};

use super::{Code, HttpStatus, MessageTemplate};

/// What a catalog says of one kind.
///
/// The fields are those of an entry in a catalog file; see the guide to catalogs.
// In this order in memory: what each translation looks at comes first, since in a large catalog each other line of the cache that it
// looks at is a miss.
#[repr(C)]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindEntry {
    /// The machine identifier: `task_not_found`.
    pub kind: Cow<'static, str>,
    /// The HTTP status.
    pub status: HttpStatus,
    /// The gRPC status code.
    pub code: Code,
    /// The audience of the message and the details.
    pub visibility: Visibility,
    /// The owner of the kind: `google.rpc.ErrorInfo.domain`.
    pub domain: Cow<'static, str>,
    /// The audience of single values of the metadata, by key, in the order of the keys. Those of other keys
    /// are as visible as the kind.
    pub metadata: Cow<'static, [(Cow<'static, str>, Visibility)]>,
    /// The same identifier as `kind` in gRPC: `TASK_NOT_FOUND`.
    pub reason: Cow<'static, str>,
    /// The default message: guidance for the user.
    pub message: MessageTemplate,
    /// The language of `message`, a BCP 47 tag.
    pub language: Cow<'static, str>,
    /// What happened, in a few words, for documentation.
    pub description: Cow<'static, str>,
    /// A page about the kind.
    pub help_url: Option<Cow<'static, str>>,
    /// What a caller may do about a retry.
    pub retry: Retry,
    /// The message in other languages, by BCP 47 tag, in the order of the tags.
    pub localized: Cow<'static, [(Cow<'static, str>, MessageTemplate)]>,
    /// Set when the kind is deprecated.
    pub deprecated: Option<Deprecation>,
    /// The team that answers for the kind.
    pub owner: Option<Cow<'static, str>>,
}

impl KindEntry {
    /// The language of a message that does not state its own.
    pub const DEFAULT_LANGUAGE: &'static str = "en";

    /// The part of an entry that every kind has. The rest starts empty, the language is [`DEFAULT_LANGUAGE`](Self::DEFAULT_LANGUAGE), and the
    /// visibility is that of the status.
    pub fn new(kind: String, domain: String, status: HttpStatus, code: Code, message: MessageTemplate) -> Self {
        let reason = kind.to_ascii_uppercase();
        Self {
            kind: kind.into(),
            reason: reason.into(),
            domain: domain.into(),
            status,
            code,
            message,
            language: Cow::Borrowed(Self::DEFAULT_LANGUAGE),
            description: Cow::Borrowed(""),
            help_url: None,
            retry: Retry::Never,
            visibility: Visibility::of(status),
            localized: Cow::Borrowed(&[]),
            deprecated: None,
            owner: None,
            metadata: Cow::Borrowed(&[]),
        }
    }

    /// The language of the message, unless it is the default one.
    #[cfg(feature = "catalog-files")]
    pub(crate) fn other_language(&self) -> Option<&str> {
        Some(&*self.language).filter(|language| *language != Self::DEFAULT_LANGUAGE)
    }

    /// Whether the message and the details may be shown to everybody.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// Whether the value of this metadata key is only for internal callers, although the kind may be public.
    pub fn is_internal_key(&self, key: &str) -> bool {
        self.metadata.iter().any(|(name, visibility)| name == key && *visibility == Visibility::Internal)
    }
}

/// What a caller may do about a retry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// Do not retry automatically.
    #[default]
    Never,
    /// Try again with exponential backoff.
    AfterBackoff,
    /// Try again after this delay.
    AfterDelay(Duration),
}

/// The audience of the result of a translation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// Internal callers: they see everything.
    #[default]
    Internal,
    /// Anybody: sees only what the catalog and the policy let out.
    Public,
}

/// The audience of the message and the details of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Visibility {
    /// Anybody.
    Public,
    /// Only internal callers.
    Internal,
}

impl Visibility {
    /// The default for a status: internal from 500, public below.
    pub const fn of(status: HttpStatus) -> Self {
        if status.is_server_error() { Self::Internal } else { Self::Public }
    }
}

/// Since when a kind is on its way out, and what comes instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// A date or a version, such as `2026-11`.
    pub since: Cow<'static, str>,
    /// The kind to use instead.
    pub replaced_by: Option<Cow<'static, str>>,
}
