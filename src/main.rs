//! The `errwire` command.
fn main() {}
