"""The service with a clock that can be moved: its WSGI application, for the fault runs alone.

The wall clock of this process is as many seconds ahead as the file CLOCK_FILE says; what counts time that
has passed (time.monotonic) goes on as it is, as on a machine whose clock is set.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from delivery_otp.wsgi import application

__all__ = ["application"]

LOOK_SECONDS = 0.02


def follow(file: Path) -> None:
    """Move the clock whenever the file says something else."""
    ahead = 0.0
    started_at, counted_from = time.time(), time.monotonic()
    clock = time_machine.travel(datetime.now(UTC), tick=True).start()
    while True:
        wanted = float(file.read_text() or ahead) if file.exists() else 0.0
        if wanted != ahead:
            clock.move_to(started_at + time.monotonic() - counted_from + wanted)
            ahead = wanted
        time.sleep(LOOK_SECONDS)


threading.Thread(target=follow, args=[Path(os.environ["CLOCK_FILE"])], name="clock", daemon=True).start()
