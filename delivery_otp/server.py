"""gunicorn's threads, kept free of clients that connect and do not ask."""

import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SILENCE_SECONDS = 5


class Worker(ThreadWorker):
    """A connection gets a thread once it has sent something, and gives it back when it then falls silent.

    gunicorn's own holds a thread for up to five seconds for each connection that says nothing: 200 kept 16
    threads busy for a minute. Who sends a byte every few seconds still holds one; a proxy in front, which
    passes on whole requests only, keeps those away (docs/operators.md).
    """

    def enqueue_req(self, conn: Any) -> None:
        """Called in the main thread, with a new connection and with one that is readable."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            # On the socket itself: gunicorn sets it to block again and again, which undoes settimeout().
            conn.sock.setsockopt(socket.SOL_SOCKET, way, struct.pack("@ll", SILENCE_SECONDS, 0))
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
