"""HTTP/2 frame by frame (RFC 9113), for what no client library would do."""

import asyncio
import struct

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, _, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
ACK = END_STREAM = 1
END_HEADERS = 4

REFUSED_STREAM, CANCEL = 7, 8
INITIAL_WINDOW_SIZE = 4
LARGEST_WINDOW = 2**31 - 1

TO_HTTP = "/errwire.v1.ErrorMappingService/GrpcToHttp"
TRANSLATE = "/errwire.v1.ErrorMappingService/Translate"
WATCH = "/grpc.health.v1.Health/Watch"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(**values):
    names = {"window": INITIAL_WINDOW_SIZE}
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", names[name], value) for name, value in values.items()))


def block(fields):
    """Literals that go into no table, each shorter than 127 bytes (RFC 7541, 6.2.2)."""
    out = bytearray()
    for name, value in fields:
        name, value = name.encode(), value.encode()
        out += bytes([0, len(name)]) + name + bytes([len(value)]) + value
    return bytes(out)


def request(path):
    return block(
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "localhost"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ]
    )


def message(payload):
    """A message of gRPC, not compressed."""
    return struct.pack(">BI", 0, len(payload)) + payload


class Peer:
    """A connection that does what it is told, and no more."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.decoder = hpack.Decoder()

    @classmethod
    async def connect(cls, port, tls=None):
        name = "localhost" if tls else None
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=name))

    @classmethod
    async def open(cls, port, window=LARGEST_WINDOW, tls=None):
        """With the preface sent; `window` is what each stream may send us."""
        peer = await cls.connect(port, tls)
        peer.write(PREFACE + settings(window=window))
        return peer

    def write(self, data):
        self.writer.write(data)

    async def read(self):
        """Kind, flags, stream and payload; `None` when the connection is closed."""
        try:
            head = await self.reader.readexactly(9)
            payload = await self.reader.readexactly(int.from_bytes(head[:3]))
        except (asyncio.IncompleteReadError, OSError):
            return None
        return head[3], head[4], int.from_bytes(head[5:]) & LARGEST_WINDOW, payload

    async def until_closed(self):
        """All frames that come before the end, as kind and payload."""
        frames = []
        while (read := await self.read()) is not None:
            frames.append((read[0], read[3]))
        return frames

    def close(self):
        self.writer.transport.abort()


def goaway_code(payload):
    return int.from_bytes(payload[4:8])
