"""Streams that stay open: watchers that read nothing, responses that nobody reads, and streams that are silent."""

import asyncio
import time

from client import Client, Ends
from frames import (
    ACK, DATA, END_HEADERS, END_STREAM, HEADERS, INITIAL_WINDOW_SIZE, SETTINGS, TO_HTTP, TRANSLATE, WATCH, WINDOW_UPDATE, Peer,
    frame, message, request,
)  # fmt: skip
from messages import large_details, to_http
from process import HANG, Memory, Server, catalog_file

WATCH_CATALOG = "/errwire.v1.CatalogService/WatchCatalog"
STREAMS = 99

# What docs/reliability.md allows each connection, in MiB, and what the allocator may keep besides.
MOST_EACH, MOST_BESIDES = 8, 32
LARGEST_FRAME = 16_384


class Asks(Peer):
    """A connection that asks on many streams within the windows of the server, and takes nothing of the responses."""

    async def reads(self):
        """Hears of windows, and nothing else."""
        self.connection, self.initial, self.windows = 65_535, 65_535, {}
        self.more = asyncio.Event()
        while (read := await self.read()) is not None:
            kind, flags, stream, payload = read
            if kind == SETTINGS and not flags & ACK:
                for at in range(0, len(payload), 6):
                    if int.from_bytes(payload[at : at + 2]) == INITIAL_WINDOW_SIZE:
                        self.initial = int.from_bytes(payload[at + 2 : at + 6])
                self.write(frame(SETTINGS, ACK, 0))
            elif kind == WINDOW_UPDATE and stream == 0:
                self.connection += int.from_bytes(payload)
            elif kind == WINDOW_UPDATE:
                self.windows[stream] = self.windows.get(stream, 0) + int.from_bytes(payload)
            self.more.set()

    async def asks(self, path, payload=b"", streams=STREAMS):
        """Returns how many bytes it has sent."""
        self.reading, sent = asyncio.create_task(self.reads()), 0
        await asyncio.sleep(0.1)
        for stream in range(1, 2 * streams, 2):
            head, data = frame(HEADERS, END_HEADERS, stream, request(path)), message(payload)
            self.write(head)
            sent += len(head)
            self.windows[stream] = self.initial + self.windows.get(stream, 0)
            while data:
                self.more.clear()
                size = min(len(data), LARGEST_FRAME, self.connection, self.windows[stream])
                if not size:
                    await self.more.wait()
                    continue
                piece, data = data[:size], data[size:]
                self.write(frame(DATA, 0 if data else END_STREAM, stream, piece))
                self.connection -= size
                self.windows[stream] -= size
                sent += 9 + size
                await self.writer.drain()
        return sent


async def unary_calls_are_answered(server, count):
    client, ends = await Client.open(server.port), Ends()
    for _ in range(count):
        ends.add(await asyncio.wait_for(client.unary(to_http()), HANG))
    client.close()
    assert set(ends) == {0}, f"unary calls next to open streams: {ends}"
    return ends


async def watchers(report, kinds, connections):
    """Each watcher has no room for the catalog that it asked for."""
    with catalog_file(kinds) as file, Server(f"--catalog={file}", "--write-timeout=1h", "--max-open-streams=10000") as server:
        async with Memory(server) as memory:
            peers = [await Asks.open(server.port, window=0) for _ in range(connections)]
            sent = sum(await asyncio.gather(*(peer.asks(WATCH_CATALOG) for peer in peers)))
            await asyncio.sleep(2)
            ends = await unary_calls_are_answered(server, 50)
        most = max(MOST_EACH * connections, 100 * sent / 2**20) + MOST_BESIDES
        report(
            f"{connections * STREAMS} watchers of {kinds:,} kinds without room",
            sent=f"{sent / 2**10:.0f} KiB",
            memory=f"+{memory.growth:.1f} MiB",
            unary=f"{ends[0]} of {sum(ends.values())}",
        )
        assert memory.growth <= most, f"{memory.growth:.1f} MiB more, of {most}"
        for peer in peers:
            peer.close()
        await server.until_at_rest()
        assert await server.stops() == 0, server.errors()


