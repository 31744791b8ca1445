//! A delay as a file writes it.

use std::time::Duration;

/// The most seconds that a
/// [`google.protobuf.Duration`](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/duration.proto)
/// takes: about 10,000 years.
const MOST: u64 = 315_576_000_000;

/// Reads `30s`, `1.5s` (up to nine digits, as protobuf's JSON form), `500ms`, `2m` and `1h`.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.strip_suffix(unit)?;
    let delay = match (unit, number.split_once('.')) {
        ("ms", None) => Duration::from_millis(whole(number)?),
        ("s", None) => Duration::from_secs(whole(number)?),
        ("s", Some((seconds, fraction))) => Duration::new(whole(seconds)?, nanoseconds(fraction)?),
        ("m", None) => Duration::from_secs(whole(number)?.checked_mul(60)?),
        ("h", None) => Duration::from_secs(whole(number)?.checked_mul(60 * 60)?),
        _ => return None,
    };
    (delay <= Duration::from_secs(MOST)).then_some(delay)
}

fn whole(digits: &str) -> Option<u64> {
    digits.parse().ok()
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let scale = u32::try_from(fraction.len()).ok().filter(|len| *len <= 9)?;
    Some(fraction.parse::<u32>().ok()? * 10_u32.pow(9 - scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_delays() {
        let rows = [
            ("30s", Some((30, 0))),
            ("0s", Some((0, 0))),
            ("1.5s", Some((1, 500_000_000))),
            ("1.000000001s", Some((1, 1))),
            ("0.999999999s", Some((0, 999_999_999))),
            ("500ms", Some((0, 500_000_000))),
            ("2m", Some((120, 0))),
            ("1h", Some((3600, 0))),
            ("315576000000s", Some((315_576_000_000, 0))),
            ("315576000001s", None),
            ("315576000000.1s", None),
            ("18446744073709551615m", None),
            ("18446744073709551616s", None),
            ("1.0000000001s", None),
            ("1.5m", None),
            ("1.s", None),
            (".5s", None),
            ("1.5.5s", None),
            ("-1s", None),
            ("+1s", None),
            ("30", None),
            ("s", None),
            ("30 s", None),
            ("30S", None),
            ("", None),
            ("soon", None),
        ];
        for (text, expected) in rows {
            assert_eq!(parse(text), expected.map(|(s, ns)| Duration::new(s, ns)), "{text:?}");
        }
    }
}
