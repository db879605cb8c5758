"""What happened to an account: for its owner to read, and to see what was begun and never finished."""

from functools import partial
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.users import User
from api.ids import new_id


class SecurityEvent(models.Model):
    """One thing that happened to an account. `browser` is what the browser said it was, in short."""

    class What(models.TextChoices):
        SIGNED_UP = "signed_up"
        SIGNED_IN = "signed_in"
        NEW_BROWSER = "new_browser"
        EXPOSED = "exposed"
        CODES_LOCKED = "codes_locked"
        SECURED = "secured"
        PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
        EMAIL_CHANGED = "email_changed"
        PHONE_CHANGED = "phone_changed"
        PHONE_REMOVED = "phone_removed"
        WAY_CHANGED = "way_changed"
        APP_ADDED = "app_added"
        APP_REMOVED = "app_removed"
        PASSKEY_ADDED = "passkey_added"
        PASSKEY_REMOVED = "passkey_removed"
        RECOVERY_MADE = "recovery_made"
        RECOVERY_USED = "recovery_used"
        BROWSER_TRUSTED = "browser_trusted"
        BROWSER_FORGOTTEN = "browser_forgotten"
        SESSION_ENDED = "session_ended"
        SESSIONS_ENDED = "sessions_ended"
        DISABLED = "disabled"
        CODES_OFF = "codes_off"
        CODES_ON = "codes_on"
        DELIVERY_WAY = "delivery_way"

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="security_events")
    what = models.CharField(max_length=20, choices=What)
    browser = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["SecurityEvent"]] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("account", "at"), name="security_event_by_account"),)

    def __str__(self) -> str:
        return f"{self.what} of {self.account_id}"


class SignInTry(models.Model):
    """The right password was given, from a browser that needs more. Whether the rest ever came."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "try"), editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_tries")
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, default=None)
    warned_at = models.DateTimeField(null=True, default=None)

    objects: ClassVar[models.Manager["SignInTry"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("began_at",), condition=Q(finished_at=None, warned_at=None), name="open_sign_in_try"
            ),
        )

    def __str__(self) -> str:
        return self.public_id
