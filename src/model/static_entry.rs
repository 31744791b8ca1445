//! Entries in constants.

use std::borrow::Cow;

use super::{Code, Deprecation, HttpStatus, KindEntry, MessageTemplate, Retry, Visibility, name::is_kind_with_reason};

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
