"""HTTP/1.1 clients that keep their connections: what is refused before its body is read costs the next call nothing."""

import asyncio
import http.client
import json
import pathlib

from process import HANG, Server

RPC = "/errwire.v1.ErrorMappingService/GrpcToHttp"
JSON = {"content-type": "application/json"}
GOOD = ["POST", RPC, JSON, 0]
NODE = pathlib.Path(__file__).parent.parent / "node" / "kept_connections.cjs"

# A status, and the method, path, header fields and size of a request that gets it. A body of a few hundred bytes is there with the head; one of
# 300 KB is on its way when the answer is.
SIZES = [200, 300_000]
REFUSALS = [
    (status, method, path, fields, size)
    for status, method, path, fields in [
        (404, "POST", "/nowhere", JSON),
        (405, "PUT", RPC, JSON),
        (415, "POST", RPC, {"content-type": "text/plain"}),
        (501, "POST", RPC, JSON | {"content-encoding": "gzip"}),
    ]
    for size in SIZES
] + [(413, "POST", RPC, JSON, 600_000)]
TIMES = 20


def body(size):
    """A request of the RPC, filled up with blanks to this size."""
    return b'{"trailers": {"grpcStatus": "5"}}'.ljust(size)


def ask(connection, method, path, fields, size):
    connection.request(method, path, body(size), fields)
    with connection.getresponse() as response:
        response.read()
        return response.status


def ask_all(port):
    """The status of each refusal, and of the call after it on the same `http.client`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
    told = []
    for _, *refused in REFUSALS:
        for _ in range(TIMES):
            assert ask(connection, *GOOD) == 200
            told.append([ask(connection, *refused), ask(connection, *GOOD)])
    connection.close()
    return told


async def ask_all_with_node(port):
    """The same with the agent of Node, which keeps one connection."""
    calls = {"port": port, "times": TIMES, "good": GOOD, "refused": [refused for _, *refused in REFUSALS]}
    node = await asyncio.create_subprocess_exec(
        "node", NODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(node.communicate(json.dumps(calls).encode()), HANG)
    assert node.returncode == 0, node.returncode
    return json.loads(out)


async def run(report, _):
    expected = [[status, 200] for status, *_ in REFUSALS for _ in range(TIMES)]
    with Server("--max-message-bytes=512KiB") as server:
        told = await asyncio.to_thread(ask_all, server.port), await ask_all_with_node(server.port)
        for name, told in zip(("http.client of Python", "the agent of Node"), told, strict=True):
            wrong = [(*pair, *wanted) for pair, wanted in zip(told, expected, strict=True) if pair != wanted]
            report(name, refusals=len(told), lost_calls=len(wrong))
            assert not wrong, wrong
        assert await server.stops() == 0, server.errors()
