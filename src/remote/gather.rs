//! The parts of a version, put together.

use prost::Message;

use super::decode::BadCatalog;
use crate::pb;

/// Takes parts until a version is whole. Holds no more than a bound.
#[derive(Debug)]
pub(super) struct Gather {
    max_bytes: usize,
    begun: Option<Begun>,
}

#[derive(Debug)]
struct Begun {
    version: pb::WatchCatalogResponse,
    bytes: usize,
}

impl Gather {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { max_bytes, begun: None }
    }

    /// Whether more parts of a version are to come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_some()
    }

    /// A whole version, if this is its last part.
    ///
    /// # Errors
    ///
    /// If the version is too large, or a part is missing.
    pub(super) fn take(
        &mut self,
        mut part: pb::WatchCatalogResponse,
    ) -> Result<Option<pb::WatchCatalogResponse>, BadCatalog> {
        let bytes = part.encoded_len();
        let (number, more) = (part.part, part.more);
        let mut begun = match (number, self.begun.take()) {
            // A newer version may begin at any time.
            (0, _) => Begun { version: pb::WatchCatalogResponse { more: false, ..part }, bytes },
            (_, Some(mut begun)) if number == begun.version.part + 1 && part.version == begun.version.version => {
                begun.version.kinds.append(&mut part.kinds);
                begun.version.part = number;
                begun.bytes = begun.bytes.saturating_add(bytes);
                begun
            }
            _ => return Err(BadCatalog(format!("its part {number} does not follow the one before"))),
        };
        if begun.bytes > self.max_bytes {
            return Err(BadCatalog(format!("it has more than {} bytes", self.max_bytes)));
        }
        if more {
            self.begun = Some(begun);
            return Ok(None);
        }
        begun.version.part = 0;
        Ok(Some(begun.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(version: &str, number: u32, more: bool) -> pb::WatchCatalogResponse {
        let kind = pb::Kind { kind: format!("{version}_{number}"), ..Default::default() };
        pb::WatchCatalogResponse {
            version: version.into(),
            kinds: vec![kind],
            part: number,
            more,
            ..Default::default()
        }
    }

    fn names(version: pb::WatchCatalogResponse) -> Vec<String> {
        assert_eq!((version.part, version.more), (0, false));
        version.kinds.into_iter().map(|kind| kind.kind).collect()
    }

    #[test]
    fn puts_parts_together() {
        let mut gather = Gather::new(1_000);
        assert_eq!(gather.take(part("a", 0, false)).unwrap().map(names).unwrap(), ["a_0"]);
        for number in 0..2 {
            assert_eq!(gather.take(part("b", number, true)), Ok(None));
        }
        assert!(gather.has_begun());
        assert_eq!(gather.take(part("b", 2, false)).unwrap().map(names).unwrap(), ["b_0", "b_1", "b_2"]);
        assert!(!gather.has_begun());

        // A newer version overtakes, also one of the same name.
        for version in ["c", "c", "d"] {
            assert_eq!(gather.take(part(version, 0, true)), Ok(None));
        }
        assert_eq!(gather.take(part("d", 1, false)).unwrap().map(names).unwrap(), ["d_0", "d_1"]);
    }

    #[test]
    fn refuses_holes_and_too_much() {
        for second in [part("a", 2, false), part("b", 1, false), part("a", u32::MAX, true)] {
            let mut gather = Gather::new(1_000);
            assert_eq!(gather.take(part("a", 0, true)), Ok(None));
            assert!(gather.take(second).is_err());
            assert!(!gather.has_begun());
        }
        assert!(Gather::new(1_000).take(part("a", 1, false)).is_err());

        let mut gather = Gather::new(100);
        let mut taken = 0;
        while gather.take(part("a", taken, true)).is_ok() {
            taken += 1;
            assert!(taken < 100);
        }
        assert!(taken > 1 && !gather.has_begun());
    }
}
