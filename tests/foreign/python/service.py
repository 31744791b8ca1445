"""Runs the real server, and talks to it as any Python service would."""

import os
import queue
import re
import signal
import subprocess
import threading
import time
import unittest

import grpc
from errwire.v1 import catalog_service_pb2_grpc, error_mapping_service_pb2_grpc

SECONDS = 10


class Server:
    """`errwire serve` with these arguments, on a free port unless they say otherwise."""

    def __init__(self, *arguments, listen="127.0.0.1:0", stderr=None):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ["ERRWIRE"], "serve", "--listen", listen, "--admin-listen", "127.0.0.1:0", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self.reader.start()
        try:
            line = lines.get(timeout=SECONDS)
            address = re.fullmatch(r"listening on (127\.0\.0\.1:([1-9]\d*)|unix:.+)\n", line)
            assert address, f"the first line is {line!r}"
        except BaseException:
            self.process.kill()
            raise
        self.address = address[1]

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line)
        lines.put("")

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def stop(self, sign=signal.SIGTERM):
        """Asks the server to end, and returns its exit code."""
        self.process.send_signal(sign)
        try:
            return self.process.wait(timeout=SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
            self.reader.join()
            self.process.stdout.close()


class ServiceCase(unittest.TestCase):
    """Tests against one running server."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.channel = grpc.insecure_channel(cls.server.address)
        cls.mapping = error_mapping_service_pb2_grpc.ErrorMappingServiceStub(cls.channel)
        cls.catalog = catalog_service_pb2_grpc.CatalogServiceStub(cls.channel)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        code = cls.server.stop()
        assert code == 0, f"the server ended with {code}"
