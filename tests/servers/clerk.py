"""Runs management commands for one environment, each in a child of a process that has Django loaded already.

To load it takes a second and more of processor time, which a started service's tests would pay for each of
the people in their stories.
"""

import json
import os
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast


class Clerk:
    """The process, as those see it who want something done. It ends when nobody refers to this any more."""

    def __init__(self, environment: Mapping[str, str], root: Path) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.clerk"],
            env=dict(environment),
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            start_new_session=True,
        )
        self._tell, self._answers = cast(IO[str], child.stdin), cast(IO[str], child.stdout)
        weakref.finalize(self, child.communicate)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The status, the output and the complaints of `manage.py` with these arguments."""
        self._tell.write(json.dumps(arguments) + "\n")
        self._tell.flush()
        answer = self._answers.readline()
        if not answer:  # Django could not even be loaded
            return 1, "", _read(self._complaints)
        status, output, complaints = json.loads(answer)
        return status, output, complaints


@lru_cache(maxsize=3)
def _hired(environment: frozenset[tuple[str, str]], root: Path) -> Clerk:
    return Clerk(dict(environment), root)


def run(environment: Mapping[str, str], root: Path, *arguments: str) -> tuple[int, str, str]:
    """`manage.py` of the tree at `root` with these arguments: its status, output and complaints."""
    return _hired(frozenset(environment.items()), root).run(*arguments)


def _serve() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery_otp.settings")
    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed is no answer
    for line in sys.stdin:
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
            status = _run(json.loads(line), output, complaints)
            json.dump([status, _read(output), _read(complaints)], answers)
        answers.write("\n")
        answers.flush()


def _run(arguments: list[str], output: IO[bytes], complaints: IO[bytes]) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(output.fileno(), 1)
    os.dup2(complaints.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os._exit(_manage(arguments))


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    status: Any = 0
    try:
        execute_from_command_line(["manage.py", *arguments])
    except SystemExit as end:
        status = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status or 0) if not isinstance(status, str) else 1


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    _serve()
