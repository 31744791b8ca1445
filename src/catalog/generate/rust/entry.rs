//! The constant of a kind with its whole entry, and its texts as documentation.

use std::fmt::{self, Write};

use super::{
    super::markdown::{code, is_shown, link, prose},
    names::Named,
};
use crate::model::{KindEntry, Retry, Visibility};

/// A program need not use everything, and the module may be private.
pub(super) const ALLOW: &str = "#[allow(dead_code, unreachable_pub, unused_qualifications)]";

pub(super) fn constant(out: &mut String, named: &Named<'_>) -> fmt::Result {
    let Named { entry, constant, .. } = named;
    let mut lines = vec![summary(entry) + "."];
    lines.append(&mut paragraphs(entry));
    writeln!(out, "{}{ALLOW}", Docs("", &lines))?;
    write!(
        out,
        "pub const {constant}: ::errwire::Kind = {{\n    #[rustfmt::skip]\n    \
         static ENTRY: ::errwire::KindEntry = ::errwire::KindEntry::from_static(::errwire::StaticKindEntry {{\n"
    )?;
    fields(out, entry)?;
    write!(
        out,
        "        ..::errwire::StaticKindEntry::of({})\n    }});\n    ::errwire::Kind::from_static(&ENTRY)\n}};\n\n",
        Literal(&entry.domain)
    )
}

fn fields(out: &mut String, entry: &KindEntry) -> fmt::Result {
    let mut field = |name: &str, value: fmt::Arguments<'_>| writeln!(out, "        {name}: {value},");
    field("kind", format_args!("{:?}", entry.kind))?;
    field("reason", format_args!("{:?}", entry.reason))?;
    field("status", format_args!("{}", entry.status))?;
    field("code", format_args!("::errwire::Code::{:?}", entry.code))?;
    field("message", format_args!("{}", Literal(entry.message.as_str())))?;
    if let Some(language) = entry.other_language() {
        field("language", format_args!("{}", Literal(language)))?;
    }
    if !entry.description.is_empty() {
        field("description", format_args!("{}", Literal(&entry.description)))?;
    }
    if let Some(url) = &entry.help_url {
        field("help_url", format_args!("Some({})", Literal(url)))?;
    }
    match entry.retry {
        Retry::Never => {}
        Retry::AfterBackoff => field("retry", format_args!("::errwire::Retry::AfterBackoff"))?,
        Retry::AfterDelay(delay) => {
            let (seconds, nanos) = (delay.as_secs(), delay.subsec_nanos());
            let delay = format_args!("::errwire::Retry::AfterDelay(::std::time::Duration::new({seconds}, {nanos}))");
            field("retry", delay)?;
        }
    }
    if entry.visibility != Visibility::of(entry.status) {
        field("visibility", format_args!("Some(::errwire::Visibility::{:?})", entry.visibility))?;
    }
    if let Some(deprecated) = &entry.deprecated {
        let since = Literal(&deprecated.since);
        let by = deprecated.replaced_by.as_deref().map_or("None".to_owned(), |by| format!("Some({})", Literal(by)));
        let deprecated = format_args!("Some(::errwire::StaticDeprecation {{ since: {since}, replaced_by: {by} }})");
        field("deprecated", deprecated)?;
    }
    if let Some(owner) = &entry.owner {
        field("owner", format_args!("Some({})", Literal(owner)))?;
    }
    metadata(out, entry)?;
    localized(out, entry)
}

fn metadata(out: &mut String, entry: &KindEntry) -> fmt::Result {
    if entry.metadata.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "        metadata: {{\n            \
         const KEYS: &[(::std::borrow::Cow<'static, str>, ::errwire::Visibility)] = &[\n"
    )?;
    for (key, visibility) in entry.metadata.iter() {
        let (key, of) = (Literal(key), format_args!("::errwire::Visibility::{visibility:?}"));
        writeln!(out, "                (::std::borrow::Cow::Borrowed({key}), {of}),")?;
    }
    write!(out, "            ];\n            KEYS\n        }},\n")
}

