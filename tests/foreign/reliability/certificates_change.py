"""Case 30, the certificate: it is replaced under load."""

import asyncio
import signal

from certificates import Authority
from client import Client, Ends
from process import HANG, Server
from traffic import answered, closed_loop

ROTATIONS = 5


async def run(report, long):
    rotations = 20 * ROTATIONS if long else ROTATIONS
    with Authority() as authority, Server("--tls-reload-interval=100ms", *authority.flags()) as server:
        tls = authority.client()
        lasting, new, shown, done = Ends(), Ends(), set(), asyncio.Event()

        async def new_connections():
            while not done.is_set():
                client = await asyncio.wait_for(Client.open(server.port, tls), HANG)
                shown.add(client.peer.writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
                new.add(await answered(client))
                client.close()

        load = asyncio.create_task(closed_loop(server, lasting, 4, done, tls))
        callers = [asyncio.create_task(new_connections()) for _ in range(4)]
        issued = {authority.issue()}
        for _ in range(rotations):
            certificate = authority.issue()
            issued.add(certificate)
            server.signal(signal.SIGHUP)
            await server.until("the new certificate is shown", lambda: certificate in shown)
        done.set()
        await asyncio.gather(*callers)
        client = await load
        assert not client.goaways and not client.is_closed, "a connection that is there stays"
        client.close()
        assert set(lasting) == set(new) == {0}, f"{lasting} {new}"
        report(
            f"{rotations} certificates",
            calls_on_one_connection=lasting[0],
            new_connections=new[0],
            certificates_seen=len(shown & issued),
            lost=lasting.lost + new.lost,
        )
        assert await server.stops() == 0, server.errors()
