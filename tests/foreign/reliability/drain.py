"""Case 30, the end: SIGTERM under load."""

import asyncio
import signal
import time

from client import Client, End, Ends
from frames import TO_HTTP, TRANSLATE, WATCH
from messages import item, to_http
from process import HANG, Server
from traffic import closed_loop

NOT_SERVING = b"\x08\x02"
FLAGS = ["--pre-drain=500ms", "--drain-timeout=3s"]


async def streaming(client):
    """A bulk translation that goes on until the server ends it."""
    call, number = client.begin(TRANSLATE), 0
    while not call.closed.is_set():
        client.send(call, item(number))
        number += 1
        await asyncio.sleep(0.05)
    return call


async def slow(client):
    """A call that is in flight when the server is asked to go, and is sent to its end much later."""
    call = client.begin(TO_HTTP)
    await asyncio.sleep(1.5)
    client.send(call, to_http(), last=True)
    await call.closed.wait()
    return call


async def run(report, long):
    connections, streams = (20, 500) if long else (8, 50)
    for _ in range(5 if long else 1):
        await once(report, connections, streams)


async def once(report, connections, streams):
    with Server(*FLAGS) as server:
        unary, slow_ones, ended, never = Ends(), Ends(), Ends(), asyncio.Event()
        load = [asyncio.create_task(closed_loop(server, unary, 16, never)) for _ in range(connections)]
        others = [await Client.open(server.port) for _ in range(max(1, streams // 50))]
        bulk = [asyncio.create_task(streaming(others[at % len(others)])) for at in range(streams)]
        watching = await Client.open(server.port)
        watch = watching.begin(WATCH)
        watching.send(watch, b"", last=True)
        await server.until("it is under load", lambda: unary[0] > 1000 and watch.messages)
        late = [asyncio.create_task(slow(client)) for client in others for _ in range(8)]
        await asyncio.sleep(0.1)

        asked = time.monotonic()
        server.signal(signal.SIGTERM)
        told = await server.until("health says so", lambda: NOT_SERVING in watch.messages)
        before_drain = unary[0]
        async with asyncio.timeout(HANG):
            clients = await asyncio.gather(*load)
            for call in await asyncio.gather(*late):
                slow_ones.add(call)
            for call in await asyncio.gather(*bulk):
                ended.add(call)
            await watch.closed.wait()
        code = await asyncio.to_thread(server.process.wait, HANG)
        took = time.monotonic() - asked

        assert code == 0, server.errors()
        assert unary.lost == 0 and set(unary) <= {0, End.NOT_PROCESSED}, f"unary calls: {unary}"
        assert set(slow_ones) == {0}, f"calls that were in flight: {slow_ones}"
        assert set(ended) == {14}, f"streams: {ended}"
        assert watch.status == 14, watch.fields
        assert all(client.goaways for client in [*clients, *others, watching]), "each connection is told to go"
        report(
            f"SIGTERM, {connections * 16} calls at once and {streams} streams",
            answered=unary[0],
            of_these_after_NOT_SERVING=unary[0] - before_drain,
            not_processed=unary.not_processed,
            lost=unary.lost + ended.lost,
            slow_ones_answered=slow_ones[0],
            streams_with_a_status=ended[14],
            NOT_SERVING_after=f"{1000 * told:.0f} ms",
            exit_code=code,
            gone_after=f"{took:.1f} s",
        )
        for client in [*clients, *others, watching]:
            client.close()
