"""The session engine: Django's of the database, with the account in a column of its own (SESSION_ENGINE).

After "Extending database-backed session engines" in Django's documentation of sessions.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction

SIGNED_IN = "account_signed_in"


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: Any) -> bool:
        """What cannot be a key is none: PostgreSQL takes no NUL, which a cookie can quote."""
        fits = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs leave out what is not public
        return bool(fits) and key.isascii() and key.isalnum()

    def cycle_key(self) -> None:
        """A new key for the same session. One that was ended since this request began stays so."""
        key = self.session_key if SESSION_KEY in self else None
        with transaction.atomic():
            if key and not self.model.objects.select_for_update().filter(session_key=key).first():
                self.flush()
            else:
                super().cycle_key()

    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import AccountSession

        return AccountSession

    def create_model_instance(self, data: Any) -> Any:
        """The row, with what `accounts.signed_in` has left in the session about its beginning."""
        row: Any = super().create_model_instance(data)
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        began = data.get(SIGNED_IN, {})
        row.public_id, row.browser = began.get("id", ""), began.get("browser", "")
        row.began_at = datetime.fromtimestamp(began["at"], tz=UTC) if began else None
        return row
