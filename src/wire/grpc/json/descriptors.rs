//! The sources of message types.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use prost::Message;
use prost_reflect::{DescriptorPool, FileDescriptor};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet};

use super::{RegistryError, error::Problem};
use crate::model::rpc::DESCRIPTORS;

/// `google.rpc`, `errwire.v1` and all of `google.protobuf`.
pub(super) fn standard() -> DescriptorPool {
    static STANDARD: LazyLock<DescriptorPool> = LazyLock::new(build);
    STANDARD.clone()
}

fn build() -> DescriptorPool {
    #[expect(clippy::expect_used, reason = "the bytes are ours; any test that touches a registry covers this")]
    let mut pool = DescriptorPool::decode(DESCRIPTORS).expect("the build wrote a descriptor set");
    let well_known = DescriptorPool::global();
    let well_known = well_known.file_descriptor_protos().filter(|file| file.package() == "google.protobuf").cloned();
    #[expect(clippy::expect_used, reason = "as above; files that are there already are skipped by name")]
    pool.add_file_descriptor_protos(well_known.collect::<Vec<_>>()).expect("the types of google.protobuf are complete");
    pool
}

/// Adds what is new in a descriptor set.
///
/// Many sets bring their own copy of `google/rpc/*.proto`, under other file names (`tonic-types`) or with more types in
/// it. So it is types that are compared, not files: a known one is left out, and files that imported its file import ours.
pub(super) fn add(pool: &mut DescriptorPool, bytes: &[u8]) -> Result<(), RegistryError> {
    let mut set = FileDescriptorSet::decode(bytes).map_err(Problem::Decode)?;
    let mut imports = HashMap::new();
    for file in &mut set.file {
        let homes = take_known(pool, file)?;
        let name = file.name().to_owned();
        if pool.get_file_by_name(&name).is_some() && has_definitions(file) {
            file.name = Some(free_name(pool, &name));
        }
        if !homes.is_empty() {
            // Positions no longer match.
            file.source_code_info = None;
        }
        imports.insert(name, (file.name.clone().filter(|_| has_definitions(file) || homes.is_empty()), homes));
    }
    let gone = |file: &FileDescriptorProto| matches!(imports.get(file.name()), Some((None, _)));
    set.file.retain(|file| !gone(file));
    for file in &mut set.file {
        redirect(file, &imports);
    }
    pool.add_file_descriptor_set(set).map_err(Problem::Build)?;
    Ok(())
}

/// Takes out the top-level definitions that the pool has; the result is the files that it has them from.
fn take_known(pool: &DescriptorPool, file: &mut FileDescriptorProto) -> Result<BTreeSet<String>, RegistryError> {
    let mut homes = BTreeSet::new();
    let mut conflict = None;
    let package = file.package().to_owned();
    // Google's own types differ from copy to copy in comments and options, never in meaning.
    let is_google = package == "google" || package.starts_with("google.");
    let full_name = |name: &str| if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") };
    let mut is_new = |name: String, found: Option<(FileDescriptor, bool)>| {
        let Some((home, is_same)) = found else { return true };
        homes.insert(home.name().to_owned());
        if !is_same && !is_google {
            conflict.get_or_insert(name);
        }
        false
    };
    file.message_type.retain(|message| {
        let name = full_name(message.name());
        let found = pool.get_message_by_name(&name);
        is_new(name, found.map(|found| (found.parent_file(), is_same(found.descriptor_proto(), message))))
    });
    file.enum_type.retain(|kind| {
        let name = full_name(kind.name());
        let found = pool.get_enum_by_name(&name);
        is_new(name, found.map(|found| (found.parent_file(), found.enum_descriptor_proto() == kind)))
    });
    file.service.retain(|service| {
        let name = full_name(service.name());
        let found = pool.get_service_by_name(&name);
        is_new(name, found.map(|found| (found.parent_file(), found.service_descriptor_proto() == service)))
    });
    file.extension.retain(|extension| {
        let name = full_name(extension.name());
        let is_same = |found: &FieldDescriptorProto| unnamed(found) == unnamed(extension);
        let found = pool.get_extension_by_name(&name);
        is_new(name, found.map(|found| (found.parent_file(), is_same(found.field_descriptor_proto()))))
    });
    match conflict {
        Some(name) => Err(Problem::Conflict(name).into()),
        None => Ok(homes),
    }
}

fn is_same(a: &DescriptorProto, b: &DescriptorProto) -> bool {
    let without_json_names = |message: &DescriptorProto| DescriptorProto {
        field: message.field.iter().map(unnamed).collect(),
        extension: message.extension.iter().map(unnamed).collect(),
        nested_type: Vec::new(),
        ..message.clone()
    };
    a.nested_type.len() == b.nested_type.len()
        && a.nested_type.iter().zip(&b.nested_type).all(|(a, b)| is_same(a, b))
        && without_json_names(a) == without_json_names(b)
}

/// Without the JSON name, which some compilers write only if it is not the usual one.
fn unnamed(field: &FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto { json_name: None, ..field.clone() }
}

fn has_definitions(file: &FileDescriptorProto) -> bool {
    !(file.message_type.is_empty() && file.enum_type.is_empty() && file.service.is_empty() && file.extension.is_empty())
}

fn free_name(pool: &DescriptorPool, name: &str) -> String {
    (2_u32..).map(|n| format!("{name}#{n}")).find(|name| pool.get_file_by_name(name).is_none()).unwrap_or_default()
}

/// Imports what took the place of each imported file.
fn redirect(file: &mut FileDescriptorProto, imports: &HashMap<String, (Option<String>, BTreeSet<String>)>) {
    let mut extra = BTreeSet::new();
    // A renamed file imports its own known types too.
    let own = imports.values().find(|(name, _)| name.as_deref() == Some(file.name()));
    extra.extend(own.into_iter().flat_map(|(_, homes)| homes.iter().map(|home| (home.clone(), false))));
    for index in 0..file.dependency.len() {
        let Some((name, homes)) = imports.get(&file.dependency[index]) else { continue };
        let is_public = file.public_dependency.iter().any(|public| usize::try_from(*public) == Ok(index));
        extra.extend(homes.iter().map(|home| (home.clone(), is_public)));
        if let Some(name) = name.as_ref().or(homes.first()) {
            file.dependency[index].clone_from(name);
        }
    }
    for (name, is_public) in extra {
        if file.dependency.contains(&name) {
            continue;
        }
        if is_public {
            file.public_dependency.extend(i32::try_from(file.dependency.len()));
        }
        file.dependency.push(name);
    }
}
