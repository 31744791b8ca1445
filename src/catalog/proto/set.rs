//! Descriptor sets: what `protoc --descriptor_set_out`, `buf build` and `protox` write.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use prost_reflect::{DescriptorPool, DynamicMessage, MapKey, MessageDescriptor, Value as Reflected};

use super::{
    decl::{self, Enum, EnumValue, Rpc, Service},
    text::{Member, Text, Value},
};
use crate::{
    catalog::{Rule, join::DraftFile, rule::Findings},
    diagnostic::{Notation, Place},
    model::rpc::DESCRIPTORS,
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
        findings.report(rule, None, message, remedy);
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
    for file in list(&set, "file").iter().filter_map(Reflected::as_message) {
        let mut reader = Reader::new(file);
        reader.enums(file);
        reader.services(file);
        let (enums, services) = (reader.enums, reader.services);
        // The built-in kinds are in every set that has imports of ours next to them.
        let is_ours = text(file, "name") == "errwire/v1/kinds.proto";
        if !is_ours && decl::is_annotated(&enums, &services) {
            let mut findings = Findings::new(&format!("{name}:{}", text(file, "name")), Notation::Proto);
            let draft = decl::read(&enums, &services, &mut findings);
            files.push((draft, findings));
        }
    }
    if files.is_empty() {
        let remedy = "Add the option `(errwire.v1.catalog)` to the enum of your errors, and its file to the set";
        return invalid(Rule::NoCatalog, "No enum of the set is a catalog".to_owned(), remedy);
    }
    files
}

struct Reader {
    places: HashMap<Vec<i32>, Place>,
    enums: Vec<Enum>,
    services: Vec<Service>,
}

impl Reader {
    fn new(file: &DynamicMessage) -> Self {
        let info = message(file, "source_code_info");
        let locations = info.map(|info| list(info, "location")).unwrap_or_default();
        let places = locations.iter().filter_map(Reflected::as_message).filter_map(|location| {
            let path: Vec<i32> = list(location, "path").iter().filter_map(Reflected::as_i32).collect();
            // Of the positions only those of enums and services are used.
            path.first().filter(|first| matches!(first, 4..=6))?;
            let span: Vec<i32> = list(location, "span").iter().take(2).filter_map(Reflected::as_i32).collect();
            let [line, column] = *span else { return None };
            let [line, column] = [line, column].map(|number| u32::try_from(number).unwrap_or(0).saturating_add(1));
            Some((path, Place { line, column }))
        });
        Self { places: places.collect(), enums: Vec::new(), services: Vec::new() }
    }

    fn enums(&mut self, file: &DynamicMessage) {
        for (index, declared) in (0..).zip(list(file, "enum_type")) {
            self.declared(declared, &[5, index]);
        }
        for (index, message) in (0..).zip(list(file, "message_type")) {
            self.nested(message, &[4, index]);
        }
    }

    fn services(&mut self, file: &DynamicMessage) {
        let package = text(file, "package");
        let package = if package.is_empty() { String::new() } else { format!("{package}.") };
        for (index, service) in (0..).zip(list(file, "service")) {
            let Some(service) = service.as_message() else { continue };
            let path = [6, index];
            let place = self.place(&[6, index, 1], Place::NOWHERE);
            let errors = self.option(service, "errwire.v1.service_errors", &path, 3, place);
            let methods = (0..).zip(list(service, "method"));
            let methods =
                methods.filter_map(|(index, rpc)| Some(self.rpc(rpc.as_message()?, &[path, [2, index]].concat())));
            let methods = methods.collect();
            self.services.push(Service { name: package.clone() + text(service, "name"), place, errors, methods });
        }
    }

    fn rpc(&self, rpc: &DynamicMessage, path: &[i32]) -> Rpc {
        let place = self.place(&[path, &[1]].concat(), Place::NOWHERE);
        let errors = self.option(rpc, "errwire.v1.errors", path, 4, place);
        let http = self.option(rpc, "google.api.http", path, 4, place);
        Rpc { name: text(rpc, "name").to_owned(), place, errors, http }
    }

    /// Decoding bounds how deep messages are nested.
    fn nested(&mut self, nested: &Reflected, path: &[i32]) {
        let Some(nested) = nested.as_message() else { return };
        for (index, declared) in (0..).zip(list(nested, "enum_type")) {
            self.declared(declared, &[path, &[4, index]].concat());
        }
        for (index, inner) in (0..).zip(list(nested, "nested_type")) {
            self.nested(inner, &[path, &[3, index]].concat());
        }
    }

