"""One code engine for sign-up, sign-in, step-up and the verification of phones and e-mail addresses.

`start` sends a code or repeats it, `check` judges what was typed, `streak` counts failures of an account.
"""

from accounts.challenges.check import check
from accounts.challenges.start import Started, start

__all__ = ["Started", "check", "start"]
