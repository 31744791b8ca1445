//! A catalog as Rust: constants, constructors, an enum to match on, and the catalog itself.
//!
//! The text is what rustfmt with its defaults leaves as it is, but for the entries, whose long texts it could not break; they
//! carry `rustfmt::skip`.

mod entry;
mod names;

use std::fmt::{self, Write};

use self::{
    entry::{ALLOW, Docs, Literal, message, summary},
    names::{CATALOG, Named, OTHER},
};
use super::markdown::prose;
use crate::{catalog::Method, model::KindEntry};

/// The widest line of rustfmt's defaults, and the widest list of arguments and chain of calls on one line.
const LINE: usize = 100;
const SHORT: usize = 60;

/// A function that makes an error of a kind.
fn constructor(out: &mut String, named: &Named<'_>) -> fmt::Result {
    let Named { entry, constant, function, arguments, .. } = named;
    let description = prose(entry.description.trim_end_matches('.'));
    let description = if description.is_empty() { String::new() } else { format!(": {description}") };
    let mut lines = vec![format!("An error of the kind [`{constant}`]{description}.")];
    lines.extend(message(entry));
    writeln!(out, "{}{ALLOW}", Docs("", &lines))?;
    if arguments.len() > 7 {
        writeln!(out, "#[allow(clippy::too_many_arguments)]")?;
    }
    if function.contains("__") {
        writeln!(out, "#[allow(non_snake_case)]")?;
    }
    if let Some(deprecated) = &entry.deprecated {
        let usual = "#[deprecated(note = \"the kind is deprecated\")]".to_owned();
        let other = deprecated.replaced_by.as_deref();
        let note = other.map(|other| Literal(&format!("the kind is deprecated, and {other} replaces it")).to_string());
        // Another service's kind may be of any length.
        let line = note.map(|note| format!("#[deprecated(note = {note})]")).filter(|line| line.len() <= LINE);
        writeln!(out, "{}", line.unwrap_or(usual))?;
    }
    signature(out, function, arguments)?;
    body(out, constant, arguments)
}

fn signature(out: &mut String, function: &str, arguments: &[(&str, String)]) -> fmt::Result {
    let parameters: Vec<String> =
        arguments.iter().map(|(_, name)| format!("{name}: impl ::std::fmt::Display")).collect();
    let line = format!("pub fn {function}({}) -> ::errwire::Error {{", parameters.join(", "));
    if line.len() <= LINE {
        return writeln!(out, "{line}");
    }
    writeln!(out, "pub fn {function}(")?;
    for parameter in parameters {
        writeln!(out, "    {parameter},")?;
    }
    writeln!(out, ") -> ::errwire::Error {{")
}

/// A chain of one call stands on one line if it fits, and breaks in its arguments; a longer one has a line for each call.
fn body(out: &mut String, constant: &str, arguments: &[(&str, String)]) -> fmt::Result {
    let start = format!("    ::errwire::Error::new({constant})");
    out.push_str(&start);
    for (placeholder, name) in arguments {
        let list = [format!("\"{placeholder}\""), format!("{name}.to_string()")];
        let (call, short) = (".with_metadata(", list.join(", "));
        let is_short = short.len() <= SHORT;
        let width = start.len() + call.len() + if is_short { short.len() + 1 } else { 0 };
        let indent = if arguments.len() == 1 && width <= LINE { "    " } else { "        " };
        if indent.len() > 4 {
            write!(out, "\n{indent}")?;
        }
        match is_short {
            true => write!(out, "{call}{short})")?,
            false => write!(out, "{call}\n{indent}    {},\n{indent}    {},\n{indent})", list[0], list[1])?,
        }
    }
    write!(out, "\n}}\n\n")
}

