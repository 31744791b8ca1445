//! How kinds are found by their names.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::{FoldHasher, RandomState};

/// The hash of one text each. Bytes are hashed with their length, so that two in a row are not taken for two others; here there is
/// never a second one.
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
    fn write_usize(&mut self, _: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0.finish()
    }
}
