//! Metrics of calls: the series of a method and a code, made when the first such call ends.

use std::sync::OnceLock;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use crate::{
    model::{Code, named},
    service::Rpc,
};

/// In seconds: the buckets that OpenTelemetry advises for `rpc.server.call.duration`
/// (<https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/>), which begin at 5 ms, and below that those of gRPC
/// (<https://github.com/grpc/proposal/blob/master/A66-otel-stats.md>), since most calls here take microseconds.
const SECONDS: [f64; 22] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_3, 0.000_6, 0.000_8, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
    0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// The buckets of gRPC's sizes, in bytes (<https://github.com/grpc/proposal/blob/master/A66-otel-stats.md>).
const BYTES: [f64; 9] = [0.0, 1_024.0, 2_048.0, 4_096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RpcLabels {
    rpc_system_name: &'static str,
    rpc_method: &'static str,
    rpc_response_status_code: &'static str,
    error_type: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabels {
    grpc_method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GrpcLabels {
    grpc_method: &'static str,
    grpc_status: &'static str,
}

#[derive(Clone)]
struct Buckets(&'static [f64]);

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// The metrics of calls, with a cache of their series.
pub(super) struct Calls {
    rpc_seconds: Family<RpcLabels, Histogram, Buckets>,
    started: Family<MethodLabels, Counter>,
    grpc_seconds: Family<GrpcLabels, Histogram, Buckets>,
    sent: Family<GrpcLabels, Histogram, Buckets>,
    received: Family<GrpcLabels, Histogram, Buckets>,
    /// By method.
    starts: [OnceLock<Counter>; Method::COUNT],
    /// By system, method and code.
    ends: Box<[OnceLock<Ended>]>,
}

/// The series of one system, method and code.
struct Ended {
    rpc_seconds: Histogram,
    grpc: Option<(Histogram, Histogram, Histogram)>,
}

/// The codes, and success.
const OUTCOMES: usize = 17;

impl Calls {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let calls = Self {
            rpc_seconds: Family::new_with_constructor(Buckets(&SECONDS)),
            started: Family::default(),
            grpc_seconds: Family::new_with_constructor(Buckets(&SECONDS)),
            sent: Family::new_with_constructor(Buckets(&BYTES)),
            received: Family::new_with_constructor(Buckets(&BYTES)),
            starts: [const { OnceLock::new() }; Method::COUNT],
            ends: (0..System::ALL.len() * Method::COUNT * OUTCOMES).map(|_| OnceLock::new()).collect(),
        };
        let Self { rpc_seconds, started, grpc_seconds, sent, received, .. } = &calls;
        registry.register_with_unit(
            "rpc_server_call_duration",
            "Duration of calls, to the last byte (OpenTelemetry)",
            Unit::Seconds,
            rpc_seconds.clone(),
        );
        registry.register("grpc_server_call_started", "gRPC calls started (gRFC A66)", started.clone());
        registry.register_with_unit(
            "grpc_server_call_duration",
            "Duration of gRPC calls, to the last byte (gRFC A66)",
            Unit::Seconds,
            grpc_seconds.clone(),
        );
        registry.register_with_unit(
            "grpc_server_call_sent_total_compressed_message_size",
            "Bytes of the messages sent in a gRPC call, as on the wire (gRFC A66)",
            Unit::Bytes,
            sent.clone(),
        );
        registry.register_with_unit(
            "grpc_server_call_rcvd_total_compressed_message_size",
            "Bytes of the messages received in a gRPC call, as on the wire (gRFC A66)",
            Unit::Bytes,
            received.clone(),
        );
        calls
    }

    pub(super) fn start(&self, system: System, method: Method) {
        if system == System::Grpc {
            let made = || self.started.get_or_create_owned(&MethodLabels { grpc_method: method.name() });
            self.starts[method.index()].get_or_init(made).inc();
        }
    }

    /// `code` is `None` for a success. Sizes are in bytes.
    pub(super) fn end(&self, system: System, method: Method, code: Option<Code>, seconds: f64, sizes: [u64; 2]) {
        let outcome = code.map_or(0, |code| usize::try_from(code.number()).unwrap_or_default());
        let place = (system as usize * Method::COUNT + method.index()) * OUTCOMES + outcome;
        let Some(cell) = self.ends.get(place) else { return };
        let series = cell.get_or_init(|| self.series(system, method, code));
        series.rpc_seconds.observe(seconds);
        if let Some((grpc_seconds, sent, received)) = &series.grpc {
            // Exact up to 2^53 bytes.
            let [bytes_sent, bytes_received] = sizes.map(|bytes| bytes as f64);
            grpc_seconds.observe(seconds);
            sent.observe(bytes_sent);
            received.observe(bytes_received);
        }
    }

    fn series(&self, system: System, method: Method, code: Option<Code>) -> Ended {
        let status = code.map_or("OK", Code::name);
        let labels = RpcLabels {
            rpc_system_name: system.name(),
            rpc_method: method.name(),
            rpc_response_status_code: status,
            error_type: code.map_or("", Code::name),
        };
        let rpc_seconds = self.rpc_seconds.get_or_create_owned(&labels);
        let labels = GrpcLabels { grpc_method: method.name(), grpc_status: status };
        let grpc = (system == System::Grpc).then(|| {
            (
                self.grpc_seconds.get_or_create_owned(&labels),
                self.sent.get_or_create_owned(&labels),
                self.received.get_or_create_owned(&labels),
            )
        });
        Ended { rpc_seconds, grpc }
    }
}

named! {
    /// The protocol of a call, as [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/) names it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub(in crate::server) enum System {
        /// gRPC and gRPC-Web.
        Grpc = "grpc",
        /// The unary form of Connect.
        Connect = "connectrpc",
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
