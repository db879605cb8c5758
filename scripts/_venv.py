"""Go on under the Python of .venv, which holds what the scripts need. `bin/run` and `bin/test` make it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HOME = ROOT / ".venv"
_PYTHON = _HOME / "bin" / "python"

if Path(sys.prefix) != _HOME and _PYTHON.exists():
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])
sys.path.append(str(ROOT))
