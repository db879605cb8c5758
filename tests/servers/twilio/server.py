"""The stand-in's HTTP, and the clock that sends its callbacks."""

from __future__ import annotations

import base64
import contextlib
import heapq
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from tests.servers.twilio.account import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Account,
    Form,
    Resource,
    call_body,
    message_body,
    status_callbacks,
)
from tests.servers.twilio.callbacks import Callback, Deliver
from tests.servers.twilio.calls import ring
from tests.servers.twilio.plans import Plan, Refusal

ROOT = f"/2010-04-01/Accounts/{ACCOUNT_SID}/"
SENDERS = 8


@dataclass
class Answer:
    """What goes back. `status` 0: the connection is reset without a word."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class TwilioStandIn:
    """What Twilio was asked, and what it answers.

    `answers` go first, one (status, body) for each request; status 0 drops the connection. `heard` is what
    people heard who were called, by the call's id. Without `deliver` nothing is told or rung by itself:
    take `callbacks_of` a message then.
    """

    account: Account = field(default_factory=Account)
    deliver: Deliver | None = None
    inbound_url: str = ""
    base: str = ""
    requests: list[tuple[str, Form]] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    heard: dict[str, list[str]] = field(default_factory=dict)
    undeliverable: list[Callback] = field(default_factory=list)

    @property
    def accepted(self) -> list[Form]:
        """What was asked for and taken, in its order."""
        return [resource.form for resource in list(self.account.resources.values())]

    def plan(self, number: str, plan: Plan) -> None:
        """From now on this number fares so."""
        self.account.plans[number] = plan

    def callbacks_of(self, sid: str) -> list[Callback]:
        return [callback for _, callback in status_callbacks(self.account.resources[sid])]

    def text_from(self, number: str, words: str, sid: str = "") -> Callback:
        """The request that tells of a text message from this number. STOP and START work here as well."""
        word = words.strip().upper()
        if word == "STOP":
            self.account.opted_out.add(number)
        if word == "START":
            self.account.opted_out.discard(number)
        form = {"AccountSid": ACCOUNT_SID, "Body": words, "From": number, "To": "+15005550006"}
        form |= {"MessageSid": sid or f"SM{random.getrandbits(128):032x}", "NumMedia": "0"}
        form |= {"OptOutType": word} if word in ("STOP", "START", "HELP") else {}
        return Callback(self.inbound_url, form, AUTH_TOKEN)

    def answer(self, method: str, path: str, form: Form) -> Answer:
        if method == "POST":
            self.requests.append((path, form))
        if self.answers:
            return Answer(*self.answers.pop(0))
        if not path.startswith(ROOT):
            return _refused(Refusal(20404))
        kind, _, sid = path.removeprefix(ROOT).removesuffix(".json").partition("/")
        if kind not in ("Messages", "Calls"):
            return _refused(Refusal(20404))
        if method == "POST" and not sid:
            return self._create("SM" if kind == "Messages" else "CA", form)
        return self._about(method, sid, form)

    def _create(self, kind: str, form: Form) -> Answer:
        plan = self.account.plan_of(form.get("To", ""))
        created = self.account.create(kind, form)
        time.sleep(plan.hangs)
        if isinstance(created, Refusal):
            return _refused(created)
        if self.deliver is not None:
            self.clock.expect(self._told_of(created))
        if plan.resets and self.account.tries[form["To"]] == 1:
            return Answer(0)
        return Answer(201, message_body(created) if kind == "SM" else call_body(created))

    def _about(self, method: str, sid: str, form: Form) -> Answer:
        if method == "DELETE":
            refusal = self.account.delete(sid)
            return _refused(refusal) if refusal else Answer(204)
        found = self.account.resources.get(sid) or Refusal(20404)
        if method == "POST":
            found = self.account.update(sid, form)
        if isinstance(found, Refusal):
            return _refused(found)
        return Answer(200, message_body(found) if sid.startswith("SM") else call_body(found))

    def _told_of(self, resource: Resource) -> list[tuple[float, Callable[[], object]]]:
        assert self.deliver is not None
        if resource.sid.startswith("CA"):
            heard = self.heard.setdefault(resource.sid, [])
            deliver = self.deliver
            return [(0.1, lambda: ring(resource, deliver, heard))]
        told = [each for each in status_callbacks(resource) for _ in range(resource.plan.copies)]
        if resource.plan.shuffled:
            whens = [at for at, _ in told]
            random.shuffle(told)
            told = [(at, callback) for at, (_, callback) in zip(whens, told, strict=True)]
        return [(at, lambda c=callback: self._tell(c)) for at, callback in told]  # type: ignore[misc]

    def _tell(self, callback: Callback) -> None:
        assert self.deliver is not None
        try:
            self.deliver(callback)
        except OSError:  # the service is down: like Twilio, it does not try again
            self.undeliverable.append(callback)

    def __post_init__(self) -> None:
        self.clock = Clock()


class Clock:
    """Does things when their time has come, a few at a time."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._stopped = False

    def expect(self, things: list[tuple[float, Callable[[], object]]]) -> None:
        """Each with its seconds from now."""
        now = time.monotonic()
        with self._changed:
            for seconds, thing in things:
                heapq.heappush(self._due, (now + seconds, next(self._numbers), thing))
            self._changed.notify()

    def run(self) -> None:
        with ThreadPoolExecutor(SENDERS) as pool:
            while True:
                with self._changed:
                    while not self._stopped and (not self._due or self._due[0][0] > time.monotonic()):
                        wait = self._due[0][0] - time.monotonic() if self._due else None
                        self._changed.wait(wait)
                    if self._stopped:
                        return
                    _, _, thing = heapq.heappop(self._due)
                pool.submit(thing)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()


def _refused(refusal: Refusal) -> Answer:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else {}
    return Answer(refusal.status, refusal.body(), headers)


def _handler(stand_in: TwilioStandIn) -> type[BaseHTTPRequestHandler]:
    known = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            if self.headers.get("Authorization") != known:
                return self._send(_refused(Refusal(20003)))
            return self._send(stand_in.answer(self.command, self.path, form))

        def _send(self, answer: Answer) -> None:
            if answer.status == 0:
                linger = struct.pack("ii", 1, 0)  # close with RST
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
                return
            content = b"" if answer.body is None else json.dumps(answer.body).encode()
            with contextlib.suppress(OSError):  # whoever asked may have given up meanwhile
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that we reset ourselves ends in one."""


@contextmanager
def twilio_server(stand_in: TwilioStandIn | None = None) -> Iterator[TwilioStandIn]:
    """A stand-in that runs in threads of this process."""
    stand_in = stand_in or TwilioStandIn()
    server = _Server(("127.0.0.1", 0), _handler(stand_in))
    stand_in.base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=stand_in.clock.run, daemon=True).start()
    try:
        yield stand_in
    finally:
        stand_in.clock.stop()
        server.shutdown()
        server.server_close()
