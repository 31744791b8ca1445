"""WatchCatalog follows the file of the catalog."""

import signal
import tempfile
import unittest
from pathlib import Path

import grpc
from errwire.v1 import catalog_service_pb2 as catalog
from errwire.v1 import catalog_service_pb2_grpc

from service import SECONDS, Server

CATALOG = """
domain: api.example.com
kinds:
  quota_used_up:
    status: 429
    code: RESOURCE_EXHAUSTED
    message: "{message}"
    description: Used up
"""


class Watch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.file = Path(scratch.name) / "catalog.yaml"
        self.write("Wait until tomorrow.")
        self.server = Server("--catalog", str(self.file), "--catalog-reload-interval", "500ms")
        self.addCleanup(self.server.stop)
        channel = grpc.insecure_channel(self.server.address)
        self.addCleanup(channel.close)
        self.catalog = catalog_service_pb2_grpc.CatalogServiceStub(channel)

    def write(self, message):
        new = self.file.with_suffix(".new")
        new.write_text(CATALOG.replace("{message}", message))
        new.rename(self.file)

    def version(self, watch):
        """The next version: its name, and its kinds by theirs."""
        parts = []
        for part in watch:
            parts.append(part)
            if not part.more:
                break
        self.assertEqual([part.part for part in parts], list(range(len(parts))))
        return parts[0].version, {kind.kind: kind for part in parts for kind in part.kinds}

    def test_a_new_version_comes_by_itself(self):
        watch = self.catalog.WatchCatalog(catalog.WatchCatalogRequest(), timeout=SECONDS * 6)
        first, kinds = self.version(watch)
        self.assertEqual(kinds["quota_used_up"].message, "Wait until tomorrow.")
        self.assertEqual(kinds["quota_used_up"].domain, "api.example.com")
        self.assertEqual(kinds["task_not_found"].status, 404)

        self.write("Wait until Monday.")
        second, kinds = self.version(watch)
        self.assertNotEqual(second, first)
        self.assertEqual(kinds["quota_used_up"].message, "Wait until Monday.")
        listed = self.catalog.ListKinds(catalog.ListKindsRequest(page_size=1000), timeout=SECONDS)
        self.assertEqual(listed.version, second)
        self.assertEqual({kind.kind: kind for kind in listed.kinds}, kinds)

        # The same content has the same name.
        self.write("Wait until tomorrow.")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.version(watch)[0], first)
        watch.cancel()


if __name__ == "__main__":
    unittest.main()
