//! Generates the services of `proto/` for the features `remote` and `server`, from the checked-in descriptors, so that
//! neither `protoc` nor protox is needed. What the core needs is checked in as Rust (`src/model/generated/`): nothing is
//! generated, and no generator compiled, without these features.

#[cfg(feature = "remote")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use prost::Message as _;

    const DESCRIPTORS: &str = "src/model/generated/descriptors.bin";

    println!("cargo::rerun-if-changed={DESCRIPTORS}");
    let descriptors = prost_types::FileDescriptorSet::decode(std::fs::read(DESCRIPTORS)?.as_slice())?;
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .extern_path(".google.rpc", "crate::model::rpc")
        .bytes(".errwire.v1.HttpResponse.raw")
        .btree_map(".errwire.v1")
        .compile_fds(descriptors)?;
    Ok(())
}

#[cfg(not(feature = "remote"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
