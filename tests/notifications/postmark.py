"""A stand-in for one e-mail provider's API (Postmark), which the real django-anymail talks to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_UP = 0


@dataclass
class PostmarkStandIn:
    """The mails that it was given, and what it answers: one (status, body) for each, then 200."""

    base: str = ""
    mails: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)

    def answer(self, mail: dict[str, Any]) -> tuple[int, Any]:
        self.mails.append(mail)
        if self.answers:
            return self.answers.pop(0)
        number = f"b7bc2f4a-e38e-4336-af7d-{len(self.mails):012d}"
        return 200, {"To": mail["To"], "MessageID": number, "ErrorCode": 0, "Message": "OK"}


@contextmanager
def postmark_server() -> Iterator[PostmarkStandIn]:
    """Runs in a thread. The answer status HANG_UP drops the connection without a reply."""
    stand_in = PostmarkStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = stand_in.answer(mail)
            if status == HANG_UP:
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.base = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
