//! Descriptor sets: what `protoc --descriptor_set_out`, `buf build` and `protox` write.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, MapKey, MessageDescriptor, Value as Reflected};
use prost_types::{FileDescriptorProto, UninterpretedOption};

use super::{Member, Source, decl, member, walk};
use crate::{
    catalog::{Rule, join::DraftFile, rule::Findings},
    diagnostic::{Notation, Place},
    model::rpc::DESCRIPTORS,
    yaml::{Node, Scalar, Value},
};

/// A `FileDescriptorSet` whose options may be ours. What else is in a set, imports that are missing included, is of no
/// concern here.
static SET: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the bytes are ours; any test of a descriptor set covers this")]
    DescriptorPool::decode(DESCRIPTORS)
        .expect("the build wrote a descriptor set")
        .get_message_by_name("google.protobuf.FileDescriptorSet")
        .expect("annotations.proto imports descriptor.proto")
});

/// Reads what can be read of a set, file by file, and reports the rest. Problems have places if the set has them.
pub(in crate::catalog) fn read(name: &str, bytes: &[u8]) -> Vec<(DraftFile, Findings)> {
    let invalid = |rule, message: String, remedy: &'static str| {
        let mut findings = Findings::new(name, Notation::Proto);
        findings.report(rule, Place::NOWHERE, message, remedy);
        vec![(DraftFile::default(), findings)]
    };
    let set = match DynamicMessage::decode(SET.clone(), bytes) {
        Ok(set) => set,
        Err(error) => {
            let message = format!("The file is not a descriptor set: {error}");
            return invalid(Rule::InvalidProto, message, "Write it with `protoc --descriptor_set_out` or `buf build`");
        }
    };
    let mut files = Vec::new();
    let read = set.get_field_by_name("file");
    for file in read.iter().filter_map(|files| files.as_list()).flatten().filter_map(Reflected::as_message) {
        // It was decoded, and decodes again.
        let Ok(descriptor) = file.transcode_to::<FileDescriptorProto>() else { continue };
        let (enums, services) = walk(&descriptor, &mut Reader::new(file, &descriptor));
        // The built-in kinds are in every set that has imports of ours next to them.
        let is_ours = descriptor.name() == "errwire/v1/kinds.proto";
        if !is_ours && decl::is_annotated(&enums, &services) {
            let mut findings = Findings::new(&format!("{name}:{}", descriptor.name()), Notation::Proto);
            let draft = decl::read(enums, services, &mut findings);
            files.push((draft, findings));
        }
    }
    if files.is_empty() {
        let remedy = "Add the option `(errwire.v1.catalog)` to the enum of your errors, and its file to the set";
        return invalid(Rule::NoCatalog, "No enum of the set is a catalog".to_owned(), remedy);
    }
    files
}

struct Reader<'f> {
    /// With the options, which descriptors do not keep.
    file: &'f DynamicMessage,
    places: HashMap<&'f [i32], Place>,
}

impl Source for Reader<'_> {
    fn place(&self, path: &[i32]) -> Place {
        self.place_or(path, Place::NOWHERE)
    }

    fn option(&mut self, _: &[UninterpretedOption], path: &[i32], wanted: &str, owner: Place) -> Option<Vec<Member>> {
        let options = at(self.file, path)?;
        let (extension, value) = options.extensions().find(|(extension, _)| extension.full_name() == wanted)?;
        let path = [path, &[i32::try_from(extension.number()).ok()?]].concat();
        Some(self.members(value.as_message()?, &path, self.place_or(&path, owner)))
    }
}

impl<'f> Reader<'f> {
    fn new(file: &'f DynamicMessage, descriptor: &'f FileDescriptorProto) -> Self {
        let locations = descriptor.source_code_info.iter().flat_map(|info| &info.location);
        let places = locations.filter_map(|location| {
            // Of the positions only those of enums and services are used.
            location.path.first().filter(|first| matches!(first, 4..=6))?;
            let [line, column, ..] = *location.span else { return None };
            let [line, column] = [line, column].map(|number| u32::try_from(number).unwrap_or(0).saturating_add(1));
            Some((&*location.path, Place { line, column }))
        });
        Self { file, places: places.collect() }
    }

    fn members(&self, message: &DynamicMessage, path: &[i32], place: Place) -> Vec<Member> {
        let one = |(field, value): (FieldDescriptor, &Reflected)| {
            let path = [path, &[i32::try_from(field.number()).unwrap_or(0)]].concat();
            let place = self.place_or(&path, place);
            member(field.name(), place, self.convert(value, &path, place))
        };
        message.fields().map(one).collect()
    }

    fn convert(&self, value: &Reflected, path: &[i32], place: Place) -> Node<'static> {
        let number = |number: i64| Value::Scalar(Scalar::Int, number.to_string().into());
        let value = match value {
            Reflected::Message(inner) => Value::Mapping(self.members(inner, path, place)),
            Reflected::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
                Value::List(entries.into_iter().map(|(key, value)| self.entry(key, value, path, place)).collect())
            }
            Reflected::List(items) => {
                let item = |(index, item)| self.convert(item, &[path, &[index]].concat(), place);
                Value::List((0..).zip(items).map(item).collect())
            }
            Reflected::String(text) => Value::Scalar(Scalar::Text, text.clone().into()),
            Reflected::Bool(value) => Value::Scalar(Scalar::Word, value.to_string().into()),
            Reflected::EnumNumber(value) | Reflected::I32(value) => number((*value).into()),
            Reflected::U32(value) => number((*value).into()),
            Reflected::I64(value) => number(*value),
            // No option of ours has another type.
            _ => Value::Mapping(Vec::new()),
        };
        Node { place, value }
    }

    fn entry(&self, key: &MapKey, value: &Reflected, path: &[i32], place: Place) -> Node<'static> {
        let key = Value::Scalar(Scalar::Text, key.as_str().unwrap_or_default().to_owned().into());
        let members = [("key", Node { place, value: key }), ("value", self.convert(value, path, place))];
        Node { place, value: Value::Mapping(members.map(|(name, value)| member(name, place, value)).into()) }
    }

    fn place_or(&self, path: &[i32], otherwise: Place) -> Place {
        self.places.get(path).copied().unwrap_or(otherwise)
    }
}

/// The message at a path: the number of a field, and the index in it if it is a list, and so on.
fn at<'m>(file: &'m DynamicMessage, path: &[i32]) -> Option<&'m DynamicMessage> {
    path.chunks(2).try_fold(file, |message, step| {
        let (number, index) = (*step.first()?, step.get(1).copied());
        match (message.get_field_by_number(number.try_into().ok()?)?, index) {
            (Cow::Borrowed(Reflected::List(items)), Some(index)) => {
                items.get(usize::try_from(index).ok()?)?.as_message()
            }
            (Cow::Borrowed(Reflected::Message(inner)), None) => Some(inner),
            _ => None,
        }
    })
}
