//! What is called, as a label: from a closed set, since a peer chooses the path.

/// The protocol of a call, as [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/) names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::server) enum System {
    /// gRPC and gRPC-Web.
    Grpc,
    /// The unary form of Connect.
    Connect,
}

impl System {
    pub(super) const ALL: [Self; 2] = [Self::Grpc, Self::Connect];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Connect => "connectrpc",
        }
    }
}

/// A method that the server has, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::server) struct Method(usize);

/// The last stands for all others.
const NAMES: [&str; 11] = [
    "errwire.v1.ErrorMappingService/GrpcToHttp",
    "errwire.v1.ErrorMappingService/HttpToGrpc",
    "errwire.v1.ErrorMappingService/Translate",
    "errwire.v1.CatalogService/GetKind",
    "errwire.v1.CatalogService/ListKinds",
    "errwire.v1.CatalogService/WatchCatalog",
    "grpc.health.v1.Health/Check",
    "grpc.health.v1.Health/List",
    "grpc.health.v1.Health/Watch",
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "_OTHER",
];

impl Method {
    pub(super) const COUNT: usize = NAMES.len();

    /// The method of a path, which has to be spelled exactly.
    pub(in crate::server) fn of(path: &str) -> Self {
        let name = path.strip_prefix('/').unwrap_or_default();
        Self(NAMES.iter().position(|known| *known == name).unwrap_or(NAMES.len() - 1))
    }

    pub(super) const fn index(self) -> usize {
        self.0
    }

    /// The full name without a slash in front.
    pub(super) fn name(self) -> &'static str {
        NAMES[self.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_methods_that_there_are() {
        let rows = [
            ("/errwire.v1.ErrorMappingService/GrpcToHttp", "errwire.v1.ErrorMappingService/GrpcToHttp"),
            ("/grpc.health.v1.Health/Check", "grpc.health.v1.Health/Check"),
            ("errwire.v1.ErrorMappingService/GrpcToHttp", "_OTHER"),
            ("/errwire.v1.ErrorMappingService/grpctohttp", "_OTHER"),
            ("/_OTHER/x", "_OTHER"),
            ("", "_OTHER"),
        ];
        for (path, name) in rows {
            assert_eq!(Method::of(path).name(), name, "{path}");
        }
    }
}
