//! What a catalog says of a kind, also in constants.

use std::{borrow::Cow, time::Duration};

use super::{Code, HttpStatus, MessageTemplate, name::is_kind_with_reason};

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

/// An [`KindEntry`] as literals, for constants.
///
/// ```
/// use errwire::{Code, KindEntry, Error, Kind, StaticKindEntry};
///
/// static ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
///     kind: "quota_exhausted",
///     reason: "QUOTA_EXHAUSTED",
///     status: 429,
///     code: Code::ResourceExhausted,
///     message: "The project has used its {limit} tasks of today. Try again tomorrow.",
///     ..StaticKindEntry::of("api.example.com")
/// });
/// const QUOTA_EXHAUSTED: Kind = Kind::from_static(&ENTRY);
///
/// let error = Error::new(QUOTA_EXHAUSTED).with_metadata("limit", "10");
/// assert_eq!(error.message(), "The project has used its 10 tasks of today. Try again tomorrow.");
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "literals end in `..StaticKindEntry::of(domain)`, so fields may be added")]
pub struct StaticKindEntry {
    /// See [`KindEntry::kind`].
    pub kind: &'static str,
    /// See [`KindEntry::reason`]: the kind in upper case.
    pub reason: &'static str,
    /// See [`KindEntry::domain`].
    pub domain: &'static str,
    /// See [`KindEntry::status`]: 400 to 599.
    pub status: u16,
    /// See [`KindEntry::code`].
    pub code: Code,
    /// See [`KindEntry::message`].
    pub message: &'static str,
    /// See [`KindEntry::language`].
    pub language: &'static str,
    /// See [`KindEntry::description`].
    pub description: &'static str,
    /// See [`KindEntry::help_url`].
    pub help_url: Option<&'static str>,
    /// See [`KindEntry::retry`].
    pub retry: Retry,
    /// See [`KindEntry::visibility`]; `None` is that of the status.
    pub visibility: Option<Visibility>,
    /// See [`KindEntry::localized`].
    pub localized: &'static [(Cow<'static, str>, MessageTemplate)],
    /// See [`KindEntry::deprecated`].
    pub deprecated: Option<StaticDeprecation>,
    /// See [`KindEntry::owner`].
    pub owner: Option<&'static str>,
    /// See [`KindEntry::metadata`].
    pub metadata: &'static [(Cow<'static, str>, Visibility)],
}

impl StaticKindEntry {
    /// What is left to say is said by a struct update: the kind, its reason and its message are empty, which is not an entry yet.
    pub const fn of(domain: &'static str) -> Self {
        Self {
            kind: "",
            reason: "",
            domain,
            status: 500,
            code: Code::Unknown,
            message: "",
            language: KindEntry::DEFAULT_LANGUAGE,
            description: "",
            help_url: None,
            retry: Retry::Never,
            visibility: None,
            localized: &[],
            deprecated: None,
            owner: None,
            metadata: &[],
        }
    }
}

/// A [`Deprecation`] as literals, for constants.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "the two fields of the format")]
pub struct StaticDeprecation {
    /// See [`Deprecation::since`].
    pub since: &'static str,
    /// See [`Deprecation::replaced_by`].
    pub replaced_by: Option<&'static str>,
}

impl KindEntry {
    /// An entry in a constant, such as those that the build writes.
    ///
    /// # Panics
    ///
    /// So that a constant does not compile: if the kind or its reason is not spelled as one, if the two are not the same name,
    /// or if the status is not 400 to 599.
    pub const fn from_static(entry: StaticKindEntry) -> Self {
        assert!(
            is_kind_with_reason(entry.kind, entry.reason),
            "a kind is [a-z][a-z0-9_]+[a-z0-9], its reason the same in upper case"
        );
        let status = HttpStatus::from_static(entry.status);
        Self {
            kind: Cow::Borrowed(entry.kind),
            reason: Cow::Borrowed(entry.reason),
            domain: Cow::Borrowed(entry.domain),
            status,
            code: entry.code,
            message: MessageTemplate::from_static(entry.message),
            language: Cow::Borrowed(entry.language),
            description: Cow::Borrowed(entry.description),
            help_url: borrowed(entry.help_url),
            retry: entry.retry,
            visibility: match entry.visibility {
                Some(visibility) => visibility,
                None => Visibility::of(status),
            },
            localized: Cow::Borrowed(entry.localized),
            deprecated: match entry.deprecated {
                Some(StaticDeprecation { since, replaced_by }) => {
                    Some(Deprecation { since: Cow::Borrowed(since), replaced_by: borrowed(replaced_by) })
                }
                None => None,
            },
            owner: borrowed(entry.owner),
            metadata: Cow::Borrowed(entry.metadata),
        }
    }
}

const fn borrowed(text: Option<&'static str>) -> Option<Cow<'static, str>> {
    match text {
        Some(text) => Some(Cow::Borrowed(text)),
        None => None,
    }
}
