//! The spelling of kinds and reasons, and enums whose values have names.

use std::borrow::Cow;

/// An enum whose values have stable names.
macro_rules! named {
    ($(#[$meta:meta])* $vis:vis enum $type:ident { $($(#[$docs:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        $vis enum $type {
            $($(#[$docs])* $variant,)+
        }

        impl $type {
            /// All of them.
            #[allow(dead_code, reason = "not each enum is walked")]
            $vis const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            $vis const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}
pub(crate) use named;

/// The longest kind, in bytes. The limit is that of AIP-193 for a reason.
pub(crate) const MAX_LEN: usize = 63;

/// Whether `name` is `[a-z][a-z0-9_]+[a-z0-9]`, at most 63 long.
// docs/rules.md: R-TERM-1
pub(crate) fn is_kind(name: &str) -> bool {
    is_name(name.as_bytes(), IN_KIND)
}

/// Whether `name` is `[A-Z][A-Z0-9_]+[A-Z0-9]`, at most 63 long: a reason of AIP-193.
pub(crate) fn is_reason(name: impl AsRef<[u8]>) -> bool {
    is_name(name.as_ref(), IN_REASON)
}

/// Whether the one is a kind and the other its reason, for constants.
pub(crate) const fn is_kind_with_reason(kind: &str, reason: &str) -> bool {
    let (kind, reason) = (kind.as_bytes(), reason.as_bytes());
    let mut at = 0;
    while at < kind.len() && at < reason.len() {
        let is_fine = match kind[at] {
            b'a'..=b'z' => true,
            b'0'..=b'9' => at > 0,
            b'_' => at > 0 && at + 1 < kind.len(),
            _ => false,
        };
        if !is_fine || kind[at].to_ascii_uppercase() != reason[at] {
            return false;
        }
        at += 1;
    }
    kind.len() == reason.len() && kind.len() >= 3 && kind.len() <= MAX_LEN
}

/// The name of the kind whose reason this is, written into `buffer`; `None` if it is not a reason.
pub(crate) fn kind_of_reason<'a>(reason: &[u8], buffer: &'a mut [u8; MAX_LEN]) -> Option<&'a str> {
    str::from_utf8(is_reason(reason).then(|| lower_case(reason, buffer))?).ok()
}

/// The bytes of the name of the kind whose reason this is, which the caller has made sure of.
pub(crate) fn lower_case<'a>(reason: &[u8], buffer: &'a mut [u8; MAX_LEN]) -> &'a [u8] {
    // A reason is not longer than the buffer.
    let reason = &reason[..reason.len().min(MAX_LEN)];
    buffer[..reason.len()].copy_from_slice(reason);
    // Eight bytes at a time, which may be more than the name has.
    let (words, rest) = buffer.as_chunks_mut::<8>();
    if reason.len() > 8 * words.len() {
        rest.make_ascii_lowercase();
    }
    words.iter_mut().take(reason.len().div_ceil(8)).for_each(|word| word.make_ascii_lowercase());
    &buffer[..reason.len()]
}

/// The reason of the kind of this name, which the caller has made sure of.
pub(crate) fn upper_case<'a>(name: &[u8], buffer: &'a mut [u8; MAX_LEN]) -> &'a [u8] {
    // A kind is not longer than the buffer.
    let name = &name[..name.len().min(MAX_LEN)];
    buffer.iter_mut().zip(name).for_each(|(to, byte)| *to = byte.to_ascii_uppercase());
    &buffer[..name.len()]
}

const IN_KIND: u8 = 1;
const IN_REASON: u8 = 2;

/// What each byte may stand in.
const MAY_STAND_IN: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' => IN_KIND,
            b'A'..=b'Z' => IN_REASON,
            b'0'..=b'9' | b'_' => IN_KIND | IN_REASON,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// A table and no early exit take two steps a byte, and most names have a dozen.
fn is_name(name: &[u8], mark: u8) -> bool {
    let ([first, _, .., last], true) = (name, name.len() <= MAX_LEN) else { return false };
    first.is_ascii_alphabetic()
        && *last != b'_'
        && name.iter().fold(mark, |all, byte| all & MAY_STAND_IN[usize::from(*byte)]) == mark
}

/// Turns a foreign identifier into a kind: `Task.NotFound` into `task_not_found`.
///
/// Puts `_` between [a-z0-9] and [A-Z], turns each run of other characters into `_`, trims `_`, and lower-cases.
/// `None` if the outcome is not a kind.
// docs/rules.md: R-TERM-2
#[inline]
pub(crate) fn fold(name: &str) -> Option<Cow<'_, str>> {
    if is_kind(name) { Some(Cow::Borrowed(name)) } else { folded(name).map(Cow::Owned) }
}

fn folded(name: &str) -> Option<String> {
    let mut buffer = [0; MAX_FOLDED];
    str::from_utf8(fold_into(name, &mut buffer)?).ok().map(str::to_owned)
}

