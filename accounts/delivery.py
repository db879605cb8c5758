"""What a person has chosen about delivery codes in their account: on which way they come first, and in which
language they are told. Whose code it is, `handoffs` knows."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.history import record
from accounts.models import SecurityEvent, User
from notifications.models import Message


def choose_delivery(account: User, *, channel: str, language: str) -> User:
    """Write the choice down, tell it and put it into the history; nothing where it is as it was. What there
    is no such thing of is the usual."""
    channels, languages = set(User.DeliveryChannel.values), {code for code, _name in settings.LANGUAGES}
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        before = account.delivery_channel, account.delivery_language
        account.delivery_channel = channel if channel in channels else User.DeliveryChannel.USUAL
        account.delivery_language = language if language in languages else ""
        if before != (account.delivery_channel, account.delivery_language):
            account.save(update_fields=("delivery_channel", "delivery_language"))
            record(account, SecurityEvent.What.DELIVERY_WAY)
        return account


def language_chosen_for(message: Message) -> str:
    """What the person wants to read whose verified contact this message goes to; empty where nobody has said,
    or two people with one telephone differ. What a test key orders tells nothing of any account."""
    if not (message.livemode or settings.SANDBOX):
        return ""
    by_mail = Q(email=message.to.lower(), email_verified_at__isnull=False)
    whose = by_mail if message.channel == Message.Channel.EMAIL else Q(phone=message.to)
    said = User.objects.filter(whose, is_active=True).exclude(delivery_language="")
    chosen = set(said.values_list("delivery_language", flat=True)[:10])
    return chosen.pop() if len(chosen) == 1 else ""
