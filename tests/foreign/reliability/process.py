"""The real server, and what it takes."""

import asyncio
import contextlib
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import time
import urllib.request

# Nothing here waits longer for anything.
HANG = 60

TICKS = os.sysconf("SC_CLK_TCK")


def allow_descriptors():
    """As many descriptors as this process may have; returns how many connections it can make."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard - 200


@contextlib.contextmanager
def catalog_file(kinds):
    """A catalog of so many kinds, for as long as the block runs."""
    kind = "{ status: 404, code: NOT_FOUND, message: It is not there any more. Look again in a while., description: Gone }"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "errors.yaml")
        lines = ["domain: api.example.com", "kinds:", *(f"  kind_{number}: {kind}" for number in range(kinds))]
        path.write_text("\n".join(lines))
        yield path


class Server:
    """`errwire serve` with these flags, on free ports."""

    def __init__(self, *flags, descriptors=None):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1] if descriptors is None else descriptors
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [os.environ["ERRWIRE"], "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
        )
        self.proc = pathlib.Path("/proc", str(self.process.pid))
        try:
            self.port = self._port("listening on")
            self.admin = self._port("admin on")
        except BaseException:
            self.kill()
            raise
        self.descriptors_at_rest = self.descriptors()

    def _port(self, words):
        line = self.process.stdout.readline()
        port = re.fullmatch(rf"{words} 127\.0\.0\.1:(\d+)\n", line)
        assert port, f"it says {line!r}: {self.errors()}"
        return int(port[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def signal(self, number):
        self.process.send_signal(number)

    async def stops(self):
        """Asks it to end, and returns its exit code. In a thread: connections of ours that nobody drives hold it up."""
        self.signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, HANG)

    def errors(self):
        return os.pread(self.log.fileno(), 100_000, 0).decode()

    def is_alive(self):
        return self.process.poll() is None

    def descriptors(self):
        return len(os.listdir(self.proc / "fd"))

    def memory(self):
        """What it has in memory, in MiB."""
        return int(re.search(r"VmRSS:\s+(\d+) kB", (self.proc / "status").read_text())[1]) / 1024

    def busy(self):
        """The seconds on a processor so far: fields 14 and 15 of proc_pid_stat(5)."""
        fields = (self.proc / "stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=HANG) as answer:
            return answer.read().decode()

    async def until(self, what, is_so):
        """Waits for something, and returns how long."""
        began = time.monotonic()
        while not is_so():
            assert self.is_alive(), f"the server ended: {self.errors()}"
            assert time.monotonic() - began < HANG, f"after {HANG} s still not: {what} ({self.descriptors()} descriptors)"
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def until_at_rest(self, besides=0):
        """Until it has no more connections than at its start, and these."""
        most = self.descriptors_at_rest + besides
        return await self.until(f"{most} descriptors", lambda: self.descriptors() <= most)


class Memory:
    """Watches how much memory a server has at most."""

    def __init__(self, server):
        self.server, self.before, self.most = server, server.memory(), 0

    async def __aenter__(self):
        self.watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_):
        self.watching.cancel()
        if self.server.is_alive():
            self.most = max(self.most, self.server.memory())

    async def _watch(self):
        while True:
            self.most = max(self.most, self.server.memory())
            await asyncio.sleep(0.02)

    @property
    def growth(self):
        return self.most - self.before
