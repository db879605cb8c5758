"""What happened to an account, in sentences."""

from django.utils.translation import gettext as _

from accounts.models import SecurityEvent

What = SecurityEvent.What


def sentence(event: SecurityEvent) -> str:
    """With the browser it happened in, where one is known."""
    said = _sentences().get(event.what, "")
    return f"{said} ({event.browser})" if event.browser else said


def _sentences() -> dict[str, str]:
    return {
        What.SIGNED_UP: _("You signed in for the first time."),
        What.SIGNED_IN: _("You signed in."),
        What.NEW_BROWSER: _("You signed in from a browser not seen before."),
        What.EXPOSED: _("Somebody gave your password, but not the code."),
        What.CODES_LOCKED: _("So many wrong codes were typed that none is taken any more."),
        What.SECURED: _("Everything was signed out, and the password ended, by the link in our warning."),
        What.PASSWORD_CHANGED: _("The password was changed."),
        What.EMAIL_CHANGED: _("The e-mail address was changed."),
        What.PHONE_CHANGED: _("The phone number was changed."),
        What.PHONE_REMOVED: _("The phone number was removed."),
        What.WAY_CHANGED: _("Two-step verification was changed."),
        What.APP_ADDED: _("An authenticator app was added."),
        What.APP_REMOVED: _("The authenticator app was removed."),
        What.PASSKEY_ADDED: _("A passkey was added."),
        What.PASSKEY_REMOVED: _("A passkey was removed."),
        What.RECOVERY_MADE: _("New recovery codes were made."),
        What.RECOVERY_USED: _("A recovery code was used."),
        What.BROWSER_TRUSTED: _("A browser was trusted."),
        What.BROWSER_FORGOTTEN: _("A browser is trusted no longer."),
        What.SESSION_ENDED: _("A browser was signed out from afar."),
        What.SESSIONS_ENDED: _("Every other browser was signed out."),
        What.DISABLED: _("The account was disabled."),
        What.CODES_OFF: _("Routine parcels to an address: no delivery code from now on."),
        What.CODES_ON: _("Routine parcels to an address: with a delivery code again."),
        What.DELIVERY_WAY: _("How delivery codes reach you was changed."),
    }
