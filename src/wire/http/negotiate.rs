//! What a caller prefers: `Accept` (<https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>) and `Accept-Language`
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4>, <https://www.rfc-editor.org/rfc/rfc4647>).

use std::cmp::Reverse;

use super::Dialect;
use crate::model::LanguageTag;

/// More than any client sends: bounds on the work that a header costs.
const MAX_BYTES: usize = 1_024;
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
    let ranges: Vec<_> = accept.split(',').take(MAX_RANGES).filter_map(MediaRange::read).collect();
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

struct MediaRange {
    /// Such as `application/json` or `application/*`, in lower case.
    media: String,
    /// In thousandths.
    quality: u16,
}

impl MediaRange {
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

/// The language to answer in: the one of `available` that the caller likes best, in its own spelling, or `None` if there
/// is none, or nothing in the header can be read.
///
/// A range is matched by what it says, then by what is near it: `de-CH` takes `de`, and `pt` takes `pt-BR`. A language
/// that a range names with `q=0` is never chosen. `*` asks for no language and is passed over
/// (<https://www.rfc-editor.org/rfc/rfc4647#section-3.4>).
///
/// ```
/// use errwire::wire::http::language;
///
/// assert_eq!(language("fr;q=0.5, de-CH", ["en", "fr", "de"]), Some("de"));
/// assert_eq!(language("it", ["en", "fr", "de"]), None);
/// ```
pub fn language<'a>(accept_language: &str, available: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut ranges = ranges(accept_language);
    ranges.retain(|range| range.text != "*");
    if ranges.is_empty() {
        return None;
    }
    let available: Vec<_> = available.into_iter().filter_map(|tag| Available::new(tag, &ranges)).collect();
    ranges.sort_by_key(|range| Reverse(range.quality));
    ranges.iter().take_while(|range| range.quality > 0).find_map(|range| range.best(&available))
}

struct Range<'h> {
    /// As sent, such as `de-CH`.
    text: &'h str,
    /// In thousandths.
    quality: u16,
}

impl Range<'_> {
    fn best<'a>(&self, available: &[Available<'a>]) -> Option<&'a str> {
        // A language that the caller rates lower by name waits for its own range.
        let open = available.iter().filter(|language| language.rating.is_none_or(|rating| rating >= self.quality));
        self.language()?.nearest(open).map(|found| found.tag)
    }

    /// Without the extensions at the end that no translation is made for:
    /// <https://www.rfc-editor.org/rfc/rfc4647#section-3.4>.
    fn language(&self) -> Option<LanguageTag> {
        let mut text = self.text;
        loop {
            match LanguageTag::parse(text) {
                Some(language) => return Some(language),
                None => text = text.rsplit_once('-')?.0,
            }
        }
    }

    /// How many bytes of a tag this range names, by basic filtering:
    /// <https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1>.
    fn names(&self, tag: &str) -> Option<usize> {
        let (start, rest) = tag.split_at_checked(self.text.len())?;
        (start.eq_ignore_ascii_case(self.text) && (rest.is_empty() || rest.starts_with('-'))).then_some(start.len())
    }
}

struct Available<'a> {
    tag: &'a str,
    language: LanguageTag,
    /// The quality of the longest range that names it.
    rating: Option<u16>,
}

impl<'a> Available<'a> {
    fn new(tag: &'a str, ranges: &[Range<'_>]) -> Option<Self> {
        let named = ranges.iter().filter_map(|range| Some((range.names(tag)?, range.quality)));
        let rating = named.max().map(|(_, quality)| quality);
        Some(Self { tag, language: LanguageTag::parse(tag)?, rating })
    }
}

impl AsRef<LanguageTag> for Available<'_> {
    fn as_ref(&self) -> &LanguageTag {
        &self.language
    }
}

fn ranges(header: &str) -> Vec<Range<'_>> {
    let mut end = header.len();
    if end > MAX_BYTES {
        // The range that is cut is not a range.
        end = header.bytes().take(MAX_BYTES).rposition(|byte| byte == b',').unwrap_or(0);
    }
    let ranges = header.get(..end).unwrap_or_default().split(',').filter_map(range);
    ranges.take(MAX_RANGES).collect()
}

/// `de-CH;q=0.8`. `None` if it is malformed.
fn range(text: &str) -> Option<Range<'_>> {
    let (text, weight) = text.split_once(';').map_or((text, None), |(text, weight)| (text, Some(weight)));
    let text = text.trim();
    let is_range = text == "*" || text.split('-').all(|subtag| (1..=8).contains(&subtag.len()));
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*'));
    (is_range && is_plain).then_some(Range { text, quality: weight.map_or(Some(1_000), quality)? })
}

