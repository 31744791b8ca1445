//! Compiles `proto/` without an installed `protoc` and turns the built-in kinds into constants.

#[path = "build/descriptors.rs"]
mod descriptors;
#[path = "build/kinds.rs"]
mod kinds;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=build");
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let compiled = descriptors::compile()?;

    // Encoded by the compiler, so that the options which the annotations declare stay in.
    fs::write(out_dir.join("descriptors.bin"), compiled.encode_file_descriptor_set())?;
    fs::write(out_dir.join("kinds.rs"), kinds::generate(&compiled.descriptor_pool())?)?;

    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .build_client(false)
        .build_server(false)
        .bytes(".google.rpc.HttpResponse.body")
        .btree_map(".google.rpc")
        .compile_fds_with_config(descriptors::core(&compiled), rpc_config())?;

    if env::var_os("CARGO_FEATURE_REMOTE").is_some() {
        tonic_prost_build::configure()
            .emit_rerun_if_changed(false)
            .extern_path(".google.rpc", "crate::model::rpc")
            .bytes(".errwire.v1.HttpResponse.raw")
            .btree_map(".errwire.v1")
            .compile_fds(compiled.file_descriptor_set())?;
    }
    if env::var_os("CARGO_FEATURE_SERVER").is_some() {
        compile_example(&out_dir)?;
    }
    Ok(())
}

/// The API of the tasks example, where the package has it.
fn compile_example(out_dir: &Path) -> Result<(), Box<dyn Error>> {
    let include = Path::new("examples/tasks/proto");
    if !include.is_dir() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={}", include.display());
    let mut compiler = protox::Compiler::new([include])?;
    compiler.include_imports(true).include_source_info(true).open_file("tasks/v1/tasks.proto")?;
    fs::write(out_dir.join("tasks.v1.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().emit_rerun_if_changed(false).compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}

/// The standard messages know their type URL, so that they go in and out of a `google.protobuf.Any`.
fn rpc_config() -> tonic_prost_build::Config {
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    config.type_name_domain(["."], "type.googleapis.com");
    config
}
