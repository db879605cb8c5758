"""What notices about the security of an account say. None has a code in it."""

from django.utils.translation import gettext as _

from accounts.messages.letters import Said
from accounts.messages.words import notice
from accounts.models import SecurityEvent

What = SecurityEvent.What


def new_browser(browser: str) -> Said:
    subject = _("Your account was opened in a new browser")
    return notice(
        _("Your account was opened in a new browser. Not you? Set a new password now."),
        subject,
        _("Somebody, you we hope, has signed in to your account: %(browser)s.") % {"browser": browser},
    )


def security_changed(what: str) -> Said:
    subject, line = _changes().get(what, (_("Your account's security was changed"), ""))
    sms = _("%(what)s. Not you? Set a new password now.") % {"what": subject}
    return notice(sms, subject, line)


def _changes() -> dict[str, tuple[str, str]]:
    return {
        What.APP_ADDED: (
            _("An authenticator app was added"),
            _("Your account now asks for the codes of an authenticator app in the place of messages."),
        ),
        What.APP_REMOVED: (
            _("Your authenticator app was removed"),
            _("Your account's codes go by message again."),
        ),
        What.PASSKEY_ADDED: (
            _("A passkey was added"),
            _("It opens your account without the password."),
        ),
        What.PASSKEY_REMOVED: (
            _("A passkey was removed"),
            _("It no longer opens your account."),
        ),
        What.RECOVERY_MADE: (
            _("New recovery codes were made"),
            _("The old ones no longer work."),
        ),
        What.RECOVERY_USED: (
            _("A recovery code was used"),
            _("Somebody, you we hope, has used one of the recovery codes of your account."),
        ),
        What.WAY_CHANGED: (
            _("Your two-step verification was changed"),
            _("The codes of your account now reach you in another way."),
        ),
        What.CODES_ON: (
            _("Routine parcels come with a delivery code again"),
            _("Parcels that are ordered from now on come with one wherever their shop asks for it."),
        ),
        What.DELIVERY_WAY: (
            _("How delivery codes reach you was changed"),
            _("Your account now says otherwise on which way they come first, or in which language."),
        ),
    }


def password_exposed(link: str) -> Said:
    """With the link in the letter alone."""
    return Said(
        sms=_("Somebody may have your password: it was typed, but not the code. Set a new one now."),
        subject=_("Somebody may have your password"),
        lines=(
            _("Somebody typed the right password of your account, but not the code that is asked for next."),
            _("They did not get in. It was you, and you gave up? Then do nothing."),
            _("It was not you? Sign everything out and set a new password. The link works for a day, once."),
        ),
        after=(_("If you use the same password elsewhere, change it there too."),),
        link=link,
        button=_("Sign everything out"),
    )


def codes_locked(link: str) -> Said:
    """With the link in the letter alone."""
    return Said(
        sms=_("Too many wrong codes: your account takes none any more. Set a new password."),
        subject=_("Too many wrong codes for your account"),
        lines=(
            _("Somebody typed so many wrong codes that your account takes none any more."),
            _("It was you? A new password makes codes count again."),
            _("It was not you? Sign everything out and set a new password. The link works for a day, once."),
        ),
        link=link,
        button=_("Sign everything out"),
    )


def password_of_staff() -> Said:
    """In English alone, as all that staff read. Without a link: the mailbox is their other factor."""
    return Said(
        sms="",
        subject="Your password is not set by e-mail",
        lines=(
            "Somebody, you we hope, asked for a new password. You are staff: none is set by e-mail.",
            "Ask whoever runs this service. They set a new one for you, once they know that it is you.",
        ),
        after=("It was not you? Then tell them. Your password stays as it is.",),
    )
