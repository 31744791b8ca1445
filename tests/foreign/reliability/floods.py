"""Case 25: floods of frames that are each allowed, and cost their sender next to nothing."""

import asyncio
import itertools
import time

from frames import (
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PRIORITY, RST_STREAM, SETTINGS, TO_HTTP, TRANSLATE,
    CANCEL, WINDOW_UPDATE, Peer, block, frame, goaway_code, message, request,
)  # fmt: skip
from messages import to_http
from process import Memory, Server
from traffic import healthy

FLAGS = ["--write-timeout=5s", "--handshake-timeout=5s", "--keepalive-interval=5s", "--keepalive-timeout=5s"]

# What is allowed to each connection, in MiB, and what the allocator may keep besides.
MOST_EACH, MOST_BESIDES = 8, 32

EACH_WRITE = 64 * 1024


def streams():
    return itertools.count(1, 2)


def rapid_reset():
    """CVE-2023-44487."""
    for stream in streams():
        yield frame(HEADERS, END_HEADERS | END_STREAM, stream, request(TO_HTTP))
        yield frame(RST_STREAM, 0, stream, CANCEL.to_bytes(4))


def made_you_reset():
    """CVE-2025-8671: the server resets the stream, since a window grows by nothing."""
    for stream in streams():
        yield frame(HEADERS, END_HEADERS, stream, request(TO_HTTP))
        yield frame(WINDOW_UPDATE, 0, stream, bytes(4))


def continuations():
    """VU#421644: a header that never ends."""
    yield frame(HEADERS, 0, 1, request(TO_HTTP))
    for number in itertools.count():
        yield frame(CONTINUATION, 0, 1, block([(f"x-{number}", "a" * 100)]))


def empty_data():
    """RUSTSEC-2026-0258."""
    yield frame(HEADERS, END_HEADERS, 1, request(TRANSLATE))
    while True:
        yield frame(DATA, 0, 1)


def pings():
    while True:
        yield frame(PING, 0, 0, bytes(8))


def settings_frames():
    while True:
        yield frame(SETTINGS, 0, 0)


def priorities():
    for stream in itertools.cycle(range(1, 100_001, 2)):
        yield frame(PRIORITY, 0, stream, bytes(4) + b"\x10")


def window_updates():
    # As many as the window of a connection can grow by.
    for _ in range(2**30):
        yield frame(WINDOW_UPDATE, 0, 0, (1).to_bytes(4))


def hpack_bomb(references):
    """One field of 4,000 bytes goes into the table, and each stream names it so many times in a byte each; there is no room
    for any answer.
    """
    into_the_table = b"\x40\x01a\x7f" + bytes([(3900 - 127) & 0x7F | 0x80, (3900 - 127) >> 7]) + b"b" * 3900
    yield frame(HEADERS, END_HEADERS, 1, request(TO_HTTP) + into_the_table)
    for stream in itertools.islice(streams(), 1, 100):
        yield frame(HEADERS, END_HEADERS, stream, request(TO_HTTP) + b"\xbe" * references)
        yield frame(DATA, END_STREAM, stream, message(to_http()))


def small_fields():
    """As `hpack_bomb`, with as many fields as the limit of 16 KiB lets through, since each counts as 32 bytes more."""
    yield frame(HEADERS, END_HEADERS, 1, request(TO_HTTP) + b"\x40\x01a\x01b")
    for stream in itertools.islice(streams(), 1, 100):
        yield frame(HEADERS, END_HEADERS, stream, request(TO_HTTP) + b"\xbe" * 460)
        yield frame(DATA, END_STREAM, stream, message(to_http()))


