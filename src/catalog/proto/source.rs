//! `.proto` files.

use std::collections::HashMap;

use prost_types::{FileDescriptorProto, UninterpretedOption};
use protox::file::File;

use super::{
    Member, Source, decl, member,
    option::{self, Lines, Unreadable},
    resolve::{self, Imports},
    walk,
};
use crate::{
    catalog::{Rule, join::DraftFile, rule::Findings},
    diagnostic::Place,
    yaml::{Field, Node, Value},
};

/// Reads what can be read of a file, and reports the rest. `name` is how others would import the file.
pub(in crate::catalog) fn read(name: &str, source: &str, imports: Imports<'_>, findings: &mut Findings) -> DraftFile {
    // As protoc does. The mark is not a character of the first line.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let lines = Lines::new(source);
    let file = match File::from_source(name, source) {
        Ok(file) => file,
        Err(error) => {
            resolve::report(&error, name, &lines, findings);
            return DraftFile::default();
        }
    };
    let descriptor = file.file_descriptor_proto();
    let (enums, services) = walk(descriptor, &mut Reader::new(descriptor, source, &lines, findings));
    // What is done with goes before the next is made: each takes many times the memory of the source.
    drop(file);
    let is_annotated = decl::is_annotated(&enums, &services);
    let draft = decl::read(enums, services, findings);
    if !is_annotated {
        let remedy = "Add `option (errwire.v1.catalog) = {domain: \"api.example.com\"};` to the enum of your errors";
        findings.report(Rule::NoCatalog, Place::NOWHERE, "No enum of the file is a catalog".to_owned(), remedy);
    }
    resolve::check(name, source, imports, &lines, findings);
    draft
}

struct Reader<'s> {
    source: &'s str,
    lines: &'s Lines<'s>,
    package: &'s str,
    /// Lines and columns in bytes, both from 0, of enums, values, services, methods and their options.
    places: HashMap<&'s [i32], (i32, i32)>,
    findings: &'s mut Findings,
}

impl Source for Reader<'_> {
    fn place(&self, path: &[i32]) -> Place {
        self.offset(path).map_or(Place::NOWHERE, |offset| self.lines.place(offset))
    }

    /// The fields that the options of one name give, all together.
    fn option(&mut self, options: &[UninterpretedOption], path: &[i32], wanted: &str, _: Place) -> Option<Vec<Member>> {
        let mut members = None;
        for (index, option) in (0..).zip(options) {
            let first = option.name.first().filter(|part| part.is_extension);
            if !first.is_some_and(|part| self.names(&part.name_part, wanted)) {
                continue;
            }
            let members = members.get_or_insert_default();
            let Some(offset) = self.offset(&[path, &[999, index]].concat()) else { continue };
            match option::read(self.source, offset, self.lines) {
                Ok((path, value)) => insert(members, &path, value),
                Err(Unreadable(place)) => {
                    let message = format!("The option `({wanted})` cannot be read from here on");
                    self.findings.report(
                        Rule::InvalidProto,
                        place,
                        message,
                        "Write it in protobuf's text format: `{status: 404 code: NOT_FOUND}`",
                    );
                }
            }
        }
        members
    }
}

impl<'s> Reader<'s> {
    fn new(file: &'s FileDescriptorProto, source: &'s str, lines: &'s Lines<'s>, findings: &'s mut Findings) -> Self {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        let places = locations.filter_map(|location| match *location.span {
            [line, column, ..] => Some((&*location.path, (line, column))),
            _ => None,
        });
        Self { source, lines, package: file.package(), places: places.collect(), findings }
    }

    /// Whether an extension that is written as `name` is the one `wanted`, by
    /// [protobuf's resolution of names](https://protobuf.dev/programming-guides/proto3/#name-resolution).
    fn names(&self, name: &str, wanted: &str) -> bool {
        if let Some(full) = name.strip_prefix('.') {
            return full == wanted;
        }
        let Some(scope) = wanted.strip_suffix(name) else { return false };
        let Some(scope) = scope.strip_suffix('.') else { return scope.is_empty() };
        self.package.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn offset(&self, path: &[i32]) -> Option<usize> {
        self.lines.offset(*self.places.get(path)?)
    }
}

/// Puts a value where `(option).a.b = value` says: below `path`, each name with its place. A message at the end of the
/// path is taken apart, as several options may each say a part of it.
fn insert(members: &mut Vec<Member>, path: &[(String, Place)], value: Node<'static>) {
    let Some(((name, place), rest)) = path.split_first() else {
        match value.value {
            Value::Mapping(inner) => members.extend(inner),
            // Only a message has a meaning here; the compiler refuses the rest.
            _ => members.push(member("", value.place, value)),
        }
        return;
    };
    if rest.is_empty() {
        return members.push(member(name, *place, value));
    }
    let is_known = |known: &Member| Field::of(known).name == name && matches!(known.1.value, Value::Mapping(_));
    let index = members.iter().position(is_known).unwrap_or_else(|| {
        members.push(member(name, *place, Node { place: *place, value: Value::Mapping(Vec::new()) }));
        members.len() - 1
    });
    if let Some((_, Node { value: Value::Mapping(inner), .. })) = members.get_mut(index) {
        insert(inner, rest, value);
    }
}
