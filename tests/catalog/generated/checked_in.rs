//! The generators of what is checked in.

use std::{error::Error, fs, path::Path};

use super::{descriptors, kinds};

/// Writes what the core needs of `proto/`.
pub(super) fn core(folder: &Path) -> Result<(), Box<dyn Error>> {
    let compiled = descriptors::compile()?;
    // Encoded by the compiler, so that the options which the annotations declare stay in.
    fs::write(folder.join("descriptors.bin"), compiled.encode_file_descriptor_set())?;
    fs::write(folder.join("kinds.rs"), kinds::generate(&compiled.descriptor_pool())?)?;

    // The standard messages know their type URL, so that they go in and out of a `google.protobuf.Any`.
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    config.type_name_domain(["."], "type.googleapis.com");
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .build_client(false)
        .build_server(false)
        .bytes(".google.rpc.HttpResponse.body")
        .btree_map(".google.rpc")
        .out_dir(folder)
        .compile_fds_with_config(descriptors::core(&compiled), config)?;
    Ok(())
}

/// Writes the API of the tasks example.
pub(super) fn tasks(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut compiler = protox::Compiler::new(["examples/tasks/proto", "proto"])?;
    compiler.include_imports(true).include_source_info(true).open_file("tasks/v1/tasks.proto")?;
    fs::write(folder.join("tasks.v1.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .out_dir(folder)
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
