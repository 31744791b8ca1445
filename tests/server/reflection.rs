//! The descriptors that the server gives out.

use std::collections::BTreeSet;

use crate::support::server::Server;
use prost::Message;
use prost_types::FileDescriptorProto;
use tokio_stream::StreamExt;

/// The two versions of the protocol have the same messages in different modules.
macro_rules! reflection {
    ($version:ident) => {
        mod $version {
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };

            use super::*;

            async fn ask(server: &Server, request: MessageRequest) -> MessageResponse {
                let mut client = ServerReflectionClient::new(server.channel().await);
                let request = ServerReflectionRequest { host: String::new(), message_request: Some(request) };
                let answers = client.server_reflection_info(tokio_stream::once(request)).await.unwrap();
                answers.into_inner().next().await.unwrap().unwrap().message_response.unwrap()
            }

            async fn file(server: &Server, request: MessageRequest) -> FileDescriptorProto {
                let what = format!("{request:?}");
                match ask(server, request).await {
                    MessageResponse::FileDescriptorResponse(files) => {
                        FileDescriptorProto::decode(&*files.file_descriptor_proto[0]).unwrap()
                    }
                    other => panic!("{what}: {other:?}"),
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn lists_the_services() {
                let server = Server::start();
                let answer = ask(&server, MessageRequest::ListServices(String::new())).await;
                let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
                let names: BTreeSet<_> = list.service.into_iter().map(|service| service.name).collect();
                for name in ["errwire.v1.ErrorMappingService", "errwire.v1.CatalogService", "grpc.health.v1.Health"] {
                    assert!(names.contains(name), "{name} is not in {names:?}");
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn resolves_every_import() {
                let server = Server::start();
                let symbols = [
                    "errwire.v1.ErrorMappingService",
                    "errwire.v1.CatalogService.GetKind",
                    "google.rpc.Status",
                    "google.rpc.BadRequest.FieldViolation",
                    "google.rpc.HttpResponse",
                    "google.rpc.Code",
                    "google.protobuf.Any",
                    "google.protobuf.Duration",
                ];
                let mut files = Vec::new();
                for symbol in symbols {
                    files.push(file(&server, MessageRequest::FileContainingSymbol(symbol.into())).await);
                }
                let mut seen = BTreeSet::new();
                while let Some(next) = files.pop() {
                    if seen.insert(next.name().to_owned()) {
                        for import in &next.dependency {
                            files.push(file(&server, MessageRequest::FileByFilename(import.clone())).await);
                        }
                    }
                }
                for name in ["google/rpc/status.proto", "google/rpc/code.proto", "google/protobuf/any.proto"] {
                    assert!(seen.contains(name), "{name} is not in {seen:?}");
                }
            }
        }
    };
}

reflection!(v1);
reflection!(v1alpha);
