//! `Retry-After`: <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>.

// docs/rules.md: R-FIELD-1

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{DATE, RETRY_AFTER},
};

/// The longest delay that is believed: a year. A longer delay means "not soon".
pub const MAX_RETRY_DELAY: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Milliseconds, which say more than seconds do: of [OpenAI](https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py)
/// and of [Azure](https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md).
const IN_MILLISECONDS: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("retry-after-ms"), "header retry-after-ms"),
    (HeaderName::from_static("x-ms-retry-after-ms"), "header x-ms-retry-after-ms"),
];

/// How long to wait: the milliseconds of the first valid `retry-after-ms` or `x-ms-retry-after-ms`, else the seconds of the
/// first valid `Retry-After`, or the time from the response's own `Date`, or else from `now`, to the date that it names.
///
/// All three forms of a date are read. A date that has passed is zero, more than [`MAX_RETRY_DELAY`] is that, and what
/// is neither a date nor a number from 0 on is `None`. A number may have a fraction, `1.5`, or an exponent, `1e9`, since
/// some servers print it so.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    named_retry_after(headers, now).map(|(delay, _)| delay)
}

/// The same, and the field that says so, as an [origin](crate::wire::http::Origins).
pub(crate) fn named_retry_after(headers: &HeaderMap, now: SystemTime) -> Option<(Duration, &'static str)> {
    let texts =
        |name: &HeaderName| headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok()).map(str::trim);
    let precise = IN_MILLISECONDS.iter().find_map(|(name, origin)| {
        let delay = texts(name).find_map(|text| number(text, 1_000.0))?;
        Some((delay, *origin))
    });
    let delay = || texts(&RETRY_AFTER).find_map(|text| number(text, 1.0).or_else(|| until(date(text)?, headers, now)));
    precise.or_else(|| Some((delay()?, "header retry-after")))
}

/// Sets `Retry-After`, in seconds rounded up, so that nobody comes back too early; at most [`MAX_RETRY_DELAY`], since clients
/// add the number to a clock.
pub fn with_retry_after(headers: &mut HeaderMap, delay: Duration) {
    let delay = delay.min(MAX_RETRY_DELAY);
    let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    // Digits are always a valid value. `HeaderValue::from` of a number allocates once more.
    if let Ok(seconds) = HeaderValue::try_from(seconds.to_string()) {
        headers.insert(RETRY_AFTER, seconds);
    }
}

/// A number from 0 on, of which so many are a second.
fn number(text: &str, a_second: f64) -> Option<Duration> {
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E'));
    if !is_number || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let seconds = text.parse::<f64>().ok()? / a_second;
    // More than fits is more than the maximum.
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(MAX_RETRY_DELAY).min(MAX_RETRY_DELAY))
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
            ("two dots", "1.5.2", None),
            ("two", "1, 2", None),
        ];
        for (name, text, seconds) in rows {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers(&[("retry-after", text)]), now), expected, "{name}");
        }
    }

    #[test]
    fn parts_of_a_second() {
        let rows: [(&[(&str, &str)], Option<u64>); 9] = [
            (&[("retry-after", "1.5")], Some(1_500)),
            (&[("retry-after", "0.25")], Some(250)),
            (&[("retry-after-ms", "1500")], Some(1_500)),
            (&[("x-ms-retry-after-ms", "10")], Some(10)),
            (&[("retry-after", "2"), ("retry-after-ms", "1234")], Some(1_234)),
            (&[("x-ms-retry-after-ms", "7"), ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(7)),
            (&[("retry-after-ms", "soon"), ("retry-after", "2")], Some(2_000)),
            (&[("retry-after-ms", "1e99")], Some(31_536_000_000)),
            (&[("retry-after-ms", "-5")], None),
        ];
        for (fields, millis) in rows {
            let delay = retry_after(&headers(fields), SystemTime::UNIX_EPOCH);
            assert_eq!(delay, millis.map(Duration::from_millis), "{fields:?}");
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
