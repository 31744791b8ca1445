"""Callers that do nothing wrong."""

import asyncio
import contextlib

from client import Client, End, Ends, Gone
from messages import is_not_found, to_http


@contextlib.asynccontextmanager
async def healthy(server, tls=None, crowded=False):
    """One caller on a connection that lasts, and one with a new connection for each call, for as long as the block runs.
    Then every one of their calls has to be answered, and some of them were made; of a `crowded` server some may be told to come
    again.
    """
    ends, done = Ends(), asyncio.Event()

    async def lasting():
        client = await Client.open(server.port, tls)
        while not done.is_set():
            try:
                ends.add(await answered(client))
            except Gone:
                # Whoever was busy for longer than the idle timeout is told to come again.
                client.close()
                client = await Client.open(server.port, tls)
            await asyncio.sleep(0.005)
        client.close()

    async def new_ones():
        while not done.is_set():
            client = await Client.open(server.port, tls)
            ends.add(await answered(client))
            client.close()
            await asyncio.sleep(0.05)

    callers = [asyncio.create_task(lasting()), asyncio.create_task(new_ones())]
    try:
        yield ends
    finally:
        done.set()
        await asyncio.gather(*callers)
    assert set(ends) <= ({0, 14} if crowded else {0}) and ends[0] > 1, f"healthy callers: {ends}"


async def answered(client):
    call = await client.unary(to_http())
    assert call.status != 14 or call.retry_after() == 1, call.fields
    if call.status == 0:
        assert is_not_found(call.messages[0])
    return call


async def closed_loop(server, ends, callers, done, tls=None, is_right=is_not_found, payload=None):
    """`callers` calls at once on one connection, each followed by the next, until `done`, or the connection takes no more.
    Gives the client.
    """
    client = await Client.open(server.port, tls)

    async def caller():
        with contextlib.suppress(Gone):
            while not done.is_set():
                call = await client.unary(payload or to_http())
                ends.add(call)
                if call.status == 0:
                    assert is_right(call.messages[0])
                elif call.end is not End.STATUS:
                    return

    await asyncio.gather(*(caller() for _ in range(callers)))
    return client
