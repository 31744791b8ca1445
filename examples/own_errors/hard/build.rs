//! Two forms in one catalog, from a descriptor set too.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    errwire::build::Builder::new().with_catalog("errors.yaml").compile("errors")?;
    println!("cargo::rerun-if-changed=../proto");
    errwire::build::Builder::new()
        .with_catalog("errors.yaml")
        .with_catalog("../proto/acme/tasks/v1/errors.proto")
        .compile("joined")?;
    errwire::build::Builder::new().with_catalog("errors.yaml").with_builtin_kinds().compile("whole")?;
    Ok(())
}
