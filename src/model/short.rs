//! Short texts without an allocation.

/// A text of at most 30 bytes, in place.
#[derive(Clone, Copy)]
pub(super) struct Short {
    len: u8,
    /// The text, and zeros.
    bytes: [u8; Self::MAX_LEN],
}

impl Short {
    /// With the length and the tag of an enum it is four words.
    const MAX_LEN: usize = 30;

    /// `None` if the text is longer.
    pub(super) fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::MAX_LEN];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { len: u8::try_from(text.len()).ok()?, bytes })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub(super) fn as_str(&self) -> &str {
        // They came from a text.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn holds_what_fits() {
        for text in ["", "a", "größe", &"k".repeat(29), &"k".repeat(30)] {
            assert_eq!(Short::new(text).map(|short| short.as_str().to_owned()).as_deref(), Some(text));
        }
        assert!(Short::new(&"k".repeat(31)).is_none());
        assert_eq!(size_of::<Kind>(), 32);
    }

    #[test]
    fn kinds_of_every_length_are_equal_by_name() {
        for len in 3..=63 {
            let (name, other) = ("k".repeat(len), format!("{}j", "k".repeat(len - 1)));
            let kind = Kind::new(&name).unwrap();
            assert_eq!((kind.as_str(), kind.reason().as_ref()), (&*name, &*name.to_ascii_uppercase()));
            assert!(kind == *name && kind == Kind::new(&name).unwrap() && kind.has_reason(&kind.reason()));
            assert!(kind != *other && kind != Kind::new(&other).unwrap() && kind.clone() == kind);
        }
    }
}
