"""What is chosen on an order's page is in the history of the account whose contact it is for, too."""

from django.conf import settings

from accounts.history import record_of_contact
from accounts.models import SecurityEvent
from orders.models import DeliveryPreference


def note_for_account(preference: DeliveryPreference, what: SecurityEvent.What) -> None:
    """Call in the transaction of the change. A test order's wish is nothing to a real account."""
    if preference.livemode or settings.SANDBOX:
        record_of_contact(preference.contact, what)
