//! The protos that come with the crate.

use std::path::Path;

/// The folder that has `errwire/v1/annotations.proto`, and the `google/rpc/code.proto` that it imports, for compilers of
/// `.proto` files: an include path of `protoc`, buf, protox or `tonic-prost-build`. [`Builder`](super::Builder) needs none.
///
/// It is where cargo has put the sources of errwire, so it is good for a build script and not for a program that is shipped.
///
/// ```
/// assert!(errwire::build::include_dir().join("errwire/v1/annotations.proto").is_file());
/// ```
pub fn include_dir() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/proto"))
}
