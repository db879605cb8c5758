"""What each message of an account says. A sign-in code is called so, never a delivery code."""

from django.utils.translation import gettext as _

from accounts.messages.letters import Said
from accounts.models import Challenge
from notifications.kinds import Call

Purpose = Challenge.Purpose


def code_said(purpose: str, code: str) -> Said:
    """The code, first of all, with what it does."""
    sms, subject, asked = _of_purpose(purpose)
    return Said(
        sms=sms % {"code": code},
        subject=subject,
        lines=(asked, _("Type this code on the page where you asked for it:")),
        code=code,
        advice=_("Tell it to nobody, whoever asks. It works for 5 minutes, and once."),
        after=(_not_you(purpose),),
        call=_call(code),
    )


def _of_purpose(purpose: str) -> tuple[str, str, str]:
    match purpose:
        case Purpose.SIGN_UP:
            return (
                _("%(code)s opens your account. Tell nobody."),
                _("Open your account"),
                _("Somebody, you we hope, is opening an account with this e-mail address."),
            )
        case Purpose.SIGN_IN:
            return (
                _("%(code)s is your sign-in code. Tell nobody."),
                _("Your sign-in code"),
                _("Somebody, you we hope, is signing in to your account with the right password."),
            )
        case Purpose.STEP_UP:
            return (
                _("%(code)s confirms a change to your account. Tell nobody."),
                _("Confirm that it is you"),
                _("Somebody, you we hope, wants to change something important in your account."),
            )
    return (
        _("%(code)s confirms this number for your account. Tell nobody."),
        _("Confirm your contact"),
        _("Somebody, you we hope, is adding this contact to an account."),
    )


def _not_you(purpose: str) -> str:
    if purpose == Purpose.SIGN_IN:
        return _("It was not you? Then somebody has your password: set a new one now.")
    if purpose == Purpose.STEP_UP:
        return _("It was not you? Then somebody is in your account: set a new password now.")
    return _("It was not you? Then do nothing: without the code nothing happens.")


def _call(code: str) -> Call:
    return Call(
        ask=_("Hello. This is a call about your account. To hear your code, press 1."),
        before=_("Your code is:"),
        spelled=code,
        again=_("Once more:"),
        after=_("Tell it to nobody. Goodbye."),
        missed=_("No key was pressed. Goodbye."),
    )


def already_there(sign_in: str) -> Said:
    return Said(
        sms="",
        subject=_("You already have an account"),
        lines=(
            _("Somebody tried to open an account with this e-mail address, or to move theirs to it."),
            _("It has an account already. If it was you, sign in; if the password is lost, set a new one."),
        ),
        after=(_("If it was not you, do nothing: everything stays as it is."),),
        link=sign_in,
        button=_("Sign in"),
    )


def password_reset(link: str) -> Said:
    return Said(
        sms="",
        subject=_("Set a new password"),
        lines=(
            _("Somebody, you we hope, asked for a new password. This link works for one hour, and once."),
        ),
        after=(_("It was not you? Then do nothing: your password stays as it is."),),
        link=link,
        button=_("Set a new password"),
    )


def password_changed() -> Said:
    return notice(
        _("Your password was changed. It was not you? Set a new one now."),
        _("Your password was changed"),
        _("The password of your account was changed. Every other browser was signed out."),
    )


def email_changed() -> Said:
    return notice(
        _("Your account's e-mail address was changed."),
        _("Your e-mail address was changed"),
        _("Your account has another e-mail address now. Codes no longer come here."),
        _("Not you? Then somebody is in your account, and this address opens it no more: ask our support."),
    )


def phone_changed() -> Said:
    return notice(
        _("This number was removed from your account. It was not you? Set a new password now."),
        _("Your phone number was changed"),
        _("The phone number of your account was changed or removed."),
    )


def notice(sms: str, subject: str, line: str, not_you: str = "") -> Said:
    """That something happened to the account, and what to do where its owner did not do it."""
    return Said(
        sms=sms,
        subject=subject,
        lines=(line,),
        after=(not_you or _("It was not you? Then somebody is in your account: set a new password now."),),
    )
