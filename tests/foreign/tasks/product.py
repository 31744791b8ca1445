"""Runs examples/tasks, and other servers next to it, each on a free port and ended by its own process."""

import os
import re
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SECONDS = 20
KEY = [("authorization", "Bearer key_live")]


class Process:
    """A server, which is killed if it does not end when it is asked to."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=SECONDS)
        finally:
            self.process.kill()
            self.process.wait()


class Product(Process):
    """The example: a gRPC service, and HTTP in front of it."""

    def __init__(self):
        super().__init__(
            [os.environ["TASKS"], "serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            # One of its runs panics on purpose.
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.grpc, self.http = (self._address(wire) for wire in ("grpc", "http"))

    def _address(self, wire):
        line = self.process.stdout.readline()
        match = re.fullmatch(rf"{wire} listening on (127\.0\.0\.1:[1-9]\d*)\n", line)
        if not match:
            self.process.kill()
            raise AssertionError(f"the line for {wire} is {line!r}")
        return match[1]

    def stop(self):
        super().stop()
        self.process.stdout.close()


def client(address, *arguments):
    """What the client of the example, with errwire's layer, says about a call that fails."""
    command = [os.environ["TASKS"], *arguments, "--grpc", address]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    assert made.returncode == 1, made
    return made.stderr


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(port, process):
    """Waits until somebody listens, or the process has ended."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}")


class ProxyCase(unittest.TestCase):
    """Tests against one running example, with a proxy that a subclass configures."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = Path(scratch.name)
        cls.product = Product()
        cls.addClassCleanup(cls.product.stop)
        # Bound and not listening: whoever connects is refused.
        refusing = socket.socket()
        cls.addClassCleanup(refusing.close)
        refusing.bind(("127.0.0.1", 0))
        cls.refusing = refusing.getsockname()[1]
        # Listening and not accepting: whoever connects waits.
        silent = socket.create_server(("127.0.0.1", 0))
        cls.addClassCleanup(silent.close)
        cls.silent = silent.getsockname()[1]

    @classmethod
    def configure(cls, template, **values):
        """Writes a configuration from the template of that name, in which `@NAME@` stands for a value."""
        text = (Path(__file__).parent / template).read_text()
        for name, value in values.items():
            text = text.replace(f"@{name.upper()}@", str(value))
        assert not re.search(r"@[A-Z_]+@", text), text
        path = cls.scratch / template
        path.write_text(text)
        return path

    @classmethod
    def proxy(cls, command, port):
        with (cls.scratch / "stderr").open("w") as stderr:
            proxy = Process(command, cwd=cls.scratch, stderr=stderr)
        cls.addClassCleanup(proxy.stop)
        try:
            wait_for(port, proxy.process)
        except AssertionError as failure:
            raise AssertionError((cls.scratch / "stderr").read_text()) from failure
