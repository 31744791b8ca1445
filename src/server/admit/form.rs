//! What a call looks like in time.

use crate::service::Rpc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One message there and one back.
    Unary,
    /// As long as the caller has more to say.
    Stream,
    /// As long as the server has more to say, which is for ever. It would hold up a server that drains.
    Subscription,
}

impl Form {
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/grpc.health.v1.Health/Check" | "/grpc.health.v1.Health/List" => Self::Unary,
            "/grpc.health.v1.Health/Watch"
            | "/errwire.v1.CatalogService/WatchCatalog"
            | "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
            | "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo" => Self::Subscription,
            path if Rpc::of(path).is_some() => Self::Unary,
            _ => Self::Stream,
        }
    }
}
