//! How deep values may be inside one another.

/// How many levels may yet follow. It bounds the stack that reading, writing and dropping a tree take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Depth(u8);

impl Depth {
    pub(crate) const fn of(levels: u8) -> Self {
        Self(levels)
    }

    /// So many levels further in; `None` if that is too deep.
    pub(crate) fn deeper(self, levels: u8) -> Option<Self> {
        self.0.checked_sub(levels).map(Self)
    }
}
