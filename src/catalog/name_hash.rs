//! How kinds are found by their names.

use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash, Hasher},
};

use foldhash::fast::{FoldHasher, RandomState};

use crate::model::Kind;

/// A kind under its own name, which stands nowhere else: one look less in a large catalog, where each misses the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named(pub(super) Kind);

impl Borrow<[u8]> for Named {
    fn borrow(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Hash for Named {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_bytes().hash(state);
    }
}

/// The hash of one text each. A `str` is hashed with a byte behind it, and bytes with their length, so that two in a row are
/// not taken for two others; here there is never a second one.
#[derive(Clone, Debug, Default)]
pub(super) struct NameHash(RandomState);

pub(super) struct NameHasher<'a>(FoldHasher<'a>);

impl BuildHasher for NameHash {
    type Hasher = NameHasher<'static>;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        NameHasher(self.0.build_hasher())
    }
}

impl Hasher for NameHasher<'_> {
    #[inline]
    fn write(&mut self, name: &[u8]) {
        self.0.write(name);
    }

    #[inline]
    fn write_u8(&mut self, _: u8) {}

    #[inline]
    fn write_usize(&mut self, _: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0.finish()
    }
}