/// Folding lengthens a name by one `_` a letter at most and shortens it without limit, so only the outcome is bounded: work stops
/// there, not at the end of a megabyte.
const MAX_FOLDED: usize = MAX_LEN + 3;

/// Whether a foreign identifier becomes a kind.
pub(crate) fn is_foldable(name: &str) -> bool {
    is_kind(name) || fold_into(name, &mut [0; MAX_FOLDED]).is_some()
}

/// Whether a foreign identifier becomes a kind of several words.
pub(crate) fn is_of_words(name: &str) -> bool {
    match is_kind(name) {
        true => name.as_bytes().contains(&b'_'),
        false => fold_into(name, &mut [0; MAX_FOLDED]).is_some_and(|folded| folded.contains(&b'_')),
    }
}

/// Writes a kind into the buffer, of nothing but letters, digits and `_`.
fn fold_into<'b>(name: &str, folded: &'b mut [u8; MAX_FOLDED]) -> Option<&'b [u8]> {
    // What `_` stands before or in place of: nothing comes of it behind another one, or at the start.
    let (mut len, mut previous, mut is_apart) = (0, 0, true);
    // What is not ASCII has no letter of a kind in any of its bytes.
    for byte in name.bytes() {
        let mark = if byte == b'_' { 0 } else { MAY_STAND_IN[usize::from(byte)] };
        if (mark == 0 || mark == IN_REASON && previous & IN_KIND != 0) && !is_apart {
            *folded.get_mut(len)? = b'_';
            (len, is_apart) = (len + 1, true);
        }
        if mark != 0 {
            *folded.get_mut(len)? = byte.to_ascii_lowercase();
            (len, is_apart) = (len + 1, false);
        }
        previous = mark;
        if len > MAX_LEN + 1 {
            return None;
        }
    }
    let folded = folded.get(..len - usize::from(is_apart && len > 0))?;
    let is_kind = matches!(folded.len(), 3..=MAX_LEN) && folded[0].is_ascii_lowercase();
    is_kind.then_some(folded)
}

/// A name that a peer chose, bounded and without control characters, for a message.
#[cfg(feature = "remote")]
pub(crate) fn shown(name: &str) -> String {
    const MOST: usize = 64;
    let mut shown: String = name.chars().take(MOST).flat_map(char::escape_debug).collect();
    if name.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_by_the_rule() {
        let rows = [
            ("Task.NotFound", Some("task_not_found")),
            ("resource-missing", Some("resource_missing")),
            ("task_not_found", Some("task_not_found")),
            ("TASK_NOT_FOUND", Some("task_not_found")),
            ("rateLimitExceeded", Some("rate_limit_exceeded")),
            ("S3AccessDenied", Some("s3_access_denied")),
            ("HTTPError", Some("httperror")),
            ("  spaced  out  ", Some("spaced_out")),
            ("a__b", Some("a__b")),
            ("a..b__", Some("a_b")),
            ("größe", Some("gr_e")),
            ("v2beta", Some("v2beta")),
            ("42", None),
            ("4xx", None),
            ("ab", None),
            ("", None),
            ("---", None),
        ];
        for (name, expected) in rows {
            assert_eq!(fold(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn bounds_the_length() {
        assert!(is_kind(&"a".repeat(63)));
        assert!(!is_kind(&"a".repeat(64)));
        assert_eq!(fold(&"A".repeat(64)), None);
        assert_eq!(fold(&"A-".repeat(1_000_000)), None);
        assert_eq!(fold(&format!("{}Ab", "-".repeat(1_000_000))), None);
        assert_eq!(fold(&format!("{}Abc{0}", "-".repeat(100_000))).as_deref(), Some("abc"));
    }

    #[test]
    fn kinds_and_reasons_are_one_to_one() {
        for name in ["abc", "a_b", "a1_", "_ab", "a", "ab", "a-b", "aBc", "a__b", "1ab"] {
            assert_eq!(
                is_kind(name),
                is_reason(name.to_ascii_uppercase()) && name == name.to_ascii_lowercase(),
                "{name}"
            );
            assert_eq!(is_kind_with_reason(name, &name.to_ascii_uppercase()), is_kind(name), "{name}");
        }
        for (kind, reason) in [("abc", "ABD"), ("abc", "abc"), ("abc", "ABCD"), ("abcd", "ABC"), ("", "")] {
            assert!(!is_kind_with_reason(kind, reason), "{kind} {reason}");
        }
        assert!(!is_kind_with_reason(&"a".repeat(64), &"A".repeat(64)));
    }

    #[test]
    #[cfg(feature = "remote")]
    fn shows_no_more_than_a_line() {
        assert_eq!(shown("a\nb\u{7}"), "a\\nb\\u{7}");
        assert_eq!(shown(&"x".repeat(64)).chars().count(), 64);
        assert_eq!(shown(&"x".repeat(1_000_000)).chars().count(), 65);
    }
}
