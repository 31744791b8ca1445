//! The enums and services of a file with their annotations, wherever these were read.

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, ServiceDescriptorProto, UninterpretedOption,
};

use super::{
    decl::{Enum, EnumValue, Rpc, Service},
    text::Member,
};
use crate::diagnostic::Place;

/// What a source of descriptors knows besides them. A path is that of
/// [source code info](https://protobuf.com/docs/descriptors#source-code-info).
pub(super) trait Source {
    /// The place of what is at a path.
    fn place(&self, path: &[i32]) -> Place;

    /// The fields of the option `wanted`, from options as they are written, or from those at `path`. `owner` is the place of what they
    /// are about.
    fn option(
        &mut self,
        options: &[UninterpretedOption],
        path: &[i32],
        wanted: &str,
        owner: Place,
    ) -> Option<Vec<Member>>;
}

/// The enums, nested ones included, and the services of a file.
pub(super) fn walk(file: &FileDescriptorProto, source: &mut impl Source) -> (Vec<Enum>, Vec<Service>) {
    let mut enums = Vec::new();
    for (index, declared) in (0..).zip(&file.enum_type) {
        enums.push(self::declared(declared, &[5, index], source));
    }
    for (index, message) in (0..).zip(&file.message_type) {
        nested(message, &[4, index], source, &mut enums);
    }
    let package = if file.package().is_empty() { String::new() } else { format!("{}.", file.package()) };
    let services = (0..).zip(&file.service).map(|(index, service)| self::service(service, &package, index, source));
    (enums, services.collect())
}

/// What decodes or parses a file bounds how deep messages are nested.
fn nested(message: &DescriptorProto, path: &[i32], source: &mut impl Source, enums: &mut Vec<Enum>) {
    for (index, declared) in (0..).zip(&message.enum_type) {
        enums.push(self::declared(declared, &[path, &[4, index]].concat(), source));
    }
    for (index, inner) in (0..).zip(&message.nested_type) {
        nested(inner, &[path, &[3, index]].concat(), source, enums);
    }
}

fn declared(declared: &EnumDescriptorProto, path: &[i32], source: &mut impl Source) -> Enum {
    let place = source.place(&[path, &[1]].concat());
    let options = declared.options.as_ref().map_or(&[][..], |options| &options.uninterpreted_option);
    let catalog = source.option(options, &[path, &[3]].concat(), "errwire.v1.catalog", place);
    let values = (0..).zip(&declared.value).map(|(index, value)| {
        let path = [path, &[2, index]].concat();
        let place = source.place(&path);
        let options = value.options.as_ref().map_or(&[][..], |options| &options.uninterpreted_option);
        let kind = source.option(options, &[&*path, &[3]].concat(), "errwire.v1.kind", place);
        EnumValue { name: value.name().to_owned(), number: value.number(), place, kind }
    });
    let values = values.collect();
    Enum { name: declared.name().to_owned(), place, catalog, values }
}

fn service(service: &ServiceDescriptorProto, package: &str, index: i32, source: &mut impl Source) -> Service {
    let place = source.place(&[6, index, 1]);
    let options = service.options.as_ref().map_or(&[][..], |options| &options.uninterpreted_option);
    let errors = source.option(options, &[6, index, 3], "errwire.v1.service_errors", place);
    let methods = (0..).zip(&service.method).map(|(number, method)| {
        let path = [6, index, 2, number];
        let place = source.place(&[&path[..], &[1]].concat());
        let options = method.options.as_ref().map_or(&[][..], |options| &options.uninterpreted_option);
        let path = [&path[..], &[4]].concat();
        let errors = source.option(options, &path, "errwire.v1.errors", place);
        let http = source.option(options, &path, "google.api.http", place);
        Rpc { name: method.name().to_owned(), place, errors, http }
    });
    let methods = methods.collect();
    Service { name: format!("{package}{}", service.name()), place, errors, methods }
}
