"""A line on a terminal that says how far something is."""

import time
from typing import TextIO

WIDTH = 30
SECONDS_BETWEEN = 0.1


class ProgressBar:
    """Drawn over itself at most ten times a second; nothing at all unless `shown`."""

    def __init__(self, stream: TextIO, *, shown: bool) -> None:
        self._stream, self._is_shown = stream, shown
        self._drawn_at = float("-inf")

    def show(self, what: str, done: int, total: int) -> None:
        """Draw it with `done` of `total`, in any unit."""
        now = time.monotonic()
        if not self._is_shown or (now - self._drawn_at < SECONDS_BETWEEN and done < total):
            return
        self._drawn_at = now
        share = min(done / total, 1.0) if total else 1.0
        bar = "#" * round(share * WIDTH)
        self._stream.write(f"\r\x1b[K{what} [{bar:<{WIDTH}}] {share:4.0%}  {done:,} of {total:,}")
        self._stream.flush()

    def clear(self) -> None:
        """Take it off the terminal, for what is to be written there."""
        if self._is_shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