    fn declared(&mut self, declared: &Reflected, path: &[i32]) {
        let Some(declared) = declared.as_message() else { return };
        let place = self.place(&[path, &[1]].concat(), Place::NOWHERE);
        let values = (0..).zip(list(declared, "value"));
        let values = values.filter_map(|(index, value)| self.value(value.as_message()?, &[path, &[2, index]].concat()));
        let values = values.collect();
        let catalog = self.option(declared, "errwire.v1.catalog", path, 3, place);
        self.enums.push(Enum { name: text(declared, "name").to_owned(), place, catalog, values });
    }

    fn value(&self, value: &DynamicMessage, path: &[i32]) -> Option<EnumValue> {
        let place = self.place(path, Place::NOWHERE);
        Some(EnumValue {
            name: text(value, "name").to_owned(),
            number: value.get_field_by_name("number")?.as_i32()?,
            place,
            kind: self.option(value, "errwire.v1.kind", path, 3, place),
        })
    }

    /// The fields of an option; `field` is the number of the field that holds the options.
    fn option(&self, of: &DynamicMessage, name: &str, path: &[i32], field: i32, place: Place) -> Option<Vec<Member>> {
        let options = message(of, "options")?;
        let (extension, value) = options.extensions().find(|(extension, _)| extension.full_name() == name)?;
        let path = [path, &[field, i32::try_from(extension.number()).ok()?]].concat();
        Some(self.members(value.as_message()?, &path, self.place(&path, place)))
    }

    fn members(&self, message: &DynamicMessage, path: &[i32], place: Place) -> Vec<Member> {
        let member = |(field, value): (prost_reflect::FieldDescriptor, &Reflected)| {
            let path = [path, &[i32::try_from(field.number()).unwrap_or(0)]].concat();
            let place = self.place(&path, place);
            Member { name: field.name().to_owned(), place, value: self.convert(value, &path, place) }
        };
        message.fields().map(member).collect()
    }

    fn convert(&self, value: &Reflected, path: &[i32], place: Place) -> Text {
        let value = match value {
            Reflected::Message(inner) => Value::Message(self.members(inner, path, place)),
            Reflected::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
                Value::List(entries.into_iter().map(|(key, value)| self.entry(key, value, path, place)).collect())
            }
            Reflected::List(items) => {
                let item = |(index, item)| self.convert(item, &[path, &[index]].concat(), place);
                Value::List((0..).zip(items).map(item).collect())
            }
            Reflected::String(text) => Value::Text(text.clone()),
            Reflected::Bool(value) => Value::Word(value.to_string()),
            Reflected::EnumNumber(number) | Reflected::I32(number) => Value::Number(number.to_string()),
            Reflected::U32(number) => Value::Number(number.to_string()),
            Reflected::I64(number) => Value::Number(number.to_string()),
            // No option of ours has another type.
            _ => Value::Message(Vec::new()),
        };
        Text { place, value }
    }

    fn entry(&self, key: &MapKey, value: &Reflected, path: &[i32], place: Place) -> Text {
        let key = Text { place, value: Value::Text(key.as_str().unwrap_or_default().to_owned()) };
        let members = [("key", key), ("value", self.convert(value, path, place))];
        let members = members.map(|(name, value)| Member { name: name.to_owned(), place, value });
        Text { place, value: Value::Message(members.into()) }
    }

    fn place(&self, path: &[i32], otherwise: Place) -> Place {
        self.places.get(path).copied().unwrap_or(otherwise)
    }
}

fn list<'m>(message: &'m DynamicMessage, name: &str) -> &'m [Reflected] {
    match message.get_field_by_name(name) {
        Some(Cow::Borrowed(Reflected::List(list))) => list,
        _ => &[],
    }
}

fn message<'m>(of: &'m DynamicMessage, name: &str) -> Option<&'m DynamicMessage> {
    match of.get_field_by_name(name) {
        Some(Cow::Borrowed(Reflected::Message(message))) => Some(message),
        _ => None,
    }
}

fn text<'m>(of: &'m DynamicMessage, name: &str) -> &'m str {
    match of.get_field_by_name(name) {
        Some(Cow::Borrowed(Reflected::String(text))) => text,
        _ => "",
    }
}
