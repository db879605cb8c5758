"""Where the service listens, and whether it can: found out before anything is installed."""

from __future__ import annotations

import errno
import os
import socket

from _children import SetupError


def check_address() -> tuple[str, int]:
    """HOST and PORT of the environment. Raises SetupError, saying how to mend it, where none can listen."""
    host = os.environ.get("HOST") or "127.0.0.1"
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SetupError(f"PORT is {text!r}, which is no port number (1 to 65535). Try PORT=8001 bin/run")
    port = int(text)
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SetupError(f"HOST is {host!r}, which is no address or name that this machine knows.") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise SetupError(_why(error, host, port)) from error
    return host, port


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return (
            f"Port {port} of {host} is in use by another program.\n"
            f"Stop that program, or choose another port: PORT={other} bin/run"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"{host} is not an address of this machine. Try HOST=127.0.0.1, or HOST=0.0.0.0 for all of them."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} needs rights that you do not have. Choose one from 1024: PORT=8000 bin/run"
    return f"{host}:{port} cannot be listened on: {error.strerror}."
