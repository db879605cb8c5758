"""Clients that connect and say nothing, or stop in the middle, do not keep the others waiting."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from tests.servers import Service

THREADS = 2
HALF_A_HEAD = b"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_A_BODY = b"POST /proof/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nproof="
WHOLE = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@contextmanager
def held(service: Service, count: int, sent: bytes) -> Iterator[None]:
    """So many connections that have sent this, and stay."""
    with ExitStack() as stack:
        for _ in range(count):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            if sent:
                one.sendall(sent)
        time.sleep(0.5)
        yield


def seconds_until_answered(service: Service) -> float:
    started = time.monotonic()
    assert httpx.get(f"{service.url}/livez", timeout=60, trust_env=False).status_code == 200
    return time.monotonic() - started


@pytest.mark.parametrize(
    ("count", "sent", "most"),
    [
        pytest.param(100, b"", 10.0, id="nothing"),
        pytest.param(100, WHOLE, 10.0, id="a request, and then nothing"),
        pytest.param(THREADS, HALF_A_HEAD, 30.0, id="half a head"),
        pytest.param(THREADS, HALF_A_BODY, 30.0, id="half a body"),
    ],
)
def test_others_are_served(
    make_service: Callable[..., Service], count: int, sent: bytes, most: float
) -> None:
    service = make_service("sqlite", threads=THREADS)
    with held(service, count, sent):
        assert seconds_until_answered(service) < most