# Whether the frames go on for ever, and whether the sender has to be sent away.
FLOODS = {
    "rapid reset": (rapid_reset, True),
    "made you reset": (made_you_reset, True),
    "CONTINUATION": (continuations, True),
    "empty DATA": (empty_data, True),
    "PING": (pings, False),
    "SETTINGS": (settings_frames, False),
    "PRIORITY": (priorities, False),
    "WINDOW_UPDATE": (window_updates, False),
    "HPACK bomb, 16 KiB": (lambda: hpack_bomb(3), False),
    "HPACK bomb, 4 MiB": (lambda: hpack_bomb(1000), True),
    "HPACK, 460 small fields": (small_fields, False),
}


class Attacker:
    """One connection that floods."""

    def __init__(self, peer):
        self.peer, self.sent, self.frames, self.received, self.goaway = peer, 0, 0, 0, None

    async def floods(self, frames, until, reads):
        reading = asyncio.create_task(self._read()) if reads else None
        batch = bytearray()
        try:
            for one in itertools.chain(frames, [None]):
                if one is not None:
                    batch += one
                    self.frames += 1
                if len(batch) >= EACH_WRITE or one is None:
                    self.peer.write(bytes(batch))
                    self.sent += len(batch)
                    batch.clear()
                    await asyncio.wait_for(self.peer.writer.drain(), max(0.01, until - time.monotonic()))
                    await asyncio.sleep(0)
                if time.monotonic() >= until or self.goaway is not None:
                    break
            await asyncio.sleep(max(0, until - time.monotonic()))
        except (OSError, TimeoutError):
            # It is closed, or takes no more.
            pass
        if not reads:
            # What it said before it closed is still there.
            reading = asyncio.create_task(self._read())
            await asyncio.wait([reading], timeout=1)
        elif self.goaway is None:
            await asyncio.wait([reading], timeout=0.2)
        reading.cancel()
        self.peer.close()

    async def _read(self):
        while (read := await self.peer.read()) is not None:
            kind, _, _, payload = read
            self.received += 9 + len(payload)
            if kind == GOAWAY:
                self.goaway = goaway_code(payload)


async def flood(report, server, name, connections, seconds, reads):
    frames, has_limit = FLOODS[name]
    # Each may have a hundred calls in flight, and all together 4,096.
    async with healthy(server, crowded=connections > 40) as ends, Memory(server) as memory:
        busy, began = server.busy(), time.monotonic()
        peers = [await Peer.open(server.port, window=0) for _ in range(connections)]
        attackers = [Attacker(peer) for peer in peers]
        await asyncio.gather(*(attacker.floods(frames(), began + seconds, reads) for attacker in attackers))
        busy = (server.busy() - busy) / (time.monotonic() - began)
    assert server.is_alive(), server.errors()
    await server.until_at_rest()
    goaways = {attacker.goaway for attacker in attackers}
    report(
        name + ("" if reads else ", reads nothing"),
        connections=connections,
        frames=sum(attacker.frames for attacker in attackers),
        sent=f"{sum(attacker.sent for attacker in attackers) / 2**20:.2f} MiB",
        received=f"{sum(attacker.received for attacker in attackers) / 2**20:.2f} MiB",
        memory=f"+{memory.growth:.1f} MiB",
        processor=f"{busy:.0%}",
        GOAWAY=" ".join("none" if code is None else str(code) for code in goaways),
        healthy=f"{ends[0]} of {sum(ends.values())}, p50 {ends.percentile(0.5):.1f} ms, p99 {ends.percentile(0.99):.1f} ms",
    )
    most = MOST_EACH * connections + MOST_BESIDES
    assert memory.growth <= most, f"{name}: {memory.growth:.1f} MiB more, of {most}"
    if has_limit and reads:
        assert None not in goaways, f"{name}: no GOAWAY"


async def run(report, long):
    with Server(*FLAGS) as server:
        for name in FLOODS:
            await flood(report, server, name, 2, 5 if long else 0.5, reads=True)
            if long:
                await flood(report, server, name, 2, 5, reads=False)
                await flood(report, server, name, 50, 5, reads=True)
        if not long:
            await flood(report, server, "PING", 2, 0.5, reads=False)
        assert await server.stops() == 0, server.errors()
