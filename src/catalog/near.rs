//! Near misses: what somebody who wrote this probably meant.

/// Of the candidates the one nearest to `name`, if any is near: at most one edit for every three characters, and no
/// more than three. Of equally near ones the first.
///
/// An edit puts in, drops or changes a character, or swaps two neighbours.
pub(super) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A longer name is near to no kind and to no key; this also bounds the work.
    if name.len() > 80 {
        return None;
    }
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
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: [usize; 84] = [0; 84];
    let mut last: [usize; 84] = [0; 84];
    // `a` is at most 80 long and `b` at most three longer.
    let width = b.len() + 1;
    for (column, cell) in last.iter_mut().take(width).enumerate() {
        *cell = column;
    }
    for row in 1..=a.len() {
        let mut next = [0; 84];
        next[0] = row;
        for column in 1..width {
            let change = last[column - 1] + usize::from(a[row - 1] != b[column - 1]);
            next[column] = change.min(last[column] + 1).min(next[column - 1] + 1);
            let swapped = row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
            if swapped {
                next[column] = next[column].min(before[column - 2] + 1);
            }
        }
        // A swap reaches over one row, so a row gives up only together with the one before it.
        let least = next[..width].iter().chain(&last[..width]).min();
        if least.is_some_and(|least| *least > most) {
            return None;
        }
        before = last;
        last = next;
    }
    Some(last[width - 1]).filter(|distance| *distance <= most)
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
        assert_eq!(nearest(&"a".repeat(81), [&*"a".repeat(81)]), None);
        assert_eq!(nearest(&"a".repeat(80), [&*"a".repeat(83)]).map(str::len), Some(83));
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
