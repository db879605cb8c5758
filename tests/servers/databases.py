"""Migrated databases for services: made once as a template, copied for each."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.environment import service_environment
from tests.servers.folders import temporary_folder
from tests.servers.postgres import PostgresServer, create_database
from tests.servers.service import ROOT, SQLITE, manage


class Databases:
    """Makes databases on the PostgreSQL at `server_url` (where empty: one of its own) and SQLite files.

    `root`: the tree whose migrations make them, where that is not this one.
    """

    def __init__(self, server_url: str = "", *, root: Path = ROOT) -> None:
        self._root = root
        self._server_url = server_url
        self._folder = temporary_folder("databases")
        self._owned = ExitStack()
        self._templates: dict[str, str] = {}
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owned.close()

    def make(self, kind: str) -> str:
        """A new migrated, empty database of `kind` (postgresql or sqlite); answers its DATABASE_URL."""
        if kind not in self._templates:
            self._templates[kind] = self._make(kind, template=None)
            environment = service_environment(DATABASE_URL=self._templates[kind])
            manage(environment, "migrate", "--verbosity=0", root=self._root)
        return self._make(kind, template=self._templates[kind])

    def _make(self, kind: str, *, template: str | None) -> str:
        self._count += 1
        name = f"service_{os.getpid()}_{self._count}"
        if kind == "sqlite":
            path = self._folder / f"{name}.sqlite3"
            if template:
                shutil.copy(template.removeprefix(SQLITE), path)
            return f"{SQLITE}{path}"
        if kind != "postgresql":
            raise ValueError(f"{kind} is neither postgresql nor sqlite")
        if not self._server_url:
            self._server_url = self._owned.enter_context(PostgresServer()).url()
        create_database(self._server_url, name, template=template and template.rpartition("/")[2])
        return f"{self._server_url.rpartition('/')[0]}/{name}"
