//! `Retry-After`: <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>.

// docs/rules.md: R-FIELD-1

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderValue,
    header::{DATE, RETRY_AFTER},
};

/// The longest delay that is believed: a year. Whoever asks for more means "not soon".
pub const MAX_RETRY_DELAY: Duration = Duration::from_secs(365 * 24 * 3_600);

/// How long to wait: the seconds of the first valid `Retry-After`, or the time from the response's own `Date`, or else
/// from `now`, to the date that it names.
///
/// All three forms of a date are read. A date that has passed is zero, more than [`MAX_RETRY_DELAY`] is that, and what
/// is neither a date nor a number from 0 on is `None`. A number may have an exponent, `1e9`, since some servers print it
/// so.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    values.map(str::trim).find_map(|value| seconds(value).or_else(|| until(date(value)?, headers, now)))
}

/// Sets `Retry-After`, in seconds rounded up, so that nobody comes back too early; at most [`MAX_RETRY_DELAY`], since clients
/// add the number to a clock.
pub fn with_retry_after(headers: &mut HeaderMap, delay: Duration) {
    let delay = delay.min(MAX_RETRY_DELAY);
    let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
}

fn seconds(text: &str) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are more than the maximum.
        return Some(text.parse().map_or(MAX_RETRY_DELAY, Duration::from_secs).min(MAX_RETRY_DELAY));
    }
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'e' | b'E'));
    let number = if is_number && text.starts_with(|first: char| first.is_ascii_digit()) { text } else { return None };
    let number: f64 = number.parse().ok()?;
    Some(Duration::try_from_secs_f64(number).unwrap_or(MAX_RETRY_DELAY).min(MAX_RETRY_DELAY))
}

fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

fn until(date_named: SystemTime, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let sent = headers.get(DATE).and_then(|value| date(value.to_str().ok()?));
    let delay = date_named.duration_since(sent.unwrap_or(now)).unwrap_or_default();
    Some(delay.min(MAX_RETRY_DELAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// 1994-11-06 08:49:37 UTC, the date of RFC 9110, section 5.6.7.
    const EXAMPLE: Duration = Duration::from_secs(784_111_777);

    #[test]
    fn what_is_read() {
        let now = SystemTime::UNIX_EPOCH + EXAMPLE - Duration::from_secs(60);
        let rows = [
            ("zero", "0", Some(0)),
            ("seconds", "120", Some(120)),
            ("blanks", " 120 ", Some(120)),
            ("leading zeros", "007", Some(7)),
            ("negative", "-1", None),
            ("a billion", "1000000000", Some(31_536_000)),
            ("exponent", "1e9", Some(31_536_000)),
            ("a year", "31536000", Some(31_536_000)),
            ("above the maximum", "31536001", Some(31_536_000)),
            ("exponent above the maximum", "1e300", Some(31_536_000)),
            ("infinite", "1e999", Some(31_536_000)),
            ("above 64 bits", "99999999999999999999999", Some(31_536_000)),
            ("IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", Some(60)),
            ("RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", Some(60)),
            ("asctime", "Sun Nov  6 08:49:37 1994", Some(60)),
            ("past", "Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("far", "Fri, 31 Dec 9999 23:59:59 GMT", Some(31_536_000)),
            ("empty", "", None),
            ("garbage", "soon", None),
            ("infinity", "inf", None),
            ("hexadecimal", "0x10", None),
            ("plus", "+1", None),
            ("dot", ".", None),
            ("fraction", "1.5", None),
            ("two", "1, 2", None),
        ];
        for (name, text, seconds) in rows {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers(&[("retry-after", text)]), now), expected, "{name}");
        }
    }

    #[test]
    fn the_clock_of_the_response_counts() {
        let named = ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT");
        let rows = [
            ("date", "Sun, 06 Nov 1994 08:49:07 GMT", 30),
            ("later date", "Sun, 06 Nov 1994 08:50:00 GMT", 0),
            ("garbage", "yesterday", 31_536_000),
        ];
        for (name, date, seconds) in rows {
            let delay = retry_after(&headers(&[named, ("date", date)]), SystemTime::UNIX_EPOCH);
            assert_eq!(delay, Some(Duration::from_secs(seconds)), "{name}");
        }
    }

    #[test]
    fn the_first_valid_one_of_several_counts() {
        let several = headers(&[("retry-after", "soon"), ("retry-after", "2"), ("retry-after", "3")]);
        assert_eq!(retry_after(&several, SystemTime::now()), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::now()), None);
    }

    #[test]
    fn seconds_are_rounded_up() {
        let rows = [
            (Duration::ZERO, "0"),
            (Duration::from_nanos(1), "1"),
            (Duration::from_millis(400), "1"),
            (Duration::from_secs(1), "1"),
            (Duration::from_millis(1_001), "2"),
            (Duration::MAX, "31536000"),
        ];
        for (delay, text) in rows {
            let mut headers = HeaderMap::new();
            with_retry_after(&mut headers, delay);
            assert_eq!(headers[RETRY_AFTER], text);
        }
    }
}
