"""grpcio over TLS and mutual TLS, and certificates that are replaced while the server runs."""

import signal
import ssl
import time
import unittest

import grpc
from errwire.v1 import catalog_service_pb2 as catalog
from errwire.v1 import catalog_service_pb2_grpc

from certificates import Authority
from service import SECONDS, Server


def channel(server, roots, shown=None):
    pair = {"private_key": shown.key.read_bytes(), "certificate_chain": shown.certificate.read_bytes()} if shown else {}
    credentials = grpc.ssl_channel_credentials(root_certificates=roots.read_bytes(), **pair)
    return grpc.secure_channel(f"localhost:{server.port}", credentials)


def status_of(server, roots, shown=None):
    """The status of a kind, asked for over a connection of its own."""
    with channel(server, roots, shown) as open_channel:
        stub = catalog_service_pb2_grpc.CatalogServiceStub(open_channel)
        return stub.GetKind(catalog.GetKindRequest(kind="task_not_found"), timeout=SECONDS).kind.status


def presented(server):
    """The certificate that a new connection is shown, in PEM."""
    return ssl.get_server_certificate(("127.0.0.1", server.port), timeout=SECONDS)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority(cls)
        cls.stranger = Authority(cls, "stranger")
        cls.signed = cls.authority.sign("server")
        cls.files = ["--tls-certificate", str(cls.signed.certificate), "--tls-key", str(cls.signed.key)]

    def serve(self, *arguments):
        server = Server(*self.files, *arguments)
        self.addCleanup(server.stop)
        return server

    def assert_unavailable(self, call, *arguments):
        with self.assertRaises(grpc.RpcError) as raised:
            call(*arguments)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_who_trusts_the_authority_can_call(self):
        server = self.serve()
        self.assertEqual(status_of(server, self.authority.own.certificate), 404)
        self.assert_unavailable(status_of, server, self.stranger.own.certificate)
        with grpc.insecure_channel(server.address) as plain:
            stub = catalog_service_pb2_grpc.CatalogServiceStub(plain)
            self.assert_unavailable(lambda: stub.GetKind(catalog.GetKindRequest(kind="gone"), timeout=SECONDS))

    def test_a_client_without_a_certificate_is_refused(self):
        server = self.serve("--tls-client-ca", str(self.authority.own.certificate))
        roots = self.authority.own.certificate
        self.assertEqual(status_of(server, roots, self.authority.sign("client", "clientAuth")), 404)
        self.assert_unavailable(status_of, server, roots)
        self.assert_unavailable(status_of, server, roots, self.stranger.sign("client", "clientAuth"))

    def test_new_certificates_come_without_a_restart(self):
        server = self.serve("--tls-reload-interval", "off")
        old = presented(server)
        self.assertEqual(old.strip(), self.signed.certificate.read_text().strip())
        with channel(server, self.authority.own.certificate) as kept:
            stub = catalog_service_pb2_grpc.CatalogServiceStub(kept)
            request = catalog.GetKindRequest(kind="gone")
            stub.GetKind(request, timeout=SECONDS)

            newer = self.authority.sign("newer")
            self.signed.replace(newer)
            self.assertEqual(presented(server), old, "nobody asked the server to look")
            server.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + SECONDS * 3
            while presented(server) == old and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertEqual(presented(server).strip(), newer.certificate.read_text().strip())
            # Neither the connection that there is, nor a new one, notices.
            self.assertEqual(stub.GetKind(request, timeout=SECONDS).kind.status, 410)
            self.assertEqual(status_of(server, self.authority.own.certificate), 404)


if __name__ == "__main__":
    unittest.main()
