"""A load client that costs little: requests made ahead, sent over keep-alive sockets by one thread.

Load, service and database share one machine, so whatever this spends is taken from what it measures. Every
answer is read to its end and has to be the one that was expected; any other is an error, never a success.
"""

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What one run of the client found. Latencies are in seconds, of successes within the time measured."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    successes: int = 0  # of the warm-up and the end too
    errors: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency, in seconds, that this share of the successes stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def is_whole(self, *, ended: bool) -> bool:
        """Whether an answer has come in whole: by its Content-Length, or to the end of the connection."""
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return ended
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        if at < 0:
            return ended or body.endswith(b"0\r\n\r\n")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0])
        return len(body) >= length or ended


def run(
    port: int,
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    warm_up: float,
    expected: bytes,
) -> Outcome:
    """Send `requests` from so many connections, each waiting for its answer before it sends the next.

    A success has status 200 and `expected` in its body. What is answered within `warm_up` seconds is checked,
    not measured.
    """
    outcome = Outcome()
    poll = select.epoll()
    clients: dict[int, _Connection] = {}
    begin = time.perf_counter() + warm_up
    end = begin + seconds
    for _ in range(connections):
        client = _Connection(port)
        clients[client.socket.fileno()] = client
        poll.register(client.socket.fileno(), select.EPOLLIN)
        client.send(next(requests))
    while clients:
        ready = poll.poll(30)
        if not ready:
            outcome.errors.append(b"no answer within 30 s")
            break
        for number, _ in ready:
            client = clients[number]
            received = client.socket.recv(65536)
            client.received += received
            if not client.is_whole(ended=not received):
                continue
            now = time.perf_counter()
            _note(outcome, client, expected, now, measured=begin <= now < end)
            closes = not received or b"connection: close" in client.received[:600].lower()
            if closes or now >= end:
                poll.unregister(number)
                client.socket.close()
                del clients[number]
            if now >= end:
                continue
            if closes:
                client.open()
                clients[client.socket.fileno()] = client
                poll.register(client.socket.fileno(), select.EPOLLIN)
            client.send(next(requests))
    outcome.seconds = seconds
    poll.close()
    return outcome


def _note(outcome: Outcome, client: _Connection, expected: bytes, now: float, *, measured: bool) -> None:
    if client.received.startswith(b"HTTP/1.1 200") and expected in client.received:
        outcome.successes += 1
        if measured:
            outcome.latencies.append(now - client.sent_at)
    else:
        outcome.errors.append(client.received[:600])
