//! Turns the annotated enum into Rust.

fn main() -> Result<(), errwire::build::BuildError> {
    errwire::build::Builder::new().with_catalog("../proto/acme/tasks/v1/errors.proto").compile("errors")
}
