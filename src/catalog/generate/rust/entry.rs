//! The constant of a kind, with its whole entry.

use std::fmt::{self, Write};

use super::{
    docs::{Docs, Literal, paragraphs, summary},
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
