"""What the account's pages say once something was asked of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.refusals import Refusal


def refused(refusal: Refusal) -> str:
    """A refusal of the code engine or of a limit, in words that say what to do now."""
    match refusal.code:
        case "wrong_code":
            return _wrong(int(refusal.members["attempts_left"]))
        case "code_malformed":
            return _("A code is six digits. This one was not counted as a try.")
        case "rate_limited":
            return wait(int(refusal.members["retry_after"]))
        case "code_locked":
            return _locked(refusal.members.get("retry_after"))
    return _("This code has ended. Have another one sent.")


def refused_proof(refusal: Refusal) -> str:
    """A refusal of an app's code, a passkey or a recovery code."""
    match refusal.code:
        case "code_malformed":
            return _("That has not the form of a code. It was not counted as a try.")
        case "wrong_code":
            return _("That was not the code, or it was used before. An app shows the next one soon.")
        case "code_locked":
            return _locked(refusal.members.get("retry_after"))
    return _("That did not work. Try again.")


def wait(seconds: int) -> str:
    if seconds < 120:
        return ngettext(
            "Too many were asked for. Wait %(count)d second.",
            "Too many were asked for. Wait %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many were asked for. Wait %(count)d minute.",
        "Too many were asked for. Wait %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def _wrong(left: int) -> str:
    if not left:
        return _("That was not the code, and it was the last try for now.")
    return ngettext(
        "That was not the code. %(count)d try is left.",
        "That was not the code. %(count)d tries are left.",
        left,
    ) % {"count": left}


def _locked(retry_after: Any) -> str:
    if retry_after is None:
        return _(
            "Too many wrong codes in a row: no more are taken. Set a new password by e-mail, then sign in."
        )
    return _("Too many wrong codes.") + " " + wait(int(retry_after))
