"""Case 26: peers that begin and do not go on, and a process that has no descriptor left."""

import asyncio
import time

from certificates import Authority
from client import Client, Ends, Gone
from frames import (
    DATA, END_HEADERS, END_STREAM, HEADERS, PREFACE, RST_STREAM, TO_HTTP, Peer, frame, message, request,
)  # fmt: skip
from messages import to_http
from process import HANG, Memory, Server, allow_descriptors
from traffic import healthy

HANDSHAKE = "--handshake-timeout=2s"
FLAGS = ["--write-timeout=2s", "--idle-timeout=2s", "--max-connection-age-grace=1s"]

# The beginning of a ClientHello, which is 512 bytes long.
HALF_A_HELLO = bytes.fromhex("1603010200010001fc0303")


async def stalls(beginning, port):
    peer = await Peer.connect(port)
    peer.write(beginning)
    return peer


async def asks_and_takes_nothing(port, calls=1):
    """So many calls, for whose answers there is no room."""
    peer = await Peer.open(port, window=0)
    for stream in range(1, 2 * calls, 2):
        peer.write(frame(HEADERS, END_HEADERS, stream, request(TO_HTTP)))
        peer.write(frame(DATA, END_STREAM, stream, message(to_http())))
    return peer


async def asks_and_sends_nothing(port, calls):
    """So many calls, whose messages do not come."""
    peer = await Peer.open(port)
    for stream in range(1, 2 * calls, 2):
        peer.write(frame(HEADERS, END_HEADERS, stream, request(TO_HTTP)))
    return peer


def closed_by_the_server(peers):
    """For each peer a task that ends when the server closes its connection, with the frames until then."""
    return [asyncio.create_task(peer.until_closed()) for peer in peers]


async def all_closed(server, peers, closing, others=0):
    """The frames of each peer until its connection was closed, while there are so many connections of others.

    A crowded kernel answers with SYN cookies, and then may drop the end of a handshake: the peer takes itself for connected, and
    the server has never heard of it. One that sends nothing would never learn that; the first byte shows it.
    """
    _, unknown = await asyncio.wait(closing, timeout=HANG / 3)
    if unknown:
        await server.until_at_rest(besides=others)
        for peer, closed in zip(peers, closing, strict=True):
            if not closed.done():
                peer.write(PREFACE[:1])
    return await asyncio.wait_for(asyncio.gather(*closing), HANG)


async def one_way(report, name, server, connect, count, tls=None):
    """So many connections that stall in one way, and what the server does with them."""
    async with healthy(server, tls) as ends, Memory(server) as memory:
        busy, began = server.busy(), time.monotonic()
        peers = []
        for at in range(0, count, 100):
            peers += await asyncio.gather(*(connect(server.port) for _ in range(min(100, count - at))))
        descriptors = server.descriptors()
        # The two healthy callers have a connection each.
        frames = await all_closed(server, peers, closed_by_the_server(peers), others=2)
        took, busy = time.monotonic() - began, server.busy() - busy
        for peer in peers:
            peer.close()
    assert server.is_alive(), server.errors()
    await server.until_at_rest()
    report(
        name,
        connections=count,
        descriptors=descriptors,
        closed_after=f"{took:.1f} s",
        memory=f"+{memory.growth:.1f} MiB",
        processor=f"{busy:.2f} s",
        healthy=f"{ends[0]} of {sum(ends.values())}",
    )
    return frames


async def run(report, _):
    count = min(2000, allow_descriptors() // 2)
    with Server(HANDSHAKE, *FLAGS) as server:
        await one_way(report, "sends nothing", server, lambda port: stalls(b"", port), count)
        await one_way(report, "half a preface", server, lambda port: stalls(PREFACE[:12], port), count)
        frames = await one_way(report, "takes no answer", server, asks_and_takes_nothing, count)
        resets = {sum(kind == RST_STREAM for kind, _ in of_one) for of_one in frames}
        assert resets == {1}, f"each of the streams is reset: {resets}"
        assert await server.stops() == 0, server.errors()
    with Authority() as authority, Server(HANDSHAKE, *FLAGS, *authority.flags()) as server:
        tls = authority.client()
        await one_way(report, "TLS, sends nothing", server, lambda port: stalls(b"", port), count, tls)
        await one_way(report, "TLS, half a hello", server, lambda port: stalls(HALF_A_HELLO, port), count, tls)
        assert await server.stops() == 0, server.errors()
    await all_places(report)
    await few_descriptors(report)


async def all_places(report):
    """More calls than there is room for, held open by their callers, where timeouts do not help."""
    with Server("--max-concurrent-requests=400", "--write-timeout=1h", "--request-timeout=1h") as server:
        for name, connect in (("take no answer", asks_and_takes_nothing), ("send no request", asks_and_sends_nothing)):
            peers = await asyncio.gather(*(connect(server.port, 100) for _ in range(6)))
            client, began, ends = await Client.open(server.port), time.monotonic(), Ends()
            while ends[0] < 100:
                call = await asyncio.wait_for(client.unary(to_http()), HANG)
                ends.add(call)
                assert call.status == 0 or call.retry_after() == 1, call.fields
                assert time.monotonic() - began < HANG, f"nobody else is let in: {ends}"
                await asyncio.sleep(0.02)
            report(
                f"600 calls {name}, 400 places",
                healthy=f"{ends[0]} of {sum(ends.values())}, the others told to come again",
                after=f"{time.monotonic() - began:.1f} s",
            )
            for peer in [client, *peers]:
                peer.close()
            await server.until_at_rest()
        assert await server.stops() == 0, server.errors()


async def few_descriptors(report):
    """More connections than the process has descriptors for: half of 256 are for connections."""
    with Server(*FLAGS, "--handshake-timeout=4s", descriptors=256) as server:
        peers = await asyncio.gather(*(stalls(b"", server.port) for _ in range(400)))
        closing = closed_by_the_server(peers)
        closed = lambda: sum(task.done() for task in closing)
        await server.until("those above the limit are closed", lambda: closed() >= 272)
        busy, began = server.busy(), time.monotonic()
        # The admin listener has descriptors of its own.
        assert "process_open_fds" in await asyncio.to_thread(server.metrics)
        descriptors = server.descriptors()
        assert descriptors < 200, descriptors
        await asyncio.sleep(1)
        busy = (server.busy() - busy) / (time.monotonic() - began)
        assert busy < 0.5, f"it is busy for {busy:.0%} of the time"
        # Without any help: the timeouts make room.
        began = time.monotonic()
        while True:
            client = await Client.open(server.port)
            try:
                answered = (await asyncio.wait_for(client.unary(to_http()), HANG)).status == 0
            except (Gone, OSError):
                answered = False
            client.close()
            if answered:
                break
            assert time.monotonic() - began < HANG, "nobody is let in"
            await asyncio.sleep(0.1)
        recovered = time.monotonic() - began
        await all_closed(server, peers, closing)
        for peer in peers:
            peer.close()
        await server.until_at_rest()
        report(
            "256 descriptors, 400 connections",
            descriptors=descriptors,
            processor=f"{busy:.1%} of one",
            answers_after=f"{recovered:.1f} s",
            lines_in_the_log=server.errors().count("too few file descriptors"),
        )
        assert await server.stops() == 0, server.errors()
