//! The audience of a result.

/// The audience of the result of a translation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// Callers inside the building: sees everything.
    #[default]
    Internal,
    /// Anybody: sees only what the catalog and the policy let out.
    Public,
}