fn localized(out: &mut String, entry: &KindEntry) -> fmt::Result {
    if entry.localized.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "        localized: {{\n            \
         const TEXTS: &[(::std::borrow::Cow<'static, str>, ::errwire::MessageTemplate)] = &[\n"
    )?;
    for (tag, text) in entry.localized.iter() {
        writeln!(
            out,
            "                (::std::borrow::Cow::Borrowed({}), ::errwire::MessageTemplate::from_static({})),",
            Literal(tag),
            Literal(text.as_str())
        )?;
    }
    write!(out, "            ];\n            TEXTS\n        }},\n")
}

/// What happened, with status and code: one line without its full stop.
pub(super) fn summary(entry: &KindEntry) -> String {
    let description = prose(entry.description.trim_end_matches('.'));
    let description = if description.is_empty() { format!("The kind {}", code(&entry.kind)) } else { description };
    format!("{description}: HTTP {}, gRPC `{}`", entry.status, entry.code)
}

/// The message, if there is one: a line with its full stop.
pub(super) fn message(entry: &KindEntry) -> Option<String> {
    let text = code(entry.message.as_str());
    (!text.is_empty()).then(|| format!("The message is {text}."))
}

/// Everything else about a kind, a paragraph each.
pub(super) fn paragraphs(entry: &KindEntry) -> Vec<String> {
    let mut paragraphs = vec![format!("Its reason is `{}`, of the domain {}.", entry.reason, code(&entry.domain))];
    paragraphs.extend(message(entry));
    paragraphs.push(match entry.retry {
        Retry::Never => "Do not retry automatically.".to_owned(),
        Retry::AfterBackoff => "Try again with exponential backoff.".to_owned(),
        Retry::AfterDelay(delay) => format!("Try again after {} s.", delay.as_secs_f64()),
    });
    if !entry.is_public() {
        paragraphs.push("Callers outside see neither the message nor the details.".to_owned());
    }
    if let Some(deprecated) = &entry.deprecated {
        let mut text = "Deprecated".to_owned();
        let since = prose(&deprecated.since);
        if !since.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(text, " since {since}");
        }
        if let Some(other) = &deprecated.replaced_by {
            let _ = write!(text, "; {} replaces it", code(other));
        }
        paragraphs.push(text + ".");
    }
    if let Some(url) = &entry.help_url {
        paragraphs.push(format!("More is at {}.", link(url).unwrap_or_else(|| code(url))));
    }
    if let Some(owner) = &entry.owner {
        paragraphs.push(format!("Its owner is {}.", prose(owner)));
    }
    paragraphs
}

/// Lines of documentation, with paragraphs between them.
pub(super) struct Docs<'a>(pub(super) &'a str, pub(super) &'a [String]);

impl fmt::Display for Docs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(indent, paragraphs) = self;
        for (index, paragraph) in paragraphs.iter().enumerate() {
            if index > 0 {
                writeln!(f, "{indent}///")?;
            }
            writeln!(f, "{indent}/// {paragraph}")?;
        }
        Ok(())
    }
}

/// Text as a [literal](https://doc.rust-lang.org/reference/tokens.html#string-literals): what cannot be seen is escaped, as the
/// compiler wants it of marks that turn the direction of the text.
pub(super) struct Literal<'a>(pub(super) &'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' | '\n' | '\r' | '\t' => write!(f, "{}", c.escape_default())?,
                c if is_shown(c) => f.write_char(c)?,
                c => write!(f, "{}", c.escape_unicode())?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_say_the_same() {
        let rows = [
            ("it's größe, हिन्दी", "\"it's größe, हिन्दी\""),
            ("\"\\\n\r\t\0", r#""\"\\\n\r\t\u{0}""#),
            ("\u{202e}\u{200b}\u{ad}\u{feff}", r#""\u{202e}\u{200b}\u{ad}\u{feff}""#),
        ];
        for (text, expected) in rows {
            assert_eq!(Literal(text).to_string(), expected, "{text:?}");
        }
    }
}
