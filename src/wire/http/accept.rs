//! `Accept`: <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>.

use super::{Dialect, negotiate::quality};

/// More than any client sends: a bound on the work that a header costs.
const MAX_RANGES: usize = 32;

/// The dialect that a caller prefers: [`Dialect::Problem`] if `Accept` rates `application/problem+json` above
/// `application/json`, else our own.
///
/// ```
/// use errwire::{Dialect, wire::http::dialect};
///
/// assert_eq!(dialect("application/problem+json, */*;q=0.1"), Dialect::Problem);
/// assert_eq!(dialect("*/*"), Dialect::KindMessage);
/// ```
pub fn dialect(accept: &str) -> Dialect {
    let ranges: Vec<_> = accept.split(',').take(MAX_RANGES).filter_map(Range::read).collect();
    let quality = |media: &str| {
        let matching = ranges.iter().filter(|range| range.precision(media).is_some());
        matching.max_by_key(|range| range.precision(media)).map_or(0, |range| range.quality)
    };
    if quality("application/problem+json") > quality("application/json") {
        Dialect::Problem
    } else {
        Dialect::KindMessage
    }
}

struct Range {
    /// Such as `application/json` or `application/*`, in lower case.
    media: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next().filter(|media| media.contains('/'))?.to_ascii_lowercase();
        let weight = parts.find(|part| part.starts_with("q=") || part.starts_with("Q="));
        Some(Self { media, quality: weight.map_or(Some(1_000), quality)? })
    }

    /// How closely the range names a media type; `None` if it does not.
    fn precision(&self, media: &str) -> Option<u8> {
        match self.media.strip_suffix('*') {
            None => (self.media == media).then_some(2),
            Some("*/") => Some(0),
            Some(kind) => media.starts_with(kind).then_some(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_what_the_caller_rates_higher() {
        let problem = [
            "application/problem+json",
            "Application/Problem+JSON; q=0.5",
            "application/json;q=0.4, application/problem+json;q=0.5",
            "application/problem+json, */*;q=0.1",
            "application/*;q=0.2, application/json;q=0.1",
            "text/html, application/problem+json",
        ];
        let ours = [
            "",
            "*/*",
            "application/*",
            "application/json",
            "text/html",
            "application/json, application/problem+json",
            "application/problem+json;q=0",
            "application/problem+json;q=x",
            "application/problem+json;q=2",
            // A weight has a digit before the point and at most three behind it (RFC 9110, 12.4.2).
            "application/problem+json;q=.5",
            "application/problem+json;q=0.1234",
            "application/problem+json;q=1e-1",
            ";;,=q/",
        ];
        for accept in problem {
            assert_eq!(dialect(accept), Dialect::Problem, "{accept}");
        }
        for accept in ours {
            assert_eq!(dialect(accept), Dialect::KindMessage, "{accept}");
        }
        assert_eq!(dialect(&"a/b,".repeat(1_000_000)), Dialect::KindMessage);
    }
}
