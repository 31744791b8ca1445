//! What is called, as a label: from a closed set, since a peer chooses the path.

use crate::service::Rpc;

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

/// Stands for all others.
const OTHER: &str = "_OTHER";

impl Method {
    pub(super) const COUNT: usize = Rpc::ALL.len() + 1;

    /// The method of a path, which has to be spelled exactly.
    pub(in crate::server) fn of(path: &str) -> Self {
        Self(Rpc::of(path).map_or(Rpc::ALL.len(), |rpc| rpc as usize))
    }

    pub(super) const fn index(self) -> usize {
        self.0
    }

    /// The full name without a slash in front.
    pub(super) fn name(self) -> &'static str {
        Rpc::ALL.get(self.0).map_or(OTHER, |rpc| rpc.path().trim_start_matches('/'))
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
