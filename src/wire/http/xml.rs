//! XML as the same tree as JSON: elements are members, several of one name a list, and an element without any inside is a
//! text. A DTD is not read, and there are no entities but the five of XML, so that a small document stays small.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::json::{Json, MAX_DEPTH, Member, Object};
use crate::model::Depth;

/// How many prefixes of namespaces are known.
const MAX_PREFIXES: usize = 16;

/// Whether the root of a document is HTML, which no API writes for its errors.
pub(super) fn is_html(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ if is_doctype_of_xml(rest) => ">",
            _ => break,
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after,
            None => return true,
        }
    }
    let is = |start: &str| rest.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    // `<prestashop>` is not `<pre>`.
    let ends = |at: usize| rest[at..].starts_with(|after: char| after.is_whitespace() || matches!(after, '>' | '/'));
    let tags = ["<html", "<head", "<body", "<title", "<h1", "<p", "<div", "<center", "<pre"];
    is("<!doctype") || tags.iter().any(|tag| is(tag) && ends(tag.len()))
}

/// `<!DOCTYPE cXML SYSTEM "...">`, which names a DTD and does not hold one.
fn is_doctype_of_xml(text: &str) -> bool {
    let declared = text.strip_prefix("<!DOCTYPE ").and_then(|rest| rest.split('>').next());
    declared.is_some_and(|declared| {
        let is_html = declared.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html"));
        !is_html && !declared.contains('[')
    })
}

/// An element that is open.
struct Open<'a> {
    name: String,
    /// How many elements may be inside of one another in it.
    depth: Depth,
    members: Vec<Member<'a>>,
    text: String,
}

/// Reads a document; its root element is the root of the tree, under its own name if that is not a plain word for an error.
/// `None` if the text is not XML.
pub(super) fn parse<'a>(text: &str) -> Option<Json<'a>> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut prefixes = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let depth = open.last().map_or(MAX_DEPTH, |outer| outer.depth).deeper(1)?;
                let members = attributes(&start, &mut prefixes)?;
                let name = start.local_name().as_ref().to_owned();
                open.push(Open { name, depth, members, text: String::new() });
            }
            Event::End(_) => {
                let element = open.pop()?;
                match open.last_mut() {
                    Some(parent) => add(parent, element, &prefixes),
                    None => return Some(root(element, &prefixes)),
                }
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(data) => add_text(&mut open, &data),
            // One of the five entities, or a number.
            Event::GeneralRef(entity) => match entity.resolve_char_ref().ok()? {
                Some(c) => add_text(&mut open, c.encode_utf8(&mut [0; 4])),
                None => add_text(&mut open, resolve_predefined_entity(&entity)?),
            },
            Event::DocType(declared) if declared.contains('[') => return None,
            Event::Eof => return None,
            Event::DocType(_) | Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn add_text(open: &mut [Open<'_>], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Attributes are members too: `<error code="X"/>`. Declarations of namespaces say nothing.
fn attributes<'a>(start: &BytesStart<'_>, prefixes: &mut Vec<String>) -> Option<Vec<Member<'a>>> {
    let mut members = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref();
        if let Some(prefix) = name.strip_prefix("xmlns:").filter(|_| prefixes.len() < MAX_PREFIXES) {
            prefixes.push(prefix.to_owned());
        }
        if name == "xmlns" || ["xmlns:", "xsi:", "xml:"].iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        members.push((Cow::<str>::Owned(name).into(), Json::Text(Cow::Owned(value))));
    }
    Some(members)
}

/// Adds a child that has ended; several of one name become a list.
fn add<'a>(parent: &mut Open<'a>, child: Open<'a>, prefixes: &[String]) {
    let name = child.name.clone();
    let value = value(child, prefixes);
    // A document has few names in one element, and a list is always the last that was added.
    match parent.members.iter_mut().rev().take(8).find(|(other, _)| **other == *name) {
        Some((_, Json::List(list))) => list.push(value),
        Some((_, first)) => {
            let before = std::mem::replace(first, Json::Null);
            *first = Json::List(vec![before, value]);
        }
        None => parent.members.push((Cow::<str>::Owned(name).into(), value)),
    }
}

fn value<'a>(element: Open<'a>, prefixes: &[String]) -> Json<'a> {
    let text = unqualified(element.text.trim(), prefixes);
    let mut members = element.members;
    if element.name == "struct" {
        members = members.into_iter().flat_map(|(_, member)| fields(member)).collect();
    } else if element.name == "value"
        && let [(name, _)] = &*members
        && XML_RPC.contains(&&**name)
        && let Some((_, only)) = members.pop()
    {
        return only;
    }
    if members.is_empty() {
        return Json::Text(Cow::Owned(text.to_owned()));
    }
    // FHIR has each text in an attribute.
    if let [(name, Json::Text(_))] = &*members
        && **name == *"value"
        && text.is_empty()
        && let Some((_, only)) = members.pop()
    {
        return only;
    }
    if !text.is_empty() {
        members.push((Cow::Borrowed("text").into(), Json::Text(Cow::Owned(text.to_owned()))));
    }
    Json::Object(Object::new(members, &mut Vec::new()))
}

/// The types of values of XML-RPC (<http://xmlrpc.com/spec.md>).
const XML_RPC: [&str; 9] =
    ["int", "i4", "boolean", "string", "double", "dateTime.iso8601", "base64", "struct", "array"];

/// The members of a struct of XML-RPC, each of which has a name and a value: one, or a list of them.
fn fields<'a>(members: Json<'a>) -> Vec<Member<'a>> {
    let members = match members {
        Json::List(list) => list,
        one => vec![one],
    };
    let field = |member: Json<'a>| match member {
        Json::Object(mut member) => Some((member.take_text("name")?.into(), member.take("value")?)),
        _ => None,
    };
    members.into_iter().filter_map(field).collect()
}

/// The local part of a qualified name, as `faultcode` of SOAP is one; any other text as it is.
fn unqualified<'t>(text: &'t str, prefixes: &[String]) -> &'t str {
    match text.split_once(':') {
        Some((prefix, local)) if prefixes.iter().any(|other| other == prefix) => local,
        _ => text,
    }
}

fn root<'a>(element: Open<'a>, prefixes: &[String]) -> Json<'a> {
    let name = Cow::<str>::Owned(element.name.clone()).into();
    let value = value(element, prefixes);
    Json::Object(Object::new(vec![(name, value)], &mut Vec::new()))
}