/// `q=0.8` in thousandths: <https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2>.
fn quality(weight: &str) -> Option<u16> {
    let (name, number) = weight.trim().split_once('=')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_valid =
        name.eq_ignore_ascii_case("q") && fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    let thousandths = format!("{fraction:0<3}").parse().ok().filter(|_| is_valid)?;
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    #[test]
    fn what_is_chosen() {
        let rows: [(&str, &str, &[&str], Option<&str>); 37] = [
            // https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
            ("example of RFC 9110", "da, en-gb;q=0.8, en;q=0.7", &["en", "en-GB"], Some("en-GB")),
            ("first of it", "da, en-gb;q=0.8, en;q=0.7", &["en", "en-GB", "da"], Some("da")),
            // https://www.rfc-editor.org/rfc/rfc4647#section-3.4
            ("lookup", "zh-Hant-CN", &["zh-Hant"], Some("zh-Hant")),
            ("lookup to the end", "de-CH-1996", &["de"], Some("de")),
            // https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1
            ("filtering", "de-de", &["de-DE-1996"], Some("de-DE-1996")),
            ("filtering, shorter", "de", &["de-AT"], Some("de-AT")),
            ("region", "de-CH", &["en", "de"], Some("de")),
            ("exact before near", "de-CH", &["de", "de-CH"], Some("de-CH")),
            ("case", "DE-ch", &["de-CH"], Some("de-CH")),
            ("own spelling", "de-ch", &["DE-CH"], Some("DE-CH")),
            ("extension", "de-CH-u-co-phonebk", &["de"], Some("de")),
            ("script differs", "zh-Hant", &["zh-Hans"], None),
            ("quality", "fr;q=0.5, de;q=0.9", &["fr", "de"], Some("de")),
            ("order", "fr, de", &["de", "fr"], Some("fr")),
            ("near before next", "de-CH, fr;q=0.9", &["fr", "de"], Some("de")),
            ("three digits", "fr;q=0.998, de;q=0.999", &["fr", "de"], Some("de")),
            ("blanks", " fr ; q=0.1 ,\tde ;q=0.2", &["fr", "de"], Some("de")),
            ("upper-case Q", "fr;Q=0.1, de;Q=0.2", &["fr", "de"], Some("de")),
            ("not wanted", "de;q=0", &["de"], None),
            ("not wanted, thousandths", "de;q=0.000", &["de"], None),
            ("near one not wanted", "de-CH, de;q=0", &["de"], None),
            ("only that one wanted", "de;q=0, de-CH", &["de", "de-CH"], Some("de-CH")),
            ("named lower", "en-US, fr, en-GB;q=0.1", &["en-GB", "fr"], Some("fr")),
            // https://www.rfc-editor.org/rfc/rfc4647#section-3.4: alone or last it means the default, and else it is skipped.
            ("any", "*", &["en", "de"], None),
            ("any other", "fr, *;q=0.1", &["en", "de"], None),
            ("any but", "*, en;q=0", &["en", "de"], None),
            ("any, or less", "*, en;q=0.5", &["de", "en"], Some("en")),
            ("any, at last", "en-US,en;q=0.9,*;q=0.5", &["de", "en"], Some("en")),
            ("any, at first", "*, de", &["en", "de"], Some("de")),
            ("none but", "fr, *;q=0", &["en"], None),
            ("none", "it", &["en", "de"], None),
            ("empty", "", &["en"], None),
            ("nothing available", "en", &[], None),
            ("garbage", ";;,q=1,ä,en us,toolongsubtag", &["en"], None),
            ("garbage among ranges", "???, en;q=0.5", &["en"], Some("en")),
            ("bad quality", "en;q=2, de;q=x, fr;q=0.1234, it;level=1", &["en", "de", "fr", "it"], None),
            ("garbage available", "en", &["", "?", "en"], Some("en")),
        ];
        for (name, header, available, expected) in rows {
            assert_eq!(language(header, available.iter().copied()), expected, "{name}");
        }
    }

    #[test]
    fn work_is_bounded() {
        let ranges = |count: usize, rest: &str| "fr,".repeat(count) + rest;
        assert_eq!(language(&ranges(31, "de"), ["de"]), Some("de"));
        assert_eq!(language(&ranges(32, "de"), ["de"]), None);
        // The 1,024th byte falls into the last range.
        assert_eq!(language(&format!("{:<1020},de-CH", "en"), ["de"]), None);
        for hostile in ["a-", "*", "q=", ";", ",", "ä", "de-"] {
            let _ = language(&hostile.repeat(100_000), ["de"]);
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in "\\PC{0,64}", tags in "[a-zA-Z0-9*,;=.q -]{0,64}") {
            for header in [header, tags] {
                let found = language(&header, ["de", "en-GB"]);
                prop_assert!(matches!(found, None | Some("de" | "en-GB")));
            }
        }
    }
}
