"""Case 30, the catalog: reloads under load, of which every other one is bad."""

import asyncio
import pathlib
import re
import signal
import tempfile

from client import Ends
from messages import catalog, job_lost, says
from process import Memory, Server
from traffic import closed_loop

RELOADS = 200
FAILURES = "errwire_catalog_reload_failures_total"


def replace(path, text):
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


def harm(path, number):
    """What breaks the file the `number`th time."""
    good = catalog(number)
    match number % 6:
        case 0:
            replace(path, "domain: [")
        case 1:
            replace(path, good.replace("ABORTED", "OK"))
        case 2:
            path.write_text(good[:-10])
        case 3:
            path.unlink()
        case 4:
            path.unlink()
            path.mkdir()
        case 5:
            replace(path, good + "#" * 200_000)


def fix(path, number):
    if path.is_dir():
        path.rmdir()
    replace(path, catalog(number))


def counted(server, name):
    return int(re.search(rf"^{name} (\d+)", server.metrics(), re.MULTILINE)[1])


async def run(report, _):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "c.yaml")
        replace(path, catalog(0))
        flags = [f"--catalog={path}", "--catalog-reload-interval=20ms", "--max-catalog-bytes=100000"]
        with Server(*flags, f"--state-dir={folder}/state") as server:
            await under_load(report, server, path)
            assert await server.stops() == 0, server.errors()
        # The file is bad and the server is new: the last good catalog is still there.
        path.write_text("domain: [")
        with Server(*flags, f"--state-dir={folder}/state") as server:
            ends, done = Ends(), asyncio.Event()
            asyncio.get_running_loop().call_later(0.2, done.set)
            await closed_loop(server, ends, 1, done, is_right=lambda data: says(data) == RELOADS, payload=job_lost())
            assert set(ends) == {0}, ends


async def under_load(report, server, path):
    ends, done, seen = Ends(), asyncio.Event(), set()

    def is_right(data):
        seen.add(says(data))
        return True

    load = [asyncio.create_task(closed_loop(server, ends, 2, done, is_right=is_right, payload=job_lost())) for _ in range(2)]
    async with Memory(server) as memory:
        for number in range(2, RELOADS + 1, 2):
            failures = counted(server, FAILURES)
            harm(path, number // 2)
            server.signal(signal.SIGHUP)
            await server.until(f"bad file {number} is refused", lambda: counted(server, FAILURES) > failures)
            fix(path, number)
            server.signal(signal.SIGHUP)
            await server.until(f"version {number} is seen", lambda: number in seen)
    done.set()
    for client in await asyncio.gather(*load):
        client.close()
    assert set(ends) == {0}, f"no call is lost or refused: {ends}"
    report(
        f"{RELOADS} reloads, {RELOADS // 2} bad",
        answers=ends[0],
        versions_seen=len(seen),
        of_two_versions=0,
        lost=ends.lost,
        memory=f"+{memory.growth:.1f} MiB",
    )
