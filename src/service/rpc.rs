//! The one table of RPCs. What metrics count, what limits apply, and which calls may come as JSON
//! all follow from it.

/// How many messages a call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallKind {
    /// One message there and one back.
    Unary,
    /// As many as the caller sends, each answered.
    Stream,
    /// As long as the server has more to say, which is for ever. It would hold up a server that drains.
    Subscription,
}

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
