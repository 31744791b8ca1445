//! Calls: the one table of RPCs, and the hooks of a server for a call.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    model::{Error, named},
    wire::http::Dialect,
};

/// How many messages a call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallKind {
    /// One request message and one response message.
    Unary,
    /// A response message for each request message.
    Stream,
    /// Response messages without an end, which would hold up a server that drains.
    Subscription,
}

// What metrics count, what limits apply, and which calls may come as JSON all follow from this table.
macro_rules! rpcs {
    ($($name:ident $path:literal $kind:ident,)+) => {
        /// An RPC of the server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rpc {
            $($name,)+
        }

        impl Rpc {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];

            /// The RPC of a path, which has to be spelled exactly.
            pub(crate) fn of(path: &str) -> Option<Self> {
                match path {
                    $($path => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// `/package.Service/Method`.
            pub(crate) const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }

            /// How many messages a call has.
            pub(crate) const fn kind(self) -> CallKind {
                match self {
                    $(Self::$name => CallKind::$kind,)+
                }
            }
        }
    };
}

rpcs! {
    GrpcToHttp "/errwire.v1.ErrorMappingService/GrpcToHttp" Unary,
    HttpToGrpc "/errwire.v1.ErrorMappingService/HttpToGrpc" Unary,
    Translate "/errwire.v1.ErrorMappingService/Translate" Stream,
    GetKind "/errwire.v1.CatalogService/GetKind" Unary,
    ListKinds "/errwire.v1.CatalogService/ListKinds" Unary,
    WatchCatalog "/errwire.v1.CatalogService/WatchCatalog" Subscription,
    HealthCheck "/grpc.health.v1.Health/Check" Unary,
    HealthList "/grpc.health.v1.Health/List" Unary,
    HealthWatch "/grpc.health.v1.Health/Watch" Subscription,
    Reflection "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" Subscription,
    ReflectionAlpha "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo" Subscription,
}

named! {
    /// The direction of a translation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub(crate) enum Direction {
        GrpcToHttp = "grpc_to_http",
        HttpToGrpc = "http_to_grpc",
    }
}

/// One translated error.
pub(crate) struct Translated<'a> {
    pub(crate) direction: Direction,
    pub(crate) error: &'a Error,
    /// The dialect that was read, else the one that was written.
    pub(crate) dialect: Option<Dialect>,
    pub(crate) redacted: bool,
    pub(crate) trimmed: bool,
    pub(crate) mismatched: bool,
}

/// Called for every translation.
pub(crate) trait Watch: fmt::Debug + Send + Sync {
    fn translated(&self, translated: &Translated<'_>);

    /// An input was not an error, or malformed.
    fn rejected(&self, direction: Direction);
}

/// The ids of a call, in the extensions of its request.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    /// The request id, which an error names.
    pub(crate) id: Arc<str>,
    /// The trace id of [`traceparent`](https://www.w3.org/TR/trace-context/#traceparent-header), 32 digits.
    pub(crate) trace: Option<Arc<str>>,
}

/// Called for each item of a stream, once it has arrived.
pub(crate) trait Meter: fmt::Debug + Send + Sync {
    /// Admits the item, or says how long the caller should have waited.
    fn item(&self) -> Result<(), Duration>;
}

/// The meter of a call, in the extensions of its request.
#[derive(Clone, Debug)]
pub(crate) struct Metered(pub(crate) Arc<dyn Meter>);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use prost_reflect::DescriptorPool;

    use super::*;
    use crate::model::rpc::DESCRIPTORS;

    /// Every method of our own services is in the table, with the kind that its proto says.
    #[test]
    fn agrees_with_the_protos() {
        let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
        let methods: BTreeMap<String, (bool, bool)> = pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
            .map(|method| {
                let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
                (path, (method.is_client_streaming(), method.is_server_streaming()))
            })
            .collect();
        assert!(methods.len() >= 6);
        for (path, streams) in &methods {
            let rpc = Rpc::of(path).unwrap_or_else(|| panic!("{path} is not in the table"));
            let expected = match rpc.kind() {
                CallKind::Unary => (false, false),
                CallKind::Stream => (true, true),
                CallKind::Subscription => (false, true),
            };
            assert_eq!((rpc.path(), *streams), (path.as_str(), expected));
        }
        assert!(Rpc::ALL.iter().all(|rpc| Rpc::of(rpc.path()) == Some(*rpc)));
        for other in ["", "/", "errwire.v1.CatalogService/GetKind", "/errwire.v1.CatalogService/getkind"] {
            assert_eq!(Rpc::of(other), None, "{other}");
        }
    }
}
