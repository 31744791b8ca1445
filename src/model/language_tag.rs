//! Language tags, and the nearest of some languages to a wanted one.

use std::fmt;

use smallvec::SmallVec;

/// A subtag in its usual case, with zeros after it; all zeros if it is absent.
type Subtag = [u8; 8];

const ABSENT: Subtag = [0; 8];

/// The language, script, region and variants of a tag ([RFC 5646](https://www.rfc-editor.org/rfc/rfc5646#section-2.1)). A tag with an
/// extension is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LanguageTag {
    /// Absent for `und`.
    language: Subtag,
    script: Subtag,
    region: Subtag,
    /// Sorted, since their order has no meaning.
    variants: SmallVec<[Subtag; 1]>,
}

/// The region and the script of most readers of a language, by the
/// [likely subtags of CLDR](https://www.unicode.org/cldr/charts/latest/supplemental/likely_subtags.html).
const REGIONS: [(&str, &str); 16] = [
    ("az", "AZ"),
    ("bg", "BG"),
    ("cs", "CZ"),
    ("de", "DE"),
    ("en", "US"),
    ("es", "ES"),
    ("fi", "FI"),
    ("fr", "FR"),
    ("it", "IT"),
    ("lt", "LT"),
    ("lv", "LV"),
    ("nl", "NL"),
    ("pl", "PL"),
    ("ro", "RO"),
    ("ru", "RU"),
    ("sr", "RS"),
];
const SCRIPTS: [(&str, &str, &str); 10] = [
    ("az", "IR", "Arab"),
    ("en", "US", "Latn"),
    ("fr", "FR", "Latn"),
    ("sr", "RS", "Cyrl"),
    ("sr", "RU", "Latn"),
    ("zh", "GB", "Hant"),
    ("zh", "HK", "Hant"),
    ("zh", "MO", "Hant"),
    ("zh", "TW", "Hant"),
    ("zh", "US", "Hant"),
];

impl LanguageTag {
    /// Also takes `_` between subtags, as in `de_AT`, which is not a tag.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut subtags = text.split(['-', '_']).peekable();
        let is_language = |text: &str| matches!(text.len(), 2 | 3) && is_alphabetic(text);
        let language = subtags.next_if(|text| is_language(text)).map(|text| subtag(&text.to_ascii_lowercase()))?;
        let script = subtags.next_if(|text| text.len() == 4 && is_alphabetic(text)).map_or(ABSENT, |text| {
            let mut script = subtag(&text.to_ascii_lowercase());
            script[..1].make_ascii_uppercase();
            script
        });
        let is_region = |text: &str| match text.len() {
            2 => is_alphabetic(text),
            3 => text.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        let region = subtags.next_if(|text| is_region(text)).map_or(ABSENT, |text| subtag(&text.to_ascii_uppercase()));
        let mut variants = SmallVec::new();
        for text in subtags {
            let is_long_enough = match text.len() {
                4 => text.starts_with(|c: char| c.is_ascii_digit()),
                length => (5..=8).contains(&length),
            };
            let variant = subtag(&text.to_ascii_lowercase());
            if !is_long_enough || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) || variants.contains(&variant)
            {
                return None;
            }
            variants.push(variant);
        }
        variants.sort_unstable();
        Some(Self { language: if language == subtag("und") { ABSENT } else { language }, script, region, variants })
    }

    /// The nearest of `available`: the same tag; else one that this tag is more precise than; else, step by step, without
    /// variants and in another region, where the most likely region comes first.
    pub(crate) fn nearest<T: AsRef<Self>>(&self, available: impl Iterator<Item = T> + Clone) -> Option<T> {
        let find =
            |wanted: &Self, other: Fit, own: Fit| available.clone().find(|one| wanted.fits(one.as_ref(), other, own));
        let found = find(self, Fit::Equal, Fit::Equal).or_else(|| find(self, Fit::Range, Fit::Equal));
        if found.is_some() || self.language == ABSENT {
            return found;
        }
        let mut wanted = self.clone();
        wanted.expand();
        find(&wanted, Fit::Range, Fit::Equal)
            .or_else(|| {
                wanted.variants.clear();
                find(&wanted, Fit::Range, Fit::Range)
            })
            .or_else(|| {
                wanted.region = ABSENT;
                wanted.expand();
                find(&wanted, Fit::Range, Fit::Equal)
            })
            .or_else(|| {
                wanted.region = ABSENT;
                find(&wanted, Fit::Range, Fit::Range)
            })
    }

    fn fits(&self, available: &Self, other: Fit, own: Fit) -> bool {
        let is_open =
            |available: bool, wanted: bool| (other == Fit::Range && available) || (own == Fit::Range && wanted);
        let fits = |available: &Subtag, wanted: &Subtag| {
            available == wanted || is_open(*available == ABSENT, *wanted == ABSENT)
        };
        fits(&available.language, &self.language)
            && fits(&available.script, &self.script)
            && fits(&available.region, &self.region)
            && (available.variants == self.variants || is_open(available.variants.is_empty(), self.variants.is_empty()))
    }

    /// Adds the most likely region and script where there is none.
    fn expand(&mut self) {
        if self.region == ABSENT {
            let region = REGIONS.iter().find(|(language, _)| self.language == subtag(language));
            self.region = region.map_or(ABSENT, |(_, region)| subtag(region));
        }
        if self.script == ABSENT {
            let script = SCRIPTS
                .iter()
                .find(|(language, region, _)| self.language == subtag(language) && self.region == subtag(region));
            self.script = script.map_or(ABSENT, |(.., script)| subtag(script));
        }
    }
}

