"""The id of the request at hand, for answers and for the log."""

import logging
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="-")

set_request_id = _current.set
reset_request_id = _current.reset


def current_request_id() -> str:
    """The id of the request this thread is answering; `-` outside of one."""
    return _current.get()


class RequestIdFilter(logging.Filter):
    """Gives each log record a `request_id`, for use in a formatter as `%(request_id)s`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True
