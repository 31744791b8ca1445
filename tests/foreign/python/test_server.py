"""The server as a process: catalog, health, reflection, start and stop."""

import signal
import time
import unittest

import grpc
from errwire.v1 import catalog_service_pb2 as catalog
from google.protobuf import descriptor_pool
from google.rpc import code_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from service import SECONDS, Server, ServiceCase
from test_tables import REFERENCE

SERVICES = {"errwire.v1.ErrorMappingService", "errwire.v1.CatalogService"}


class Catalog(ServiceCase):
    def pages(self, size):
        token = ""
        while True:
            page = self.catalog.ListKinds(catalog.ListKindsRequest(page_size=size, page_token=token))
            yield list(page.kinds)
            token = page.next_page_token
            if not token:
                return

    def test_pages_add_up(self):
        (whole,) = self.pages(1000)
        names = [kind.kind for kind in whole]
        self.assertEqual(names, sorted(set(names)))
        for size in (1, 7, len(whole), len(whole) - 1):
            with self.subTest(size=size):
                pages = list(self.pages(size))
                self.assertEqual([kind for page in pages for kind in page], whole)
                self.assertTrue(all(len(page) == size for page in pages[:-1]))
                self.assertTrue(pages[-1])

    def test_the_reference_is_listed(self):
        listed = {kind.kind: kind for page in self.pages(0) for kind in page}
        for name, (status, code) in REFERENCE.items():
            with self.subTest(name):
                kind = listed[name]
                self.assertEqual((kind.status, code_pb2.Code.Name(kind.code)), (status, code))
                self.assertEqual((kind.reason, kind.domain), (name.upper(), "errwire.dev"))
                self.assertTrue(kind.message and kind.description)
                self.assertEqual(self.catalog.GetKind(catalog.GetKindRequest(kind=name)).kind, kind)


class Infrastructure(ServiceCase):
    def test_health(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        for service in ("", *SERVICES):
            with self.subTest(service):
                answer = stub.Check(health_pb2.HealthCheckRequest(service=service))
                self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)
        with self.assertRaises(grpc.RpcError) as raised:
            stub.Check(health_pb2.HealthCheckRequest(service="nobody"))
        self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_reflection_lists_the_services(self):
        # v1 has the messages of v1alpha; only the name of the service differs.
        for version in ("v1", "v1alpha"):
            with self.subTest(version):
                call = self.channel.stream_stream(
                    f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
                    request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
                    response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
                )
                request = reflection_pb2.ServerReflectionRequest(list_services="")
                (answer,) = call(iter([request]), timeout=SECONDS)
                listed = {service.name for service in answer.list_services_response.service}
                self.assertLessEqual(SERVICES | {"grpc.health.v1.Health"}, listed)

    def test_reflection_describes_the_services(self):
        pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))
        mapping = pool.FindServiceByName("errwire.v1.ErrorMappingService")
        self.assertEqual([method.name for method in mapping.methods], ["GrpcToHttp", "HttpToGrpc", "Translate"])
        status = mapping.methods[0].input_type.fields_by_name["status"].message_type
        self.assertEqual(status.full_name, "google.rpc.Status")


class Process(unittest.TestCase):
    def test_it_answers_within_a_second(self):
        fastest = min(self.time_to_first_answer() for _ in range(3))
        self.assertLess(fastest, 1)

    def time_to_first_answer(self):
        server = Server()
        try:
            with grpc.insecure_channel(server.address) as channel:
                health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), wait_for_ready=True)
                return time.monotonic() - server.started
        finally:
            server.stop()

    def test_it_stops_cleanly(self):
        for sign in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(sign):
                self.assertEqual(Server().stop(sign), 0)

    def test_it_stops_while_a_stream_is_open(self):
        server = Server()
        with grpc.insecure_channel(server.address) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            watch = stub.Watch(health_pb2.HealthCheckRequest())
            next(watch)
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
