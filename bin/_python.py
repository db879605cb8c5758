"""Make sure that this is Python 3.11 or newer, or go on under one that is. Any Python 3 can read this."""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")


def ensure() -> None:
    """Return on a good Python; else start the script again under one, or say what is missing."""
    if sys.version_info[:2] >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and not os.environ.get("DELIVERY_OTP_PYTHON"):
            os.environ["DELIVERY_OTP_PYTHON"] = found  # one try only, should that Python be broken
            os.execv(found, [found] + sys.argv)  # noqa: RUF005 - for an old Python
    sys.stderr.write(
        "%s needs Python 3.11 or newer; this is %d.%d and no newer one is on the PATH.\n"  # noqa: UP031
        "Install one (Debian, Ubuntu: python3 and python3-venv; macOS: brew install python) and try again.\n"
        % (os.path.basename(sys.argv[0]), sys.version_info[0], sys.version_info[1])
    )
    sys.exit(1)


ensure()
