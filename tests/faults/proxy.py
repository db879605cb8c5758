"""A TCP proxy between a client and a server, which can be told to do what networks do.

It runs in a thread of its own. What is set takes effect on connections that are open and on new ones.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

CHUNK = 65536
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER for no seconds: closing sends a reset
STOP_SECONDS = 5
LONGEST_PATTERN = 64


@dataclass(eq=False)
class Way:
    """The bytes of one direction: how late they come, whether they come at all, and what is watched for."""

    latency: float = 0.0
    held: bool = False
    hold_at: bytes = b""  # hold this way from the first chunk on that has these bytes, which is kept back
    found: threading.Event = field(default_factory=threading.Event)  # `hold_at` was met

    def meets(self, tail: bytes, chunk: bytes) -> bool:
        """Whether this way is to be held from here on."""
        if has(self.hold_at, tail, chunk):
            self.held, self.hold_at = True, b""
            self.found.set()
        return self.held


def has(pattern: bytes, tail: bytes, chunk: bytes) -> bool:
    """Whether the pattern ends in this chunk; it may begin in what came before it."""
    return bool(pattern) and pattern in tail[len(tail) - len(pattern) + 1 :] + chunk


@dataclass(eq=False)
class Link:
    """One connection through the proxy, and whether its next reply is to be dropped."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    drops_reply: bool = False

    def reset(self) -> None:
        for writer in (self.client, self.server):
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            writer.transport.abort()


class Proxy:
    """Listens on a port of 127.0.0.1 and passes everything on to `port`."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.port = 0
        self.to_server, self.to_client = Way(), Way()
        self.refuses = False  # new connections are reset
        self.drop_reply_after = b""  # the server gets these bytes; its reply is dropped, the client reset
        self.drops = 0  # how many more replies are dropped so
        self.drop_every = 1  # 2: every second one
        self._met = 0
        self.dropped = 0
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._listening = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait(STOP_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)

    @property
    def connections(self) -> int:
        """How many are open through it; one whose end it has not heard of yet counts."""
        return len(self._links)

    # --- What can be told ------------------------------------------------------------------------

    def reset(self) -> None:
        """Cut every open connection off on both sides; new ones are taken."""
        self._call(self._reset_all)

    def black_hole(self, *ways: Way) -> None:
        """From now on nothing comes through these ways (without any: both). The connections stay open."""
        for way in ways or (self.to_server, self.to_client):
            way.held = True

    def heal(self) -> None:
        """Pass everything on again, at once; what was held comes now, as after a network has come back."""
        self.refuses, self.drops = False, 0
        for way in (self.to_server, self.to_client):
            way.latency, way.held, way.hold_at = 0.0, False, b""
            way.found.clear()

    # --- How it does it --------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()
        server.close()
        self._reset_all()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def _call(self, act: Callable[[], None]) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(act)
        self._loop.call_soon_threadsafe(done.set)
        done.wait(STOP_SECONDS)

    def _reset_all(self) -> None:
        for link in list(self._links):
            link.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            Link(writer, writer).reset()
            return
        link = Link(writer, to_server)
        self._links.add(link)
        if self.refuses:
            link.reset()
        pumps = (
            self._pump(reader, to_server, self.to_server, link),
            self._pump(from_server, writer, self.to_client, link),
        )
        with contextlib.suppress(asyncio.CancelledError):  # the proxy ends, and its connections with it
            await asyncio.gather(*pumps)
        self._links.discard(link)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way, link: Link
    ) -> None:
        """Pass one way on until its sender has ended; both sides end then."""
        tail = b""
        try:
            while chunk := await reader.read(CHUNK):
                if way.latency:
                    await asyncio.sleep(way.latency)
                while way.meets(tail, chunk) and _is_there(reader):
                    await asyncio.sleep(0.01)
                if way.held or self._is_dropped(tail, chunk, way, link):
                    link.reset()
                    return
                writer.write(chunk)
                await writer.drain()
                tail = (tail + chunk)[-LONGEST_PATTERN:]
        except OSError:
            pass
        finally:
            for side in (link.client, link.server):
                side.close()

    def _is_dropped(self, tail: bytes, chunk: bytes, way: Way, link: Link) -> bool:
        """Whether this chunk is a reply that the client is not to see."""
        if way is self.to_server:
            if self.drops and has(self.drop_reply_after, tail, chunk):
                self._met += 1
                if self._met % self.drop_every == 0:
                    self.drops -= 1
                    link.drops_reply = True
            return False
        if link.drops_reply:
            self.dropped += 1
        return link.drops_reply


def _is_there(reader: asyncio.StreamReader) -> bool:
    """Whether the sender may still send: what is held of one that is gone never comes."""
    return reader.exception() is None and not reader.at_eof()
