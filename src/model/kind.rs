//! The machine identifier of an error.

use std::{borrow::Cow, error, fmt, hash, sync::Arc};

use super::{KindEntry, kinds, name, text::Short};

/// The machine identifier of an error, snake_case: `task_not_found`.
///
/// A kind is `[a-z][a-z0-9_]+[a-z0-9]`, at most 63 characters, so that upper-casing makes it a reason as
/// [AIP-193](https://google.aip.dev/193) wants it, and back. One that comes from a catalog carries its whole
/// [`KindEntry`]. Kinds are equal by name. Cloning is cheap.
///
/// ```
/// use errwire::{Kind, kinds};
///
/// let kind = Kind::new("task_not_found")?;
/// assert_eq!(kind, kinds::TASK_NOT_FOUND);
/// assert_eq!(kind.reason(), "TASK_NOT_FOUND");
/// assert!(Kind::new("Task.NotFound").is_err());
/// # Ok::<(), errwire::InvalidKind>(())
/// ```
#[derive(Clone)]
pub struct Kind(Repr);

#[derive(Clone)]
enum Repr {
    Builtin(&'static KindEntry),
    Static(&'static KindEntry),
    Shared(Arc<KindEntry>),
    /// That no catalog has.
    Foreign(Short),
    /// That no catalog has, and that is too long to stand in place.
    ForeignLong(Arc<str>),
}

impl Kind {
    /// A kind of this name: the built-in one if there is one, else one that no catalog explains.
    ///
    /// # Errors
    ///
    /// If the name is not spelled as a kind.
    pub fn new(name: &str) -> Result<Self, InvalidKind> {
        if let Some(entry) = kinds::ALL.iter().find(|entry| entry.kind == name) {
            return Ok(Self::builtin(entry));
        }
        if let Some(kind) = kinds::http_kind(name.as_bytes()) {
            return Ok(kind.clone());
        }
        if name::is_kind(name) { Ok(Self::foreign(name.as_bytes())) } else { Err(InvalidKind(())) }
    }

    /// `name` is a kind, which the caller has made sure of.
    pub(crate) fn foreign(name: &[u8]) -> Self {
        debug_assert!(str::from_utf8(name).is_ok_and(name::is_kind));
        match Short::new(name) {
            Some(short) => Self(Repr::Foreign(short)),
            // A kind is ASCII.
            None => Self(Repr::ForeignLong(str::from_utf8(name).unwrap_or_default().into())),
        }
    }

    pub(crate) const fn builtin(entry: &'static KindEntry) -> Self {
        Self(Repr::Builtin(entry))
    }

    /// The kind of an entry in a constant; see [`StaticKindEntry`](crate::StaticKindEntry).
    pub const fn from_static(entry: &'static KindEntry) -> Self {
        Self(Repr::Static(entry))
    }

    pub(crate) fn from_entry(entry: KindEntry) -> Self {
        Self(Repr::Shared(Arc::new(entry)))
    }

    /// The name: `task_not_found`.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Builtin(entry) | Repr::Static(entry) => &entry.kind,
            Repr::Shared(entry) => &entry.kind,
            Repr::Foreign(name) => name.as_str(),
            Repr::ForeignLong(name) => name,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Foreign(name) => name.as_bytes(),
            _ => self.as_str().as_bytes(),
        }
    }

    /// The name in gRPC, `google.rpc.ErrorInfo.reason`: `TASK_NOT_FOUND`.
    pub fn reason(&self) -> Cow<'_, str> {
        match self.entry() {
            Some(entry) => Cow::Borrowed(&entry.reason),
            None => Cow::Owned(self.as_str().to_ascii_uppercase()),
        }
    }

    /// The same as [`reason`](Self::reason), written into `buffer` where no catalog has it.
    pub(crate) fn reason_in<'a>(&'a self, buffer: &'a mut [u8; name::MAX_LEN]) -> &'a [u8] {
        match self.entry() {
            Some(entry) => entry.reason.as_bytes(),
            // A kind is not longer than the buffer.
            None => name::upper_case(self.as_bytes(), buffer),
        }
    }

    /// Whether `reason` is this kind's reason.
    pub(crate) fn has_reason(&self, reason: impl AsRef<[u8]>) -> bool {
        let (reason, name) = (reason.as_ref(), self.as_bytes());
        if self.entry().is_some_and(|entry| entry.reason.as_bytes() == reason) {
            return true;
        }
        // A kind has no upper case, and a reason no lower case. Without an early exit, many bytes are taken at a time.
        let same = |(reason, name): (&u8, &u8)| *reason == name.to_ascii_uppercase();
        name::is_reason(reason)
            && reason.len() == name.len()
            && reason.iter().zip(name).fold(true, |all, pair| all & same(pair))
    }

    /// Whether the entry is of a user's catalog or constant, or made for a status without a kind.
    pub(crate) fn is_made_by_catalog(&self) -> bool {
        matches!(self.0, Repr::Shared(_) | Repr::Static(_))
    }

    /// Whether the entry is one that the build made.
    pub(crate) fn is_builtin(&self) -> bool {
        matches!(self.0, Repr::Builtin(_))
    }

    /// What the catalog says of the kind; `None` if it comes from no catalog.
    pub fn entry(&self) -> Option<&KindEntry> {
        match &self.0 {
            Repr::Builtin(entry) | Repr::Static(entry) => Some(entry),
            Repr::Shared(entry) => Some(entry),
            Repr::Foreign(_) | Repr::ForeignLong(_) => None,
        }
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Kind {}

impl PartialEq<Kind> for &Kind {
    fn eq(&self, other: &Kind) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<str> for Kind {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Kind {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl hash::Hash for Kind {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({})", self.as_str())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not spelled as a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidKind(());

impl fmt::Display for InvalidKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a kind is 3 to 63 characters of a-z, 0-9 and _, begins with a letter, and does not end with _, \
             such as task_not_found",
        )
    }
}

impl error::Error for InvalidKind {}
