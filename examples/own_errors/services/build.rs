//! Compiles the service, and the enum next to it, whose annotations come with errwire.

use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../proto");
    let files = ["acme/tasks/v1/errors.proto", "acme/tasks/v1/tasks.proto"];
    let files = protox::compile(files, [Path::new("../proto"), errwire::build::include_dir()])?;
    tonic_prost_build::configure().emit_rerun_if_changed(false).compile_fds(files)?;
    Ok(())
}
