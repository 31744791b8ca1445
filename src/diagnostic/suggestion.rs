//! Near misses: the name that was probably meant.

/// Names longer than this are near to no kind and to no key.
const LONGEST: usize = 83;

/// Of the candidates the one nearest to `name`, if any is near: at most one edit for every three characters, and no
/// more than three. Of equally near ones the first.
///
/// An edit puts in, drops or changes a character, or swaps two neighbours.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let mut most = (name.len() / 3).clamp(1, 3);
    let mut best = None;
    for candidate in candidates {
        // Most candidates are ruled out by their length, which costs nothing.
        if candidate.len() > LONGEST || candidate.len().abs_diff(name.len()) > most {
            continue;
        }
        let distance = strsim::osa_distance(name, candidate);
        if distance <= most {
            best = Some(candidate);
            let Some(less) = distance.checked_sub(1) else { break };
            most = less;
        }
    }
    best
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
}