async def unread_responses(report):
    """Two connections ask for 3.9 MiB on each of their streams, and read nothing."""
    limit = 64
    with Server(f"--max-buffered-bytes={limit}MiB", "--write-timeout=1h", "--request-timeout=1h") as server:
        async with Memory(server) as memory:
            peers = [await Asks.open(server.port, window=0) for _ in range(2)]

            async def asks(peer):
                # The server takes no more than it has room for, so that the last ones may wait.
                try:
                    await asyncio.wait_for(peer.asks(TO_HTTP, large_details(int(3.9 * 2**20))), 20)
                except (OSError, TimeoutError):
                    pass

            await asyncio.gather(*map(asks, peers))
            ends = await unary_calls_are_answered(server, 50)
        most = 2 * limit + MOST_EACH * len(peers) + STREAMS * len(peers) * 64 / 1024 + MOST_BESIDES
        for peer in peers:
            peer.close()
        await server.until_at_rest()
        await unary_calls_are_answered(server, 50)
        await server.until("the memory is given back", lambda: server.memory() - memory.before <= MOST_BESIDES)
        report(
            f"responses of 3.9 MiB that nobody reads, {limit} MiB of room",
            memory=f"+{memory.growth:.1f} MiB",
            afterwards=f"+{server.memory() - memory.before:.1f} MiB",
            unary=f"{ends[0]} of {sum(ends.values())}",
        )
        assert memory.growth <= most, f"{memory.growth:.1f} MiB more, of {most}"
        assert server.memory() - memory.before <= MOST_BESIDES
        assert await server.stops() == 0, server.errors()


async def silent_streams(report):
    """More streams than there are places, which say nothing: unary calls are answered, and new streams find places."""
    with Server("--max-open-streams=4096") as server:
        async with Memory(server) as memory:
            sent, all_peers, took = 0, [], {}
            for path, payload in ((TRANSLATE, None), (WATCH, b""), (WATCH_CATALOG, b"")):
                peers = [await Asks.open(server.port) for _ in range(42)]
                all_peers += peers
                for peer in peers:
                    if payload is None:
                        heads = [frame(HEADERS, END_HEADERS, at, request(path)) for at in range(1, 2 * STREAMS, 2)]
                        peer.write(b"".join(heads))
                        sent += sum(map(len, heads))
                    else:
                        sent += await peer.asks(path, payload)
                await asyncio.sleep(0.5)
                ends = await unary_calls_are_answered(server, 100)
                took[path] = ends.percentile(0.99)
                if payload is None:
                    # Silent translations give way.
                    client, began = await Client.open(server.port), time.monotonic()
                    while True:
                        call = client.begin(WATCH_CATALOG)
                        client.send(call, b"", last=True)
                        await asyncio.sleep(0.1)
                        if call.messages:
                            break
                        assert time.monotonic() - began < HANG, "nobody finds a place"
                    waited = time.monotonic() - began
                    client.close()
        report(
            f"{42 * STREAMS * 3:,} silent streams, 4,096 places",
            memory=f"+{memory.growth:.1f} MiB",
            unary_p99=" ".join(f"{ms:.1f} ms" for ms in took.values()),
            new_stream_after=f"{waited:.1f} s",
        )
        most = max(MOST_EACH * len(all_peers), 100 * sent / 2**20) + MOST_BESIDES
        assert memory.growth <= most, f"{memory.growth:.1f} MiB more, of {most}"
        for peer in all_peers:
            peer.close()
        await server.until_at_rest()
        assert await server.stops() == 0, server.errors()


async def run(report, long):
    await watchers(report, 1_000, 20 if long else 5)
    await watchers(report, 20_000, 20 if long else 5)
    await unread_responses(report)
    await silent_streams(report)
