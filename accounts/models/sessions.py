"""Sessions by account, so that their owner can see and end them."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.models.users import User


class AccountSession(AbstractBaseSession):
    """Django's row of a session, besides whose it is. Deleting the row ends the session at once.

    `public_id` stays while the session's key is changed with each step; the key itself is shown nowhere.
    """

    account = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    public_id = models.CharField(max_length=32, blank=True, default="", db_index=True)
    browser = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(null=True, default=None)

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.session_store import SessionStore

        return SessionStore
