"""A throw-away copy of the committed tree, to change and to run from."""

import io
import subprocess
import tarfile
from pathlib import Path

from tests.servers.folders import temporary_folder
from tests.servers.process import ServerError
from tests.servers.service import ROOT


class Tree:
    """The committed tree in a temporary folder."""

    def __init__(self, purpose: str) -> None:
        self.folder = temporary_folder(purpose)
        with tarfile.open(fileobj=io.BytesIO(_git("archive", "HEAD", folder=ROOT))) as tree:
            tree.extractall(self.folder, filter="data")

    def apply(self, patch: Path, *, undo: bool = False) -> bool:
        """Apply a patch, or take it away again; False, and nothing changed, where it does not fit."""
        try:
            _git("apply", *(["--reverse"] if undo else []), str(patch), folder=self.folder)
        except ServerError:
            return False
        return True


def _git(*arguments: str, folder: Path) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    if done.returncode != 0:
        raise ServerError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