/// The enum, and its conversions.
fn kinds(out: &mut String, all: &[Named<'_>], has_builtin: bool) -> fmt::Result {
    let (kinds, others) = match has_builtin {
        true => ("The kinds of this catalog and the built-in ones", "of another service"),
        false => ("The kinds of this catalog", "built in, of another service"),
    };
    writeln!(out, "/// {kinds}, to `match` on: `Kind::from(&error)`.\n{ALLOW}")?;
    // Kinds may well begin or end alike.
    writeln!(out, "#[allow(clippy::enum_variant_names)]")?;
    writeln!(out, "#[derive(Clone, Debug, PartialEq, Eq, Hash)]\npub enum Kind {{")?;
    for Named { entry, constant, variant, .. } in all {
        let docs = [format!("[`{constant}`]. {}.", summary(entry))];
        writeln!(out, "{}    {variant},", Docs("    ", &docs))?;
    }
    writeln!(
        out,
        "    /// A kind that this catalog does not have: {others}, or newer than this program.\n    \
         {OTHER}(::errwire::Kind),\n}}\n"
    )?;
    writeln!(out, "{ALLOW}\nimpl Kind {{\n    /// The kind itself, with its entry.")?;
    writeln!(out, "    pub fn kind(&self) -> ::errwire::Kind {{\n        match self {{")?;
    for Named { constant, variant, .. } in all {
        arm(out, &format!("Self::{variant}"), constant)?;
    }
    writeln!(out, "            Self::{OTHER}(kind) => kind.clone(),\n        }}\n    }}\n}}\n")?;
    writeln!(out, "impl From<&::errwire::Kind> for Kind {{\n    fn from(kind: &::errwire::Kind) -> Self {{")?;
    if all.is_empty() {
        writeln!(out, "        Self::{OTHER}(kind.clone())")?;
    } else {
        writeln!(out, "        match kind.as_str() {{")?;
        for Named { entry, variant, .. } in all {
            arm(out, &format!("{:?}", entry.kind), &format!("Self::{variant}"))?;
        }
        writeln!(out, "            _ => Self::{OTHER}(kind.clone()),\n        }}")?;
    }
    writeln!(out, "    }}\n}}\n")?;
    writeln!(
        out,
        "impl From<&::errwire::Error> for Kind {{\n    fn from(error: &::errwire::Error) -> Self {{\n        \
         Self::from(error.kind())\n    }}\n}}\n"
    )
}

fn arm(out: &mut String, pattern: &str, value: &str) -> fmt::Result {
    let line = format!("            {pattern} => {value},");
    if line.len() <= LINE {
        writeln!(out, "{line}")
    } else {
        writeln!(out, "            {pattern} => {{\n                {value}\n            }}")
    }
}

/// The function that returns the catalog. No reason ends with an underscore, so what is inside of it is not a constant of a kind.
fn catalog(out: &mut String, all: &[Named<'_>], methods: &[&Method]) -> fmt::Result {
    writeln!(
        out,
        "/// The built-in kinds and those of this catalog, for a `Translator` and the layers. Made once; cloning it is cheap.\n\
         {ALLOW}\npub fn {CATALOG}() -> ::errwire::Catalog {{\n    \
         static MADE_: ::std::sync::LazyLock<::errwire::Catalog> = ::std::sync::LazyLock::new(|| {{\n        \
         ::errwire::Catalog::with_kinds([\n            // In the order of the files."
    )?;
    for Named { constant, .. } in all {
        writeln!(out, "            {constant},")?;
    }
    write!(out, "        ])")?;
    if !methods.is_empty() {
        write!(out, "\n        .with_methods([\n            // The errors of each method.")?;
        for method in methods {
            declaration(out, method)?;
        }
        write!(out, "\n        ])")?;
    }
    writeln!(out, "\n    }});\n    MADE_.clone()\n}}")
}

/// A method and its kinds, a line each: rustfmt leaves them so, since a comment stands among them.
fn declaration(out: &mut String, method: &Method) -> fmt::Result {
    const INDENT: &str = "\n            ";
    write!(out, "{INDENT}::errwire::catalog::Method::new(")?;
    let name = Literal(method.name());
    if method.kinds().len() == 0 {
        write!(out, "{INDENT}    // It has no errors of its own.{INDENT}    {name},{INDENT}    [\"\"; 0],{INDENT})")?;
        return routes(out, method);
    }
    write!(out, "{INDENT}    {name},")?;
    write!(out, "{INDENT}    [{INDENT}        // The kinds.")?;
    for kind in method.kinds() {
        write!(out, "{INDENT}        {},", Literal(kind))?;
    }
    write!(out, "{INDENT}    ],{INDENT})")?;
    routes(out, method)
}

/// How HTTP callers reach a method, and the comma behind it.
fn routes(out: &mut String, method: &Method) -> fmt::Result {
    const INDENT: &str = "\n            ";
    if !method.routes().is_empty() {
        write!(out, "{INDENT}.with_routes([{INDENT}    // Its routes.")?;
        for route in method.routes() {
            write!(out, "{INDENT}    ::errwire::catalog::HttpRoute::new(")?;
            write!(
                out,
                "{INDENT}        {},{INDENT}        {},{INDENT}    )",
                Literal(route.verb()),
                Literal(route.template())
            )?;
            if route.has_body() {
                write!(out, "{INDENT}    .with_body()")?;
            }
            write!(out, ",")?;
        }
        write!(out, "{INDENT}])")?;
    }
    write!(out, ",")
}

/// The kinds of all domains. The enum has the built-in ones too, if they are given.
pub(super) fn write(entries: &[&KindEntry], builtin: &[&KindEntry], methods: &[&Method]) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = file(&mut out, entries, builtin, methods);
    out
}

fn file(out: &mut String, entries: &[&KindEntry], builtin: &[&KindEntry], methods: &[&Method]) -> fmt::Result {
    out.push_str("// This file is @generated by errwire from a catalog of errors.\n\n");
    let mut all = names::name(&[entries, builtin].concat());
    for named in all.iter_mut().skip(entries.len()) {
        named.constant = format!("::errwire::kinds::{}", named.entry.reason).into();
    }
    let own = &all[..entries.len()];
    for named in own {
        entry::constant(out, named)?;
    }
    for named in own {
        constructor(out, named)?;
    }
    kinds(out, &all, !builtin.is_empty())?;
    catalog(out, own, methods)
}
