"""Case 29: four times as many calls as there is room for, whether or not they are answered."""

import asyncio
import time

from client import Client, End, Ends
from messages import is_not_found, to_http
from process import HANG, Memory, Server

# A call takes as long as its caller takes to send it. So the capacity is known: 160 a second.
AT_ONCE, HOLD = 32, 0.2
CAPACITY = AT_ONCE / HOLD
CONNECTIONS = 20


async def offered(server, rate, seconds):
    """Calls at this rate. Gives how they ended, and how long those that were refused took."""
    clients = [await Client.open(server.port) for _ in range(CONNECTIONS)]
    ends, refused = Ends(), []

    async def one(client):
        call = await asyncio.wait_for(client.unary(to_http(), hold=HOLD), HANG)
        ends.add(call)
        if call.end is End.STATUS and call.status == 14:
            assert call.retry_after() == 1, call.fields
            refused.append(call.took)
        elif call.status == 0:
            assert is_not_found(call.messages[0])

    began, calls = time.monotonic(), []
    while (late := time.monotonic() - began) < seconds:
        while len(calls) < rate * late:
            calls.append(asyncio.create_task(one(clients[len(calls) % CONNECTIONS])))
        await asyncio.sleep(0.001)
    await asyncio.gather(*calls)
    assert sum(ends.values()) == len(calls)
    for client in clients:
        assert not client.goaways
        client.close()
    return ends, sorted(refused), time.monotonic() - began


async def run(report, long):
    with Server(f"--max-concurrent-requests={AT_ONCE}", "--keepalive-interval=off") as server:
        goodput = {}
        for part in (0.5, 1, 2, 4) if long else (0.5, 4):
            async with Memory(server) as memory:
                ends, refused, took = await offered(server, part * CAPACITY, 15 if long else 3)
            goodput[part] = ends[0] / took
            assert set(ends) <= {0, 14} and ends[0] > 0, f"every call is answered, or told to come again: {ends}"
            report(
                f"{part} times the capacity",
                offered=f"{sum(ends.values()) / took:.0f}/s",
                answered=f"{goodput[part]:.0f}/s",
                p99=f"{ends.percentile(0.99):.0f} ms",
                refused=f"{ends[14]}" + (f" (p50 {1000 * refused[len(refused) // 2]:.1f} ms)" if refused else ""),
                lost=ends.lost,
                memory=f"+{memory.growth:.1f} MiB",
            )
        # And afterwards, as if nothing had been.
        ends, _, _ = await offered(server, CAPACITY / 8, 1)
        assert set(ends) == {0}, f"after the overload: {ends}"
        await server.until_at_rest()
        assert await server.stops() == 0, server.errors()
