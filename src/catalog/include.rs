//! Generated Rust in a user's crate.

/// Includes what [`errwire::build::Builder::compile`](https://docs.rs/errwire/latest/errwire/build/struct.Builder.html#method.compile)
/// wrote under this name: a constant and a constructor for each kind, the enum `Kind` to match on, and the function `catalog`.
/// The module `build` has an example.
///
/// ```text
/// pub mod errors {
///     errwire::include_errors!("errors");
/// }
/// ```
#[macro_export]
macro_rules! include_errors {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"));
    };
}
