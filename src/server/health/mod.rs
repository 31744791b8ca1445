//! `grpc.health.v1`, which behaves as [grpc-go's](https://pkg.go.dev/google.golang.org/grpc/health) does.

pub(super) mod pb;

mod service;

pub(super) use service::Health;
