//! Catalogs as annotated enums, in `.proto` files and in descriptor sets.
//!
//! The options of a [source](source) are read from its text, so that each value has its place; those of a
//! [descriptor set](set) are read by reflection. Both become [enums](Enum) whose options are nodes of the
//! [tree](crate::yaml) that YAML becomes too: the rules are the same.

mod decl;
#[cfg(any(feature = "proto", feature = "server"))]
mod literal;
mod lower;
#[cfg(feature = "proto")]
mod option;
#[cfg(feature = "proto")]
mod resolve;
mod set;
#[cfg(feature = "proto")]
mod source;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, ServiceDescriptorProto, UninterpretedOption,
};

use crate::{
    diagnostic::Place,
    yaml::{Node, Scalar, Value},
};

#[cfg(feature = "server")]
pub(crate) use literal::{Escapes, quoted};
#[cfg(feature = "proto")]
pub(super) use resolve::Imports;
pub(super) use set::read as read_set;
#[cfg(feature = "proto")]
pub(super) use source::read as read_source;

/// One field of a message, its name and its value.
type Member = (Node<'static>, Node<'static>);

fn member(name: impl Into<String>, place: Place, value: Node<'static>) -> Member {
    (Node { place, value: Value::Scalar(Scalar::Text, name.into().into()) }, value)
}

/// An enum with its annotations.
struct Enum {
    name: String,
    place: Place,
    /// The fields of the option `(errwire.v1.catalog)`.
    catalog: Option<Vec<Member>>,
    values: Vec<EnumValue>,
}

/// A value of an enum with its annotations.
struct EnumValue {
    name: String,
    number: i32,
    place: Place,
    /// The fields of the option `(errwire.v1.kind)`.
    kind: Option<Vec<Member>>,
}

/// A service with the errors that it declares for its methods.
struct Service {
    /// With its package.
    name: String,
    place: Place,
    /// The fields of the option `(errwire.v1.service_errors)`.
    errors: Option<Vec<Member>>,
    methods: Vec<Rpc>,
}

/// A method of a service with its annotations.
struct Rpc {
    name: String,
    place: Place,
    /// The fields of the option `(errwire.v1.errors)`.
    errors: Option<Vec<Member>>,
    /// The fields of the option `(google.api.http)`.
    http: Option<Vec<Member>>,
}

impl Enum {
    /// Whether anything says that the values are kinds.
    fn is_annotated(&self) -> bool {
        self.catalog.is_some() || self.values.iter().any(|value| value.kind.is_some())
    }
}

impl Service {
    /// Whether anything says which errors there are.
    fn is_annotated(&self) -> bool {
        self.errors.is_some() || self.methods.iter().any(|rpc| rpc.errors.is_some())
    }
}

/// What a source of descriptors knows besides them. A path is that of
/// [source code info](https://protobuf.com/docs/descriptors#source-code-info).
trait Source {
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
fn walk(file: &FileDescriptorProto, source: &mut impl Source) -> (Vec<Enum>, Vec<Service>) {
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
