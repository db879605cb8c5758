"""What must not reach a log: the secret in a link, which opens a page for whoever has it."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

# As Django logs a path (decoded) and as the server does (as it was sent: the dot may be %2E).
_LINK = re.compile(
    r"(/o/[0-9A-Za-z]+(?:\.|%2E)|/account/password/reset/usr_[0-9a-z]+/)[^/\s\"']+", re.IGNORECASE
)


def without_proofs(text: str) -> str:
    """The text with the proof of every recipient's link in it cut out."""
    return _LINK.sub(r"\1…", text)


class Formatter(logging.Formatter):
    """Cuts proofs out of the whole line, arguments and tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return without_proofs(super().format(record))


class ServerLog(Logger):
    """gunicorn's log, which names the address of a request that broke, and its access log where one is on."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            if usual := handler.formatter:
                handler.setFormatter(Formatter(usual._fmt, usual.datefmt))
