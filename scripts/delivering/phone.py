"""The recipients' side: what has arrived on the sandbox phone."""

import re
import time
from typing import Any

from delivering.client import Client, GaveUpError

LOOK_EVERY_SECONDS = 0.2
_DIGITS = re.compile(r"(?<![\w.-])[0-9]{6,8}(?![\w.-])")  # not those within a link


class Phone:
    """Every message of the service, read as its recipient reads it."""

    def __init__(self, client: Client, wait_seconds: float) -> None:
        self._client, self._wait_seconds = client, wait_seconds

    def messages(self, shipment_id: str) -> list[dict[str, Any]]:
        """What was sent about this shipment, newest first."""
        found: list[dict[str, Any]] = self._client.get(f"/sandbox/messages.json?shipment={shipment_id}")[
            "data"
        ]
        return found

    def code_of(self, shipment_id: str, *, other_than: str = "") -> str:
        """The living code, once it has come. Raises GaveUpError where none comes in time."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            for message in self.messages(shipment_id):
                code = _DIGITS.search(message["body"]) if message["kind"] == "delivery_code" else None
                if code and code[0] != other_than:
                    return code[0]
            if time.monotonic() > deadline:
                raise GaveUpError("no code has come")
            time.sleep(LOOK_EVERY_SECONDS)