/// Whether an absent subtag stands for any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Equal,
    Range,
}

fn is_alphabetic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// At most eight bytes of a text.
fn subtag(text: &str) -> Subtag {
    let mut subtag = ABSENT;
    subtag.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    subtag
}

impl AsRef<Self> for LanguageTag {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// In the usual case: `zh-Hant-TW`.
impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { language, script, region, variants } = self;
        f.write_str(if *language == ABSENT { "und" } else { text(language) })?;
        [script, region].into_iter().filter(|one| **one != ABSENT).chain(variants).try_for_each(|one| {
            f.write_str("-")?;
            f.write_str(text(one))
        })
    }
}

fn text(subtag: &Subtag) -> &str {
    let length = subtag.iter().position(|byte| *byte == 0).unwrap_or(subtag.len());
    // Only ASCII gets in.
    subtag.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_written() {
        let rows = [
            // https://www.rfc-editor.org/rfc/rfc5646#appendix-A
            ("de", Some("de")),
            ("zh-Hant", Some("zh-Hant")),
            ("sr-Latn-RS", Some("sr-Latn-RS")),
            ("sl-rozaj-biske", Some("sl-biske-rozaj")),
            ("de-CH-1901", Some("de-CH-1901")),
            ("hy-Latn-IT-arevela", Some("hy-Latn-IT-arevela")),
            ("es-419", Some("es-419")),
            ("de-CH-x-phonebk", None),
            ("i-enochian", None),
            ("de-419-DE", None),
            ("a-DE", None),
            ("DE_at", Some("de-AT")),
            ("mn-cYRL-mn", Some("mn-Cyrl-MN")),
            ("und", Some("und")),
            ("und-Latn", Some("und-Latn")),
            ("ast", Some("ast")),
            ("de-", None),
            ("-de", None),
            ("", None),
            ("d", None),
            ("germ", None),
            ("de-1a", None),
            ("de-abcd-abcd", None),
            ("de-a1b2c", Some("de-a1b2c")),
            ("de-a1b2c3d4e", None),
            ("de-1901-1901", None),
            ("dé", None),
            ("de-ÄÖ", None),
        ];
        for (tag, expected) in rows {
            let read = LanguageTag::parse(tag).map(|tag| tag.to_string());
            assert_eq!(read.as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn the_nearest_language_is_found() {
        let rows: [(&str, &[&str], Option<&str>); 17] = [
            ("de-CH", &["de", "de-CH"], Some("de-CH")),
            ("de-CH", &["de-AT", "de"], Some("de")),
            ("de-CH", &["de-AT", "de-DE"], Some("de-DE")),
            ("de-CH", &["de-DE", "de-Latn-CH"], Some("de-Latn-CH")),
            ("de", &["de-AT", "de-DE"], Some("de-DE")),
            ("de", &["de-AT"], Some("de-AT")),
            ("de-CH-1996", &["de-AT", "de-CH"], Some("de-CH")),
            ("en", &["en-GB", "en-US"], Some("en-US")),
            ("en-GB", &["en-AU", "en-US"], Some("en-US")),
            ("en", &["en-GB", "en-Latn-US"], Some("en-Latn-US")),
            ("pt", &["pt-BR"], Some("pt-BR")),
            ("zh-TW", &["zh-Hans", "zh-Hant"], Some("zh-Hant")),
            ("zh-Hant", &["zh-Hans"], None),
            ("sr", &["sr-Latn", "sr-Cyrl"], Some("sr-Cyrl")),
            ("und", &["de"], None),
            ("de", &["und"], Some("und")),
            ("it", &["en", "de"], None),
        ];
        for (wanted, available, expected) in rows {
            let available: Vec<_> = available.iter().filter_map(|tag| LanguageTag::parse(tag)).collect();
            let found = LanguageTag::parse(wanted).and_then(|wanted| wanted.nearest(available.iter()));
            assert_eq!(found.map(ToString::to_string).as_deref(), expected, "{wanted}");
        }
    }
}
