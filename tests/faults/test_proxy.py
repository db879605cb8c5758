"""The proxy of the fault runs does to a connection what it is told, and nothing else."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.proxy import Proxy

WAIT_SECONDS = 15.0
NOTHING_SECONDS = 0.3


class Echo(socketserver.ThreadingTCPServer):
    """Answers each line with itself, and keeps what it got."""

    daemon_threads = True

    def __init__(self) -> None:
        self.got: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Lines)


class Lines(socketserver.StreamRequestHandler):
    server: Echo

    def handle(self) -> None:
        try:
            for line in self.rfile:
                self.server.got.append(line)
                self.wfile.write(line)
        except OSError:
            pass


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.server_address[1]) as running:
        yield running


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with connected(proxy) as connection:
        yield connection


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=WAIT_SECONDS)


def asked(client: socket.socket, line: bytes) -> bytes:
    client.sendall(line)
    return client.recv(1000)


def hears_nothing(client: socket.socket) -> bool:
    client.settimeout(NOTHING_SECONDS)
    try:
        return client.recv(1000) is None
    except TimeoutError:
        return True
    finally:
        client.settimeout(WAIT_SECONDS)


def comes(what: Callable[[], bool]) -> bool:
    """Whether it is so in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not what() and time.monotonic() < deadline:
        time.sleep(0.01)
    return what()


def test_it_passes_on_what_comes(client: socket.socket) -> None:
    assert asked(client, b"one\n") == b"one\n"
    assert asked(client, b"two\n") == b"two\n"


def test_latency_counts_each_way(proxy: Proxy, client: socket.socket) -> None:
    proxy.to_server.latency = proxy.to_client.latency = 0.1
    started = time.monotonic()
    assert asked(client, b"one\n") == b"one\n"
    assert time.monotonic() - started >= 0.2


def test_a_reset_cuts_off_what_is_open_and_takes_what_comes(proxy: Proxy, client: socket.socket) -> None:
    assert asked(client, b"one\n")
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with connected(proxy) as other:
        assert asked(other, b"two\n") == b"two\n"


def test_while_it_refuses_every_new_connection_is_reset(proxy: Proxy) -> None:
    proxy.refuses = True
    with pytest.raises((ConnectionResetError, BrokenPipeError)), connected(proxy) as client:
        asked(client, b"one\n")


def test_into_a_black_hole_nothing_goes_until_it_is_healed(
    proxy: Proxy, echo: Echo, client: socket.socket
) -> None:
    assert asked(client, b"one\n")
    proxy.black_hole(proxy.to_server)
    client.sendall(b"two\n")
    assert hears_nothing(client)
    assert echo.got == [b"one\n"]
    proxy.heal()
    assert client.recv(1000) == b"two\n"


def test_out_of_a_black_hole_nothing_comes(proxy: Proxy, echo: Echo, client: socket.socket) -> None:
    proxy.black_hole(proxy.to_client)
    client.sendall(b"one\n")
    assert hears_nothing(client)
    assert comes(lambda: echo.got == [b"one\n"])


def test_what_a_client_that_is_gone_had_sent_into_it_never_comes(
    proxy: Proxy, echo: Echo, client: socket.socket
) -> None:
    proxy.black_hole(proxy.to_server)
    client.sendall(b"lost\n")
    assert comes(lambda: proxy.connections == 1)
    client.close()
    assert comes(lambda: proxy.connections == 0)
    proxy.heal()
    with connected(proxy) as other:
        assert asked(other, b"two\n") == b"two\n"
    assert echo.got == [b"two\n"]


def test_a_reply_is_dropped_after_the_server_had_the_words(
    proxy: Proxy, echo: Echo, client: socket.socket
) -> None:
    proxy.drop_reply_after, proxy.drops = b"commit", 1
    assert asked(client, b"begin\n") == b"begin\n"
    with pytest.raises(ConnectionResetError):
        asked(client, b"commit\n")
    assert echo.got == [b"begin\n", b"commit\n"]
    assert proxy.dropped == 1
    with connected(proxy) as other:
        assert asked(other, b"commit\n") == b"commit\n"


def test_words_from_before_it_was_told_count_for_nothing(proxy: Proxy, client: socket.socket) -> None:
    assert asked(client, b"commit\n")
    proxy.drop_reply_after, proxy.drops = b"commit", 1
    assert asked(client, b"begin\n") == b"begin\n"


def test_it_holds_a_way_from_the_words_on(proxy: Proxy, echo: Echo, client: socket.socket) -> None:
    proxy.to_server.hold_at = b"mark"
    assert asked(client, b"send\n") == b"send\n"
    assert not proxy.to_server.found.is_set()
    client.sendall(b"ma")
    time.sleep(0.1)
    client.sendall(b"rk\n")
    assert proxy.to_server.found.wait(WAIT_SECONDS)
    assert hears_nothing(client)
    assert echo.got == [b"send\n"]
