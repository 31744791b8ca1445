//! The descriptors of `proto/` and of what it imports.

use std::{error::Error, path::Path};

use protox::{
    Compiler,
    file::{ChainFileResolver, DescriptorSetFileResolver, GoogleFileResolver, IncludeFileResolver},
    prost::Message,
    prost_reflect::prost_types::FileDescriptorSet,
};

const FILES: [&str; 10] = [
    "errwire/v1/annotations.proto",
    "errwire/v1/catalog_service.proto",
    "errwire/v1/error.proto",
    "errwire/v1/error_mapping_service.proto",
    "errwire/v1/kinds.proto",
    "google/api/annotations.proto",
    "google/rpc/error_details.proto",
    "google/rpc/http.proto",
    "google/rpc/status.proto",
    "grpc/health/v1/health.proto",
];

pub(crate) fn compile() -> Result<Compiler, Box<dyn Error>> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(IncludeFileResolver::new(Path::new("proto").into()));
    resolver.add(DescriptorSetFileResolver::new(google_rpc()?));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true).open_files(FILES)?;
    Ok(compiler)
}

/// `status.proto` and `error_details.proto` as `tonic-types` ships them, under the names that others import them by.
fn google_rpc() -> Result<FileDescriptorSet, Box<dyn Error>> {
    let mut set = FileDescriptorSet::decode(tonic_types::pb::FILE_DESCRIPTOR_SET)?;
    set.file.retain(|file| file.package() == "google.rpc");
    for file in &mut set.file {
        let name = file.name();
        if !name.starts_with("google/rpc/") {
            file.name = Some(format!("google/rpc/{name}"));
        }
    }
    Ok(set)
}

/// The files of `google.protobuf` and `google.rpc`: what the pure core needs types for.
pub(crate) fn core(compiler: &Compiler) -> FileDescriptorSet {
    let mut set = compiler.file_descriptor_set();
    set.file.retain(|file| file.package().starts_with("google.") && file.package() != "google.api");
    set
}
