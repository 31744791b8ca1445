"""A client of gRPC that knows what became of each call."""

import asyncio
import base64
import collections
import enum
import time

from google.rpc import error_details_pb2, status_pb2

from frames import (
    ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, LARGEST_WINDOW, PING, REFUSED_STREAM,
    RST_STREAM, SETTINGS, TO_HTTP, WINDOW_UPDATE, Peer, frame, message, request,
)  # fmt: skip


class End(enum.Enum):
    """How a call ended."""

    STATUS = "it has a grpc-status"
    # REFUSED_STREAM, or behind the last stream that a GOAWAY names: RFC 9113, 8.7.
    NOT_PROCESSED = "the server says that it did nothing for it"
    LOST = "it was accepted, and nobody knows what became of it"


class Call:
    """One call, from its first frame on."""

    def __init__(self, stream):
        self.stream = stream
        self.fields, self.data = {}, bytearray()
        self.end, self.closed = None, asyncio.Event()
        self.began = time.monotonic()

    @property
    def status(self):
        return int(self.fields["grpc-status"]) if "grpc-status" in self.fields else None

    @property
    def messages(self):
        messages, data = [], bytes(self.data)
        while len(data) >= 5 and len(data) >= 5 + int.from_bytes(data[1:5]):
            length = 5 + int.from_bytes(data[1:5])
            messages.append(data[5:length])
            data = data[length:]
        return messages

    def retry_after(self):
        """The seconds of its RetryInfo."""
        details = self.fields.get("grpc-status-details-bin", "")
        status = status_pb2.Status.FromString(base64.b64decode(details + "=" * (-len(details) % 4)))
        retry = error_details_pb2.RetryInfo()
        return next((retry.retry_delay.seconds for detail in status.details if detail.Unpack(retry)), None)

    def ends(self, end):
        if self.end is None:
            self.end, self.took = end, time.monotonic() - self.began
            self.closed.set()


class Gone(Exception):
    """The connection takes no more calls; nothing was sent."""


class Client:
    """A connection with any number of calls."""

    def __init__(self, peer):
        self.peer, self.calls, self.last = peer, {}, -1
        self.goaways, self.is_closed, self.received = [], False, 0
        self.reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, port, tls=None):
        peer = await Peer.open(port, tls=tls)
        peer.write(frame(WINDOW_UPDATE, 0, 0, (LARGEST_WINDOW - 65_535).to_bytes(4)))
        return cls(peer)

    def begin(self, path):
        if self.is_closed or self.goaways:
            raise Gone
        self.last += 2
        call = self.calls[self.last] = Call(self.last)
        self.peer.write(frame(HEADERS, END_HEADERS, call.stream, request(path)))
        return call

    def send(self, call, payload, last=False):
        self.peer.write(frame(DATA, END_STREAM if last else 0, call.stream, message(payload)))

    async def unary(self, payload, path=TO_HTTP, hold=None):
        """Makes a call, whose message comes after `hold` seconds, and waits for its end."""
        call = self.begin(path)
        if hold:
            try:
                await asyncio.wait_for(call.closed.wait(), hold)
            except TimeoutError:
                pass
        if not call.closed.is_set():
            self.send(call, payload, last=True)
            await call.closed.wait()
        return call

    def close(self):
        self.reading.cancel()
        self.peer.close()

    async def _read(self):
        while (read := await self.peer.read()) is not None:
            kind, flags, stream, payload = read
            call = self.calls.get(stream)
            if kind == HEADERS:
                fields = dict(self.peer.decoder.decode(payload))
                if call:
                    call.fields.update(fields)
            elif kind == DATA:
                self._takes(len(payload))
                if call:
                    call.data += payload
            elif kind == RST_STREAM and call:
                self._over(call, int.from_bytes(payload) == REFUSED_STREAM)
            elif kind == GOAWAY:
                self._goes_away(payload)
            elif kind in (PING, SETTINGS) and not flags & ACK:
                self.peer.write(frame(kind, ACK, 0, payload if kind == PING else b""))
            if call and kind in (HEADERS, DATA) and flags & END_STREAM:
                self._over(call)
        self.is_closed = True
        for call in list(self.calls.values()):
            self._over(call)

    def _takes(self, size):
        self.received += size
        if self.received >= 2**20:
            self.peer.write(frame(WINDOW_UPDATE, 0, 0, self.received.to_bytes(4)))
            self.received = 0

    def _goes_away(self, payload):
        last = int.from_bytes(payload[:4]) & LARGEST_WINDOW
        self.goaways.append(int.from_bytes(payload[4:8]))
        for stream in [stream for stream in self.calls if stream > last]:
            self._over(self.calls[stream], not_processed=True)

    def _over(self, call, not_processed=False):
        self.calls.pop(call.stream, None)
        if call.status is not None:
            call.ends(End.STATUS)
        else:
            call.ends(End.NOT_PROCESSED if not_processed else End.LOST)


class Ends(collections.Counter):
    """How many calls ended in which way, and how long those with a response took."""

    def __init__(self):
        super().__init__()
        self.took = []

    def add(self, call):
        self[call.status if call.end is End.STATUS else call.end] += 1
        if call.status == 0:
            self.took.append(call.took)

    @property
    def lost(self):
        return self[End.LOST]

    @property
    def not_processed(self):
        return self[End.NOT_PROCESSED]

    def percentile(self, part):
        """In milliseconds."""
        took = sorted(self.took)
        return 1000 * took[min(len(took) - 1, int(part * len(took)))] if took else float("nan")
