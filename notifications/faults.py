"""Telling of an error without its words."""

from __future__ import annotations


def describe(error: BaseException) -> str:
    """The type and place of an exception. Its words stay out: they may quote an address, a text or a row."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "nowhere"
    return f"{type(error).__qualname__} at {place}"
