//! Near misses: what somebody who wrote this probably meant.

/// One more than the longest name that is compared. A longer one is near to no kind and to no key.
const ROW: usize = 84;

/// Of the candidates the one nearest to `name`, if any is near: at most one edit for every three characters, and no
/// more than three. Of equally near ones the first.
///
/// An edit puts in, drops or changes a character, or swaps two neighbours.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut most = (name.len() / 3).clamp(1, 3);
    let mut best = None;
    for candidate in candidates {
        if let Some(distance) = distance(name.as_bytes(), candidate.as_bytes(), most) {
            best = Some(candidate);
            let Some(less) = distance.checked_sub(1) else { break };
            most = less;
        }
    }
    best
}

/// The edits between two names, if there are at most `most`.
///
/// The [optimal string alignment distance](https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance), which
/// gives up at the first row without a cell that is small enough.
fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) >= ROW {
        return None;
    }
    let width = b.len() + 1;
    // Three rows of the table: the one that is written, and the two above it. No cell is larger than `ROW`.
    let (mut above, mut last, mut next) = ([0_u8; ROW], [0_u8; ROW], [0_u8; ROW]);
    for (cell, column) in last.iter_mut().zip(0..) {
        *cell = column;
    }
    for row in 1..=a.len() {
        next[0] = last[0] + 1;
        for column in 1..width {
            let change = last[column - 1] + u8::from(a[row - 1] != b[column - 1]);
            let mut cell = change.min(last[column] + 1).min(next[column - 1] + 1);
            if row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1] {
                cell = cell.min(above[column - 2] + 1);
            }
            next[column] = cell;
        }
        // A swap reaches over one row, so a row gives up only together with the one before it.
        let least = next[..width].iter().chain(&last[..width]).min();
        if least.is_some_and(|least| usize::from(*least) > most) {
            return None;
        }
        (above, last, next) = (last, next, above);
    }
    Some(usize::from(last[width - 1])).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let candidates = ["status", "message", "code", "retry", "retry_delay"];
        let rows = [
            ("status", Some("status")),
            ("staus", Some("status")),
            ("sattus", Some("status")),
            ("mesage", Some("message")),
            ("mesagge", Some("message")),
            ("massages", Some("message")),
            ("retry_dealy", Some("retry_delay")),
            ("cod", Some("code")),
            ("c", None),
            ("", None),
            ("kind", None),
            ("größe", None),
        ];
        for (name, expected) in rows {
            assert_eq!(nearest(name, candidates), expected, "{name:?}");
        }
        assert_eq!(nearest(&"a".repeat(84), [&*"a".repeat(83)]), None);
        assert_eq!(nearest(&"a".repeat(83), [&*"a".repeat(84)]), None);
        assert_eq!(nearest(&"a".repeat(83), [&*"a".repeat(80)]).map(str::len), Some(80));
    }

    #[test]
    fn counts_edits() {
        let rows =
            [("", "", 0), ("abc", "abc", 0), ("abc", "ab", 1), ("abc", "acb", 1), ("abc", "xyz", 3), ("ca", "abc", 3)];
        for (a, b, expected) in rows {
            assert_eq!(distance(a.as_bytes(), b.as_bytes(), 5), Some(expected), "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes(), 5), Some(expected), "{b} {a}");
        }
        assert_eq!(distance(b"abc", b"xyz", 2), None);
    }
}
