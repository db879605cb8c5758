"""The scripted couriers' client: where the service is busy or down, the same request goes out again."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.servers.service import ROOT

Reply = tuple[int, dict[str, Any], dict[str, str]]


class Busy(BaseHTTPRequestHandler):
    """Answers with what is in `replies`, one after the other; None cuts the connection off."""

    replies: list[Reply | None]
    seen: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Idempotency-Key"], body))
        reply = self.replies.pop(0)
        if reply is None:
            self.close_connection = True
            return
        status, content, headers = reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what went wrong on purpose is no news."""


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    Busy.replies, Busy.seen = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sent(server: ThreadingHTTPServer, *replies: Reply | None) -> tuple[Any, int]:
    """The answer to one POST, and how often it was tried again."""
    from delivering.client import Client, Tally

    Busy.replies = list(replies)
    tally = Tally()
    client = Client(f"http://127.0.0.1:{server.server_port}", tally, token="ct_")
    return client.send("POST", "/handoff", {"code": "123456"}), tally.requests["tried again"]


OK: Reply = (200, {"status": "delivered"}, {})
PASSING: list[Reply | None] = [
    (503, {"code": "service_unavailable"}, {}),
    (429, {"code": "rate_limited"}, {"Retry-After": "0"}),
    (409, {"code": "idempotency_in_progress"}, {}),
    (502, {}, {}),
    None,
]


def test_a_busy_service_is_asked_again_with_the_same_key(busy: ThreadingHTTPServer) -> None:
    answer, again = sent(busy, *PASSING, OK)
    assert (answer.status, again) == (200, len(PASSING))
    assert len(Busy.seen) == len(PASSING) + 1
    assert len(set(Busy.seen)) == 1, "path, key and body are the same each time"
    assert Busy.seen[0][1]


@pytest.mark.parametrize(("status", "code"), [(429, "courier_suspended"), (422, "wrong_code"), (409, "x")])
def test_what_will_not_pass_is_an_answer(busy: ThreadingHTTPServer, status: int, code: str) -> None:
    answer, again = sent(busy, (status, {"code": code}, {}))
    assert (answer.status, answer.code, again) == (status, code, 0)


def test_another_request_has_another_key(busy: ThreadingHTTPServer) -> None:
    sent(busy, OK)
    sent(busy, OK)
    assert len({key for _, key, _ in Busy.seen}) == 2
