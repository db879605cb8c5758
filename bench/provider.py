"""A stand-in for Twilio that costs little: it takes every message after a while and says so."""

import asyncio
import json
import threading
from itertools import count
from types import TracebackType
from typing import Self

from tests.servers.process import free_port

TAKEN = {"status": "queued", "num_segments": "1", "price": None, "price_unit": "USD", "error_code": None}
ARRIVED = {**TAKEN, "status": "delivered", "price": "-0.00750"}
_numbers = count(1)


class Provider:
    """Answers on 127.0.0.1 from a thread of its own. `seconds`: how long it thinks about each request."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.port = free_port()
        self.taken = 0
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        started = threading.Event()
        threading.Thread(target=self._serve, args=[started], daemon=True).start()
        started.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    @property
    def environment(self) -> dict[str, str]:
        """What a service needs to send by it, as fast as it goes and under no cap."""
        caps = ("SMS_CAP_PER_PREFIX", "SMS_CAP_PER_COUNTRY", "SMS_CAP_PER_MERCHANT")
        return {
            "SANDBOX": "0",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "only-for-benches",
            "TWILIO_FROM": "+15005550006",
            "TWILIO_API_BASE": f"http://127.0.0.1:{self.port}",
            "TWILIO_MESSAGES_PER_SECOND": "0",
            **{f"{cap}_PER_DAY": "100000000" for cap in caps},
        }

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._speak, "127.0.0.1", self.port))
        started.set()
        self._loop.run_forever()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
                await reader.readexactly(length)
                await asyncio.sleep(self.seconds)
                # A new message; what became of an old one is asked by GET, or below an address of its own.
                is_new = head.startswith(b"post") and b"/messages.json " in head
                self.taken += is_new
                told = TAKEN if is_new else ARRIVED
                body = json.dumps({**told, "sid": f"SM{next(_numbers):032x}"}).encode()
                answer = (
                    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                )
                writer.write(answer % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
