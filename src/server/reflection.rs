//! `grpc.reflection.v1`, and `v1alpha` for older tools.

use tonic::service::RoutesBuilder;
use tonic_reflection::server::{Builder, Error};

use crate::model::rpc::DESCRIPTORS;

pub(super) fn add(routes: &mut RoutesBuilder) -> Result<(), Error> {
    routes.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?);
    Ok(())
}

fn builder() -> Builder<'static> {
    Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS)
}
