"""A program's connection to the service, which does not give up easily."""

import base64
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

FIRST_WAIT_SECONDS = 0.2


class GaveUpError(Exception):
    """The service did not do what was asked: it refused, or did not answer for too long."""


@dataclass(frozen=True)
class Patience:
    """How long one try may take, how long all of them, and the longest wait between two."""

    one_try_seconds: float = 60.0
    seconds: float = 180.0
    longest_wait_seconds: float = 10.0


PATIENT = Patience()


@dataclass(frozen=True)
class Answer:
    """A status and the JSON that came with it. `code` is a problem's, else empty."""

    status: int
    body: dict[str, Any]
    retry_after: float | None = None

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if self.status >= 400 else ""

    @property
    def is_passing(self) -> bool:
        """Whether the same request, with the same key, may well be answered otherwise later."""
        if self.code == "courier_suspended":  # that is a 429 too, but lasts until tomorrow
            return False
        return self.status in {429, 502, 503, 504} or self.code == "idempotency_in_progress"


@dataclass
class Tally:
    """What all clients of a run have sent. Threads share it."""

    requests: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self._lock:
            self.requests[what] += 1


class Client:
    """One kept-alive connection with one token, for one thread at a time.

    What changes something carries an Idempotency-Key, and where the service is busy, down or cut off in the
    middle, the same request is sent again with the same key.
    """

    def __init__(
        self,
        base_url: str,
        tally: Tally,
        *,
        token: str = "",
        password: str = "",
        patience: Patience = PATIENT,
    ) -> None:
        parts = urlsplit(base_url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.netloc, timeout=patience.one_try_seconds)
        self._prefix = parts.path.rstrip("/")
        self._tally, self._patience = tally, patience
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        if password:
            basic = base64.b64encode(f"couriers:{password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {basic}"

    def get(self, path: str) -> dict[str, Any]:
        """What is there. Raises GaveUpError where it is not to be had."""
        return _expected(self.send("GET", path), path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What a change answers. Raises GaveUpError where it is refused."""
        return _expected(self.send("POST", path, body or {}), path)

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Answer:
        """The answer, whatever it is. Raises GaveUpError where none comes for as long as we are patient.

        `key` is the Idempotency-Key of what changes something: a new one unless given.
        """
        key = key or uuid.uuid4().hex
        deadline, wait = time.monotonic() + self._patience.seconds, FIRST_WAIT_SECONDS
        while True:
            try:
                answer = self._once(method, path, body, key)
                why = f"it answers {answer.status} {answer.code}"
                if not answer.is_passing:
                    return answer
                pause = answer.retry_after
            except (OSError, HTTPException) as error:
                self._connection.close()
                why, pause = f"{type(error).__name__}: {error}", None
            self._tally.count("tried again")
            pause = wait * random.uniform(0.5, 1) if pause is None else pause  # all at once would not help
            if time.monotonic() + pause > deadline:
                raise GaveUpError(f"{method} {path}: {why}")
            time.sleep(pause)
            wait = min(wait * 2, self._patience.longest_wait_seconds)

    def once(self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Answer:
        """The answer to one try. Raises GaveUpError where none comes."""
        try:
            return self._once(method, path, body, key or uuid.uuid4().hex)
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise GaveUpError(f"{method} {path}: {type(error).__name__}") from error

    def _once(self, method: str, path: str, body: dict[str, Any] | None, key: str) -> Answer:
        headers = dict(self._headers)
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        content = None if body is None else json.dumps(body).encode()
        self._tally.count("requests")
        self._connection.request(method, self._prefix + path, content, headers)
        response = self._connection.getresponse()
        text = response.read()
        retry_after = response.headers.get("Retry-After", "")
        try:
            told = json.loads(text) if text else {}
        except ValueError:
            told = {}
        return Answer(response.status, told, float(retry_after) if retry_after.isdigit() else None)


def _expected(answer: Answer, path: str) -> dict[str, Any]:
    if answer.status >= 400:
        told = answer.body.get("errors") or answer.body.get("detail") or ""
        raise GaveUpError(f"{path}: {answer.status} {answer.code} {told}".strip())
    return answer.body
