"""Health, as grpc-go's server answers it.

https://github.com/grpc/grpc/blob/master/doc/health-checking.md
https://github.com/grpc/grpc-go/blob/master/health/server.go
"""

import signal
import unittest

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from service import SECONDS, Server

SERVICES = ["", "errwire.v1.CatalogService", "errwire.v1.ErrorMappingService"]
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


class Health(unittest.TestCase):
    def setUp(self):
        self.server = Server("--pre-drain", "1s")
        self.addCleanup(self.server.stop)
        channel = grpc.insecure_channel(self.server.address)
        self.addCleanup(channel.close)
        self.health = health_pb2_grpc.HealthStub(channel)

    def check(self, service):
        return self.health.Check(health_pb2.HealthCheckRequest(service=service), timeout=SECONDS).status

    def watch(self, service):
        return self.health.Watch(health_pb2.HealthCheckRequest(service=service), timeout=SECONDS * 3)

    def test_check(self):
        for service in SERVICES:
            self.assertEqual(self.check(service), SERVING, service)
        with self.assertRaises(grpc.RpcError) as raised:
            self.check("nobody")
        self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_list(self):
        listed = self.health.List(health_pb2.HealthListRequest(), timeout=SECONDS).statuses
        self.assertEqual({name: answer.status for name, answer in listed.items()}, dict.fromkeys(SERVICES, SERVING))

    def test_a_watch_of_an_unknown_service_stays_open(self):
        watch = self.watch("nobody")
        self.assertEqual(next(watch).status, SERVICE_UNKNOWN)
        self.assertTrue(watch.is_active())
        watch.cancel()

    def test_watchers_learn_that_the_server_leaves(self):
        watches = [self.watch(service) for service in SERVICES]
        unknown = self.watch("nobody")
        for watch in watches:
            self.assertEqual(next(watch).status, SERVING)
        self.assertEqual(next(unknown).status, SERVICE_UNKNOWN)
        self.server.process.send_signal(signal.SIGTERM)
        for watch in watches:
            self.assertEqual(next(watch).status, NOT_SERVING)
        # Calls are still taken, and say the same.
        self.assertEqual(self.check(""), NOT_SERVING)
        for watch in (*watches, unknown):
            with self.assertRaises(grpc.RpcError) as raised:
                next(watch)
            self.assertEqual(raised.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(self.server.process.wait(timeout=SECONDS * 3), 0)


if __name__ == "__main__":
    unittest.main()
